//! Which facts tell of which table, and where in their bodies each column stands.

use serde_json::{Map, Value, json};

/// Where in a body the rows stand.
pub enum At {
    /// One object, which says something at the second place.
    One(&'static str, &'static str),
    /// An object for each row.
    Each(&'static str),
    /// An object that rows are taken apart from.
    Parts(&'static str, fn(&Value) -> Vec<Value>),
}

/// A table, and how the history tells it.
pub struct Table {
    pub name: &'static str,
    pub key: &'static [&'static str],
    /// Columns that are no record: locks, and sums of other rows.
    pub apart: &'static [&'static str],
    /// The kinds of facts that tell of it, every kind where none is named; and where.
    pub tellings: &'static [(&'static [&'static str], At)],
    /// Columns that stand elsewhere than under their own name: `@` is a column of the fact, `|` the next place to look.
    pub named: &'static [(&'static str, &'static str)],
    /// A fact tells all rows with these columns anew.
    pub anew: &'static [&'static str],
    /// Columns that stay as a row was first told.
    pub first: &'static [&'static str],
    /// A fact that says nothing here takes the row away.
    pub gone_without: Option<&'static str>,
    /// What follows from other columns.
    pub worked_out: fn(&mut Map<String, Value>),
}

/// Tables that this does not rebuild. Doses, and where a plan stands, follow from its versions and its facts, which the
/// naive model tells anew at every step; sums and marks follow from the rows. Accounts, settings, pictures, sessions and
/// what became of letters are no clinical rows.
pub const APART: [&str; 19] = [
    "__diesel_schema_migrations",
    "alert_marks",
    "bells",
    "doses",
    "facilities",
    "history",
    "letter_waits",
    "letters",
    "mar_letters",
    "memberships",
    "order_rules",
    "pack_codes",
    "people",
    "photos",
    "plan_medicines",
    "sessions",
    "throttles",
    "units",
    "witness_rules",
];

/// A table of which each row is told once, whole and by its id.
const ONCE: Table = Table {
    name: "",
    key: &["id"],
    apart: &[],
    tellings: &[],
    named: &[],
    anew: &[],
    first: &[],
    gone_without: None,
    worked_out: as_told,
};

