//! The tables of who is here, who may act, what is on the shelf, and what the house remembers.

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
        register_holder -> Text,
        witnessed -> Text,
        correction_hours -> BigInt,
        identify -> Text,
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
        own_password -> Bool,
    }
}

diesel::table! {
    memberships (id) {
        id -> Text,
        person -> Text,
        facility -> Text,
        role -> Text,
        ends_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
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
    photos (resident) {
        resident -> Text,
        jpeg -> Binary,
        digest -> Text,
        put_by -> Text,
        put_at -> Timestamp,
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
    pack_codes (facility, code) {
        facility -> Text,
        code -> Text,
        product -> Text,
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
    mar_letters (facility, stands_for) {
        facility -> Text,
        stands_for -> Text,
        letters -> Text,
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
        rings -> BigInt,
        place -> Text,
    }
}

diesel::table! {
    letter_waits (id) {
        id -> Text,
        facility -> Text,
        copied_at -> Timestamp,
        found_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        ended_by -> Nullable<Text>,
        why -> Text,
    }
}
