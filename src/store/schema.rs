//! The tables as the migrations made them, in words the query builder knows.

mod bedside;
mod house;
mod register;
mod tapers;

pub use self::bedside::{
    absence_ends, absences, alert_marks, as_needed_doses, as_needed_effects, as_needed_ends, as_needed_orders,
    as_needed_strikes, assessments, gradual_notes, incident_answers, incident_strikes, incidents,
    severe_sign_acknowledgements, severe_sign_releases, severe_signs, taper_alert_acknowledgements, taper_alert_doses,
    vomits,
};
pub use self::house::{
    bells, facilities, history, letter_waits, letters, mar_letters, medicine_limits, memberships, pack_codes, people,
    photos, residents, sessions, stocked_products, throttles, units,
};
pub use self::register::{
    days_looked_through, discrepancies, discrepancy_endings, order_rules, register_counts, register_entries, registers,
};
pub use self::tapers::{
    administrations, corrections, doses, plan_authors, plan_facts, plan_medicines, plan_versions, plans, step_doses,
    steps,
};

diesel::joinable!(units -> facilities (facility));
diesel::joinable!(memberships -> facilities (facility));
diesel::joinable!(memberships -> people (person));
diesel::joinable!(sessions -> people (person));
diesel::joinable!(residents -> units (unit));
diesel::joinable!(photos -> residents (resident));
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
diesel::joinable!(vomits -> doses (dose));
diesel::joinable!(taper_alert_doses -> taper_alert_acknowledgements (acknowledgement));
diesel::joinable!(register_entries -> registers (register));
diesel::joinable!(discrepancies -> registers (register));
diesel::joinable!(discrepancy_endings -> discrepancies (discrepancy));

diesel::allow_tables_to_appear_in_same_query!(
    facilities,
    units,
    people,
    memberships,
    sessions,
    throttles,
    residents,
    photos,
    stocked_products,
    pack_codes,
    history,
    plans,
    plan_versions,
    plan_medicines,
    plan_authors,
    steps,
    step_doses,
    plan_facts,
    doses,
    administrations,
    corrections,
    medicine_limits,
    as_needed_orders,
    as_needed_ends,
    as_needed_doses,
    as_needed_effects,
    as_needed_strikes,
    assessments,
    letters,
    letter_waits,
    mar_letters,
    bells,
    absences,
    absence_ends,
    gradual_notes,
    incidents,
    incident_answers,
    incident_strikes,
    severe_signs,
    severe_sign_acknowledgements,
    severe_sign_releases,
    taper_alert_acknowledgements,
    alert_marks,
    taper_alert_doses,
    vomits,
    registers,
    register_entries,
    register_counts,
    discrepancies,
    discrepancy_endings,
    order_rules,
    days_looked_through,
);