pub const TABLES: &[Table] = &[
    Table {
        name: "residents",
        apart: &["last_recorded_at", "revision"],
        tellings: &[
            (&["admit_resident"], At::One("", "/surname")),
            (&["change_resident", "transfer_resident"], At::One("/after", "/surname")),
        ],
        named: &[("allergy_state", "/allergies/state"), ("allergies", "/allergies/list")],
        worked_out: resident,
        ..ONCE
    },
    Table {
        name: "stocked_products",
        key: &["facility", "product"],
        tellings: &[(&["stock_products"], At::Each("/after"))],
        named: &[("facility", "@facility")],
        anew: &["facility"],
        ..ONCE
    },
    Table {
        name: "medicine_limits",
        key: &["facility", "medicine"],
        tellings: &[(&["limit_medicine"], At::One("", "/after"))],
        named: &[("facility", "@facility"), ("most_ug", "/after/most"), ("source", "/after/source")],
        gone_without: Some("/after"),
        ..ONCE
    },
    Table {
        name: "plans",
        apart: &["state", "version", "laid_until", "revision"],
        tellings: &[(&["draft_plan"], At::One("", "/steps"))],
        ..ONCE
    },
    Table {
        name: "plan_versions",
        key: &["plan", "version"],
        tellings: &[
            (&["draft_plan", "record_baseline"], At::One("", "/steps")),
            (&["amend_plan", "answer_return"], At::One("/statement", "/steps")),
        ],
        named: &[
            ("plan", "/id"),
            ("goal_ug", "/goal"),
            ("drafted_by", "@done_by"),
            ("drafted_at", "@done_at"),
            ("missed_dose", "/late/instruction"),
            ("least_hours", "/late/least_hours"),
        ],
        first: &["drafted_by", "drafted_at"],
        ..ONCE
    },
    Table {
        name: "plan_authors",
        key: &["plan", "version", "authored_by"],
        tellings: &[
            (&["draft_plan", "record_baseline"], At::Parts("", authors)),
            (&["amend_plan", "answer_return"], At::Parts("/statement", authors)),
        ],
        anew: &["plan", "version"],
        ..ONCE
    },
    Table {
        name: "steps",
        key: &["plan", "version", "ordinal"],
        tellings: &[
            (&["draft_plan", "record_baseline"], At::Parts("", steps)),
            (&["amend_plan", "answer_return"], At::Parts("/statement", steps)),
        ],
        anew: &["plan", "version"],
        ..ONCE
    },
    Table {
        name: "step_doses",
        key: &["plan", "version", "ordinal", "cycle_day", "slot", "medicine"],
        tellings: &[
            (&["draft_plan", "record_baseline"], At::Parts("", step_doses)),
            (&["amend_plan", "answer_return"], At::Parts("/statement", step_doses)),
        ],
        named: &[("amount_ug", "/amount")],
        anew: &["plan", "version"],
        ..ONCE
    },
    Table {
        name: "plan_facts",
        tellings: &[(&[], At::One("", "/fact/seq"))],
        named: &[
            ("id", "/fact/id"),
            ("plan", "/plan"),
            ("seq", "/fact/seq"),
            ("kind", "/fact/act/kind"),
            ("version", "/fact/act/version|/version"),
            ("n", "/fact/act/n"),
            ("step", "/fact/act/step"),
            ("effective_on", "/fact/act/effective_on|/fact/act/from/on"),
            ("from_slot", "/fact/act/from/slot"),
            ("reassess_on", "/fact/act/reassess_on"),
            ("about", "/fact/act/of|/fact/act/sign|/fact/act/absence"),
            ("said", "/fact/act/withhold|/fact/act/settled"),
            ("regimen", "/fact/act/regimen"),
            ("rationale", "/fact/rationale"),
            ("ordered_by", "/fact/telephone/prescriber"),
            ("called_at", "/fact/telephone/called_at"),
            ("heard_by", "/fact/telephone/heard_by"),
            ("decided_by", "/fact/by"),
            ("decided_at", "/fact/at"),
            ("decided_on", "/fact/on"),
            ("ahead_on", "/fact/ahead_from/on"),
            ("ahead_slot", "/fact/ahead_from/slot"),
        ],
        worked_out: statement,
        ..ONCE
    },
    Table {
        name: "administrations",
        tellings: &[(&["record_dose", "enter_paper", "correct_dose"], At::One("", "/outcome"))],
        named: &[
            ("n", "@n"),
            ("on_date", "/on"),
            ("planned_ug", "/planned"),
            ("given_ug", "/given"),
            ("word_by", "/word/by"),
            ("word_at", "/word/at"),
        ],
        worked_out: administration,
        ..ONCE
    },
    Table {
        name: "corrections",
        tellings: &[(&["correct_dose"], At::One("/correction", "/id"))],
        named: &[("n", "@n"), ("administration", "/corrected"), ("reason", "/why")],
        ..ONCE
    },
    Table {
        name: "vomits",
        tellings: &[(&["note_vomit"], At::One("", "/id"))],
        named: &[("dose", "/of_dose")],
        ..ONCE
    },
    Table {
        name: "as_needed_orders",
        apart: &["revision"],
        tellings: &[(&["order_as_needed"], At::One("", "/id"))],
        named: &[("amount_ug", "/amount"), ("most_ug", "/most")],
        ..ONCE
    },
    Table { name: "as_needed_ends", tellings: &[(&["end_as_needed"], At::One("", "/id"))], ..ONCE },
    Table {
        name: "as_needed_doses",
        tellings: &[(&["record_as_needed", "enter_as_needed"], At::One("", "/id"))],
        named: &[("n", "@n"), ("given_ug", "/given")],
        ..ONCE
    },
    Table { name: "as_needed_effects", tellings: &[(&["note_effect"], At::One("", "/id"))], ..ONCE },
    Table { name: "as_needed_strikes", tellings: &[(&["strike_as_needed"], At::One("", "/of_dose"))], ..ONCE },
    Table {
        name: "incidents",
        tellings: &[(&["record_incident"], At::One("", "/id"))],
        named: &[("n", "@n"), ("given_ug", "/given")],
        ..ONCE
    },
    Table { name: "incident_answers", tellings: &[(&["answer_incident"], At::One("", "/id"))], ..ONCE },
    Table { name: "incident_strikes", tellings: &[(&["strike_incident"], At::One("", "/of_incident"))], ..ONCE },
    Table {
        name: "assessments",
        tellings: &[(&["record_assessment"], At::One("", "/id"))],
        named: &[("n", "@n")],
        ..ONCE
    },
    Table { name: "severe_signs", tellings: &[(&["record_severe_sign"], At::One("", "/seen_at"))], ..ONCE },
    Table { name: "severe_sign_acknowledgements", tellings: &[(&["acknowledge_sign"], At::One("", "/id"))], ..ONCE },
    Table { name: "severe_sign_releases", tellings: &[(&["release_reductions"], At::One("", "/of_sign"))], ..ONCE },
    Table {
        name: "absences",
        tellings: &[(&["record_absence"], At::One("", "/left_at"))],
        named: &[("recorded_by", "/by"), ("recorded_at", "/at")],
        ..ONCE
    },
    Table {
        name: "absence_ends",
        tellings: &[(&["record_return"], At::One("", "/absence"))],
        named: &[("recorded_by", "/by"), ("recorded_at", "/at")],
        ..ONCE
    },
    Table {
        name: "gradual_notes",
        tellings: &[(&[], At::One("", "/noted/kind"))],
        named: &[
            ("kind", "/noted/kind"),
            ("on_date", "/noted/on"),
            ("class", "/noted/class"),
            ("again_on", "/noted/again_on"),
            ("struck", "/noted/note"),
            ("noted_by", "/by"),
            ("noted_at", "/at"),
        ],
        ..ONCE
    },
    Table { name: "taper_alert_acknowledgements", tellings: &[(&["acknowledge_alert"], At::One("", "/id"))], ..ONCE },
    Table {
        name: "taper_alert_doses",
        key: &["acknowledgement", "dose"],
        tellings: &[(&["acknowledge_alert"], At::Parts("", alert_doses))],
        ..ONCE
    },
    Table {
        name: "registers",
        apart: &["balance", "open_difference", "last_seq", "revision"],
        tellings: &[(&[], At::Each("/registers"))],
        named: &[("facility", "@facility"), ("resident", "/holder/resident"), ("unit", "/holder/unit")],
        ..ONCE
    },
    Table {
        name: "register_entries",
        tellings: &[(&[], At::Each("/entries"))],
        named: &[("n", "@n"), ("lot", "/pack/lot"), ("expires_on", "/pack/expires_on")],
        worked_out: pack,
        ..ONCE
    },
    Table { name: "register_counts", tellings: &[(&[], At::Each("/counts"))], named: &[("n", "@n")], ..ONCE },
    Table { name: "discrepancies", tellings: &[(&[], At::Each("/discrepancies"))], named: &[("n", "@n")], ..ONCE },
    Table { name: "discrepancy_endings", tellings: &[(&[], At::One("/ended", "/id"))], ..ONCE },
    Table {
        name: "days_looked_through",
        tellings: &[(&["look_through"], At::One("/looked", "/id"))],
        named: &[("n", "@n"), ("looked_on", "/on")],
        ..ONCE
    },
];

