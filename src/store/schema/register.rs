//! The tables of the controlled-drug register.

diesel::table! {
    registers (id) {
        id -> Text,
        facility -> Text,
        resident -> Nullable<Text>,
        unit -> Nullable<Text>,
        product -> Text,
        balance -> BigInt,
        open_difference -> BigInt,
        last_seq -> BigInt,
        revision -> BigInt,
    }
}

diesel::table! {
    discrepancies (id) {
        id -> Text,
        n -> BigInt,
        register -> Text,
        difference -> BigInt,
        found -> Text,
        opened_by -> Text,
        opened_at -> Timestamp,
        unwitnessed -> Nullable<Text>,
    }
}

diesel::table! {
    discrepancy_endings (id) {
        id -> Text,
        discrepancy -> Text,
        ending -> Text,
        reason -> Text,
        ended_by -> Text,
        ended_at -> Timestamp,
    }
}

diesel::table! {
    register_entries (id) {
        id -> Text,
        n -> BigInt,
        register -> Text,
        seq -> BigInt,
        kind -> Text,
        parts -> BigInt,
        balance_after -> BigInt,
        lot -> Nullable<Text>,
        expires_on -> Nullable<Date>,
        administration -> Nullable<Text>,
        as_needed_dose -> Nullable<Text>,
        incident -> Nullable<Text>,
        discrepancy -> Nullable<Text>,
        reverses -> Nullable<Text>,
        note -> Text,
        entered_by -> Text,
        witnessed_by -> Nullable<Text>,
        entered_at -> Timestamp,
        of_lot -> Nullable<Text>,
        of_expires_on -> Nullable<Date>,
    }
}

diesel::table! {
    register_counts (id) {
        id -> Text,
        n -> BigInt,
        register -> Text,
        expected -> BigInt,
        counted -> BigInt,
        counted_by -> Text,
        witnessed_by -> Nullable<Text>,
        counted_at -> Timestamp,
    }
}

diesel::table! {
    order_rules (facility) {
        facility -> Text,
        lead_days -> BigInt,
        cover_days -> BigInt,
    }
}

diesel::table! {
    days_looked_through (id) {
        id -> Text,
        n -> BigInt,
        unit -> Text,
        looked_on -> Date,
        disagreeing -> BigInt,
        note -> Text,
        looked_by -> Text,
        looked_at -> Timestamp,
    }
}
