//! The tables of what is seen and noted at the bedside: scores, as-needed doses, absences, incidents, severe signs.

diesel::table! {
    assessments (id) {
        id -> Text,
        n -> BigInt,
        facility -> Text,
        unit -> Text,
        resident -> Text,
        scale -> Text,
        scale_version -> Text,
        scale_name -> Text,
        items -> Text,
        total -> Nullable<BigInt>,
        most -> BigInt,
        band -> Text,
        incomplete_reason -> Text,
        pulse -> Nullable<BigInt>,
        systolic -> Nullable<BigInt>,
        diastolic -> Nullable<BigInt>,
        note -> Text,
        assessed_at -> Timestamp,
        recorded_at -> Timestamp,
        recorded_by -> Text,
    }
}

diesel::table! {
    as_needed_orders (id) {
        id -> Text,
        facility -> Text,
        resident -> Text,
        medicine -> Text,
        amount_ug -> BigInt,
        reason -> Text,
        least_minutes -> BigInt,
        most_ug -> BigInt,
        starts_on -> Date,
        ends_on -> Date,
        rationale -> Text,
        ordered_by -> Text,
        ordered_at -> Timestamp,
        revision -> BigInt,
    }
}

diesel::table! {
    as_needed_ends (id) {
        id -> Text,
        of_order -> Text,
        reason -> Text,
        ended_by -> Text,
        ended_at -> Timestamp,
    }
}

diesel::table! {
    as_needed_doses (id) {
        id -> Text,
        n -> BigInt,
        of_order -> Text,
        facility -> Text,
        unit -> Text,
        resident -> Text,
        medicine -> Text,
        given_ug -> BigInt,
        why -> Text,
        pieces -> Text,
        given_at -> Timestamp,
        recorded_at -> Timestamp,
        recorded_by -> Text,
        witnessed_by -> Nullable<Text>,
        identified -> Text,
        given_by -> Nullable<Text>,
        unwitnessed -> Nullable<Text>,
    }
}

diesel::table! {
    as_needed_effects (id) {
        id -> Text,
        of_dose -> Text,
        effect -> Text,
        note -> Text,
        noted_by -> Text,
        noted_at -> Timestamp,
    }
}

diesel::table! {
    absences (id) {
        id -> Text,
        facility -> Text,
        resident -> Text,
        kind -> Text,
        left_at -> Timestamp,
        note -> Text,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    absence_ends (id) {
        id -> Text,
        absence -> Text,
        back_at -> Timestamp,
        elsewhere -> Text,
        note -> Text,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    gradual_notes (id) {
        id -> Text,
        facility -> Text,
        resident -> Text,
        medicine -> Text,
        seq -> BigInt,
        kind -> Text,
        on_date -> Nullable<Date>,
        class -> Nullable<Text>,
        again_on -> Nullable<Date>,
        struck -> Nullable<Text>,
        rationale -> Text,
        noted_by -> Text,
        noted_at -> Timestamp,
    }
}

diesel::table! {
    vomits (id) {
        id -> Text,
        dose -> Text,
        vomited_at -> Timestamp,
        seen -> Text,
        noted_by -> Text,
        noted_at -> Timestamp,
    }
}

diesel::table! {
    taper_alert_acknowledgements (id) {
        id -> Text,
        of_plan -> Text,
        because -> Text,
        since -> Timestamp,
        done -> Text,
        acknowledged_by -> Text,
        acknowledged_at -> Timestamp,
    }
}

diesel::table! {
    incident_strikes (id) {
        id -> Text,
        of_incident -> Text,
        reason -> Text,
        struck_by -> Text,
        struck_at -> Timestamp,
    }
}

diesel::table! {
    as_needed_strikes (id) {
        id -> Text,
        of_dose -> Text,
        reason -> Text,
        struck_by -> Text,
        struck_at -> Timestamp,
    }
}

diesel::table! {
    incidents (id) {
        id -> Text,
        n -> BigInt,
        facility -> Text,
        unit -> Text,
        resident -> Text,
        medicine -> Text,
        given_ug -> BigInt,
        mistake -> Text,
        what -> Text,
        done -> Text,
        pieces -> Text,
        given_at -> Timestamp,
        recorded_at -> Timestamp,
        recorded_by -> Text,
        given_by -> Nullable<Text>,
        of_record -> Nullable<Text>,
    }
}

diesel::table! {
    alert_marks (plan) {
        plan -> Text,
        clear_until -> Date,
    }
}

diesel::table! {
    taper_alert_doses (acknowledgement, dose) {
        acknowledgement -> Text,
        dose -> Text,
    }
}

diesel::table! {
    incident_answers (id) {
        id -> Text,
        of_incident -> Text,
        role -> Text,
        said -> Text,
        answered_by -> Text,
        answered_at -> Timestamp,
    }
}

diesel::table! {
    severe_signs (id) {
        id -> Text,
        facility -> Text,
        unit -> Text,
        resident -> Text,
        sign -> Text,
        note -> Text,
        seen_at -> Timestamp,
        recorded_at -> Timestamp,
        recorded_by -> Text,
    }
}

diesel::table! {
    severe_sign_acknowledgements (id) {
        id -> Text,
        of_sign -> Text,
        acknowledged_by -> Text,
        acknowledged_at -> Timestamp,
    }
}

diesel::table! {
    severe_sign_releases (id) {
        id -> Text,
        of_sign -> Text,
        rationale -> Text,
        released_by -> Text,
        released_at -> Timestamp,
    }
}