/// The pack that came in; of any other entry the one that it moved.
fn pack(row: &mut Map<String, Value>) {
    if row["kind"] != "received" {
        for (of, came) in [("of_lot", "lot"), ("of_expires_on", "expires_on")] {
            let told = row.insert(came.to_owned(), Value::Null).unwrap_or_default();
            row.insert(of.to_owned(), told);
        }
    }
}

/// What was on the screen, where something was.
fn statement(row: &mut Map<String, Value>) {
    if row["statement"].is_null() {
        row.insert("statement".to_owned(), "null".into());
    }
}

fn as_told(_row: &mut Map<String, Value>) {}

fn resident(row: &mut Map<String, Value>) {
    if row["allergy_state"] == "none_known" {
        row.insert("allergy_state".to_owned(), "none".into());
    }
}

/// A dose handed to the resident is a dose given; how late it was follows from its times.
fn administration(row: &mut Map<String, Value>) {
    let handed = row["outcome"] == "self_administered";
    row.insert("handed".to_owned(), i64::from(handed).into());
    if handed {
        row.insert("outcome".to_owned(), "given".into());
    }
    let at = |column: &str| {
        let text = row[column].as_str().expect("an instant");
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect("an instant")
    };
    let late = (at("given_at") - at("due_at")).num_minutes();
    row.insert("late_minutes".to_owned(), late.into());
}

fn all<'a>(value: &'a Value, of: &str) -> impl Iterator<Item = &'a Value> {
    value.get(of).and_then(Value::as_array).into_iter().flatten()
}

fn authors(plan: &Value) -> Vec<Value> {
    let row = |author| json!({ "plan": plan["id"], "version": plan["version"], "authored_by": author });
    all(plan, "authors").map(row).collect()
}

fn steps(plan: &Value) -> Vec<Value> {
    let row = |step: &Value| {
        let mut row = step.clone();
        row["plan"] = plan["id"].clone();
        row["version"] = plan["version"].clone();
        row
    };
    all(plan, "steps").map(row).collect()
}

fn step_doses(plan: &Value) -> Vec<Value> {
    let mut rows = Vec::new();
    for step in steps(plan) {
        for (cycle_day, regimen) in all(&step, "cycle").enumerate() {
            for dose in regimen.as_array().into_iter().flatten() {
                let mut row = dose.clone();
                for column in ["plan", "version", "ordinal"] {
                    row[column] = step[column].clone();
                }
                row["cycle_day"] = cycle_day.into();
                rows.push(row);
            }
        }
    }
    rows
}

fn alert_doses(acknowledged: &Value) -> Vec<Value> {
    let row = |dose| json!({ "acknowledgement": acknowledged["id"], "dose": dose });
    all(acknowledged, "doses").map(row).collect()
}
