//! The tables of plans, what was decided about them, and the doses that follow.

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
        conversion -> Nullable<Text>,
        missed_dose -> Nullable<Text>,
        least_hours -> Nullable<BigInt>,
    }
}

diesel::table! {
    plan_medicines (plan, medicine) {
        plan -> Text,
        resident -> Text,
        medicine -> Text,
        running -> Bool,
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
        ahead_on -> Nullable<Date>,
        ahead_slot -> Nullable<Text>,
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
        witnessed_by -> Nullable<Text>,
        identified -> Text,
        given_by -> Nullable<Text>,
        word_by -> Nullable<Text>,
        word_at -> Nullable<Timestamp>,
        handed -> Bool,
        unwitnessed -> Nullable<Text>,
    }
}

diesel::table! {
    corrections (id) {
        id -> Text,
        n -> BigInt,
        administration -> Text,
        replacement -> Nullable<Text>,
        reason -> Text,
        corrected_by -> Text,
        corrected_at -> Timestamp,
    }
}
