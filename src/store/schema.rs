//! The tables as the migrations made them, in words the query builder knows.

diesel::table! {
    facilities (id) {
        id -> Text,
        name -> Text,
        zone -> Text,
        early_minutes -> BigInt,
        late_minutes -> BigInt,
        no_record_minutes -> BigInt,
        horizon_days -> BigInt,
        sign_ahead_days -> BigInt,
        idle_minutes -> BigInt,
        mail_from -> Text,
        revision -> BigInt,
        gradual_attempts -> BigInt,
        gradual_quarters -> Bool,
        gradual_between_days -> BigInt,
        gradual_yearly -> Bool,
        gradual_contraindication_days -> BigInt,
        effect_minutes -> BigInt,
        score_scale -> Text,
        score_change_days -> BigInt,
        score_zero_days -> BigInt,
        score_time -> Text,
        sedation_asked -> Bool,
        sedation_withhold -> BigInt,
        away_days -> BigInt,
        emergency_number -> Text,
        emergency_contact -> Text,
    }
}

diesel::table! {
    units (id) {
        id -> Text,
        facility -> Text,
        name -> Text,
        mailbox -> Text,
        rounds -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    people (id) {
        id -> Text,
        username -> Text,
        name -> Text,
        registration -> Text,
        email -> Text,
        password_hash -> Text,
        disabled_at -> Nullable<Timestamp>,
        revision -> BigInt,
    }
}

diesel::table! {
    memberships (id) {
        id -> Text,
        person -> Text,
        facility -> Text,
        role -> Text,
        ends_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Text,
        person -> Text,
        began_at -> Timestamp,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    throttles (subject) {
        subject -> Text,
        failures -> BigInt,
        failed_at -> Timestamp,
    }
}

diesel::table! {
    residents (id) {
        id -> Text,
        facility -> Text,
        unit -> Text,
        number -> Text,
        surname -> Text,
        forename -> Text,
        born_on -> Date,
        room -> Text,
        allergy_state -> Text,
        allergies -> Text,
        last_recorded_at -> Timestamp,
        revision -> BigInt,
    }
}

diesel::table! {
    stocked_products (facility, product) {
        facility -> Text,
        product -> Text,
        halved -> Bool,
    }
}

diesel::table! {
    history (n) {
        n -> BigInt,
        id -> Text,
        kind -> Text,
        facility -> Text,
        resident -> Nullable<Text>,
        subject -> Text,
        done_by -> Nullable<Text>,
        role -> Text,
        done_at -> Timestamp,
        body -> Text,
        seal -> Text,
    }
}

diesel::table! {
    plans (id) {
        id -> Text,
        facility -> Text,
        resident -> Text,
        medicine -> Text,
        state -> Text,
        version -> BigInt,
        laid_until -> Nullable<Date>,
        revision -> BigInt,
    }
}

diesel::table! {
    plan_versions (plan, version) {
        plan -> Text,
        version -> BigInt,
        indication -> Text,
        reason -> Text,
        protocol -> Text,
        settings -> Text,
        baseline_on -> Date,
        first_reduction_on -> Date,
        goal_ug -> BigInt,
        drafted_by -> Text,
        drafted_at -> Timestamp,
        baseline -> Nullable<Text>,
    }
}

diesel::table! {
    plan_authors (plan, version, authored_by) {
        plan -> Text,
        version -> BigInt,
        authored_by -> Text,
    }
}

diesel::table! {
    steps (plan, version, ordinal) {
        plan -> Text,
        version -> BigInt,
        ordinal -> BigInt,
        planned_on -> Date,
        least_days -> Nullable<BigInt>,
    }
}

diesel::table! {
    step_doses (plan, version, ordinal, cycle_day, slot, medicine) {
        plan -> Text,
        version -> BigInt,
        ordinal -> BigInt,
        cycle_day -> BigInt,
        slot -> Text,
        medicine -> Text,
        amount_ug -> BigInt,
    }
}

diesel::table! {
    plan_facts (id) {
        id -> Text,
        plan -> Text,
        seq -> BigInt,
        kind -> Text,
        version -> BigInt,
        n -> Nullable<BigInt>,
        step -> Nullable<BigInt>,
        effective_on -> Nullable<Date>,
        from_slot -> Nullable<Text>,
        reassess_on -> Nullable<Date>,
        about -> Nullable<Text>,
        said -> Nullable<Bool>,
        regimen -> Nullable<Text>,
        rationale -> Text,
        statement -> Text,
        ordered_by -> Nullable<Text>,
        called_at -> Nullable<Timestamp>,
        heard_by -> Nullable<Text>,
        decided_by -> Text,
        decided_at -> Timestamp,
        decided_on -> Date,
    }
}

diesel::table! {
    doses (id) {
        id -> Text,
        plan -> Text,
        facility -> Text,
        resident -> Text,
        medicine -> Text,
        on_date -> Date,
        slot -> Text,
        due_at -> Timestamp,
        amount_ug -> BigInt,
        step -> BigInt,
        authorised_by -> Text,
        undecided -> Bool,
        void -> Bool,
        recorded -> Bool,
        revision -> BigInt,
    }
}

diesel::table! {
    administrations (id) {
        id -> Text,
        n -> BigInt,
        dose -> Text,
        corrects -> Nullable<Text>,
        facility -> Text,
        unit -> Text,
        resident -> Text,
        medicine -> Text,
        on_date -> Date,
        due_at -> Timestamp,
        planned_ug -> BigInt,
        given_ug -> BigInt,
        authorised_by -> Text,
        outcome -> Text,
        reason -> Text,
        note -> Text,
        pieces -> Text,
        given_at -> Timestamp,
        recorded_at -> Timestamp,
        late_minutes -> BigInt,
        recorded_by -> Text,
        sedation -> Nullable<BigInt>,
    }
}

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
    medicine_limits (facility, medicine) {
        facility -> Text,
        medicine -> Text,
        most_ug -> BigInt,
        source -> Text,
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
    letters (id) {
        id -> Text,
        facility -> Text,
        kind -> Text,
        subject -> Text,
        recipient -> Text,
        wanted_at -> Timestamp,
        expires_at -> Timestamp,
        title -> Text,
        body -> Text,
        state -> Text,
        attempts -> BigInt,
        try_at -> Timestamp,
        lease_until -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        problem -> Text,
    }
}

diesel::table! {
    bells (id) {
        id -> Text,
        rang_at -> Timestamp,
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

diesel::joinable!(units -> facilities (facility));
diesel::joinable!(memberships -> facilities (facility));
diesel::joinable!(memberships -> people (person));
diesel::joinable!(sessions -> people (person));
diesel::joinable!(residents -> units (unit));
diesel::joinable!(history -> people (done_by));
diesel::joinable!(plans -> residents (resident));
diesel::joinable!(plan_facts -> plans (plan));
diesel::joinable!(doses -> plans (plan));
diesel::joinable!(doses -> residents (resident));
diesel::joinable!(administrations -> doses (dose));
diesel::joinable!(administrations -> people (recorded_by));
diesel::joinable!(administrations -> residents (resident));
diesel::joinable!(as_needed_ends -> as_needed_orders (of_order));
diesel::joinable!(as_needed_doses -> as_needed_orders (of_order));
diesel::joinable!(as_needed_effects -> as_needed_doses (of_dose));
diesel::joinable!(assessments -> residents (resident));
diesel::joinable!(assessments -> people (recorded_by));
diesel::joinable!(letters -> facilities (facility));
diesel::joinable!(absence_ends -> absences (absence));

diesel::allow_tables_to_appear_in_same_query!(
    facilities,
    units,
    people,
    memberships,
    sessions,
    throttles,
    residents,
    stocked_products,
    history,
    plans,
    plan_versions,
    plan_authors,
    steps,
    step_doses,
    plan_facts,
    doses,
    administrations,
    medicine_limits,
    as_needed_orders,
    as_needed_ends,
    as_needed_doses,
    as_needed_effects,
    assessments,
    letters,
    bells,
    absences,
    absence_ends,
    gradual_notes,
    severe_signs,
    severe_sign_acknowledgements,
    severe_sign_releases,
);
