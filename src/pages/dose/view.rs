//! The page of a dose as it is drawn, in each state a dose can be in.

use askama::Template;

use super::facts::{Barred, Facts};
use super::sheet::Give;
use crate::care::calendar::{clock_text, day_text};
use crate::care::refusal::Refusal;
use crate::care::round::due::Urgency;
use crate::care::round::interval::{Beside, Interval, Word};
use crate::care::round::ordered::OrderedSince;
use crate::care::round::outcome::{Outcome, reason_text};
use crate::store::doses::Administration;
use crate::web::parts::alerts::AlertPanels;
use crate::web::parts::happened::{Kind, Sedation};
use crate::web::parts::pause::PauseForm;
use crate::web::parts::scan::Scan;
use crate::web::parts::severe::Call;
use crate::web::parts::stock::StockView;
use crate::web::parts::struck::{Struck, giver_text};
use crate::web::parts::vomited::vomited_text;
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Choice, Form, Shell, links};

#[derive(Template)]
#[template(path = "pages/dose.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    heading: String,
    moved: Option<String>,
    /// It may have been given, and nothing here would know.
    gap: Option<String>,
    give: Give,
    stop: Option<Stop>,
    /// Of a dose that is still to be recorded.
    alert: AlertPanels,
    /// Records that no longer stand.
    struck: Struck,
    state: State,
    pause: Option<PauseForm>,
    /// Where it is written down that it was given twice, or wrong.
    in_error: String,
}

/// What can be done with it.
enum State {
    Open(Box<Open>),
    /// Its window opens later.
    NotYet {
        opens_at: String,
    },
    Recorded(Box<Record>),
    /// 0 mg, or no longer part of the plan.
    Nothing {
        text: &'static str,
    },
}

/// Why it is not given now, and what to do.
struct Stop {
    call: Option<Call>,
    title: String,
    text: String,
}

/// It can be recorded.
struct Open {
    action: String,
    form: Form,
    revision: u32,
    shown: String,
    late: Option<Late>,
    /// Of one on time that comes too near to one given elsewhere.
    near: Option<Near>,
    /// Where the facility asks how awake the resident is.
    sedation: Option<Sedation>,
    outcomes: Vec<Kind>,
    /// `Empty: now`, or before when it was.
    when: String,
    window: String,
    by: String,
    back: String,
    stock: StockView,
    /// What is scanned before the dose is given, where the facility wants it.
    scan: Option<Scan>,
    /// The classes of the witness's fields.
    witness: String,
    /// Who may give their word on a late dose; empty where nobody has to.
    prescribers: Vec<Choice>,
    /// Nothing is asked: one tap records it as given now.
    one_tap: bool,
}

struct Late {
    how: String,
    /// What the plan says of a missed dose; empty where nothing of it may be given.
    instruction: String,
    /// What its least interval allows.
    interval: Option<Near>,
    /// It is of an earlier day: nobody gives it now.
    past: bool,
    /// What became of later ones that were not given whole.
    left_out: Vec<String>,
    next: String,
    /// The next dose is due as well.
    both: bool,
}

/// How near a late dose comes to the doses beside it.
struct Near {
    told: String,
    /// A prescriber's word is wanted before it is given now.
    word: bool,
}

/// What stands already.
struct Record {
    tag: Tag,
    sentence: String,
    reason: String,
    note: String,
    witness: String,
    /// Why nobody saw it given, where a witness was wanted.
    unwitnessed: String,
    /// What was scanned before it, or why it was not.
    identified: String,
    /// A prescriber's word on a late dose.
    word: String,
    entry: String,
    number: i64,
    /// Where it is corrected.
    correct: String,
    /// What was seen after it.
    vomited: Vec<String>,
    /// Of a dose that was taken: where it is noted that it was vomited.
    vomit: Option<String>,
    /// What the plan says of a missed dose, and whom to call.
    instruction: String,
    prescriber: String,
}

impl View {
    /// `moved` says how the dose changed while the page was open.
    pub fn new(facts: &Facts, shell: Shell, form: Form, moved: Option<String>) -> View {
        let today = facts.facility.zone.day(facts.now);
        let others = facts.others.iter().map(|(other, unit)| (other, unit.as_str()));
        let pause_form = || Form::new(form.csrf(), facts.now).named("pause").with("dose", &facts.dose.id);
        View {
            banner: Banner::new(&facts.resident, &facts.unit.name, today)
                .alarmed(&facts.signs, facts.facility.zone, today)
                .warning_of(&facts.resident, others)
                .pictured(&facts.resident, facts.photo),
            heading: heading(facts),
            moved,
            gap: facts.gap.filter(|_| facts.standing.is_none()).map(|gap| gap.told(facts.facility.zone)),
            give: Give::new(facts),
            alert: AlertPanels::new(facts.alert.as_slice()),
            struck: Struck::new(&facts.records, &facts.names, facts.facility.zone, facts.now),
            in_error: links::given_in_error(&facts.resident.id),
            pause: facts.pausable.as_ref().map(|pausable| PauseForm::new(pausable, pause_form())),
            stop: facts.barred().map(|barred| stop(facts, barred)),
            state: state(facts, &shell, form),
            shell,
        }
    }
}

impl View {
    /// The page after something was scanned that does not fit.
    pub fn scanned(mut self, refused: Option<Refusal>) -> View {
        if let State::Open(open) = &mut self.state {
            open.scan = open.scan.take().map(|scan| scan.refused(refused));
        }
        self
    }
}

fn stop(facts: &Facts, barred: Barred) -> Stop {
    match barred {
        Barred::Withheld(withheld) => {
            let at = clock_text(facts.facility.zone, withheld.since, facts.now);
            Stop {
                call: Some(Call::new(&facts.facility.emergency)),
                title: "Do not give this dose.".to_owned(),
                text: format!(
                    "{} was seen at {at}. No sedative is given until a prescriber has decided. Record this dose as \
                     withheld; only if it was taken before {at}, record it with that time.",
                    withheld.sign.title()
                ),
            }
        }
        Barred::Ordered(ordered) => ordered_less(facts, ordered),
        Barred::Away(left) => {
            let at = clock_text(facts.facility.zone, left.at, facts.now);
            let text =
                format!("Nothing is given here. Only if this dose was taken before {at}, record it with that time.");
            Stop { call: None, title: format!("The resident left at {at}."), text }
        }
        Barred::Undecided => Stop {
            call: None,
            title: "Decision needed: do not give this dose.".to_owned(),
            text: "The resident came back, and no prescriber has decided the dose. Call the prescriber. Until then it \
                   can be recorded as refused, withheld, not available or absent."
                .to_owned(),
        },
    }
}

fn ordered_less(facts: &Facts, OrderedSince { most, since, .. }: OrderedSince) -> Stop {
    let at = clock_text(facts.facility.zone, since, facts.now);
    let before = format!("only if it was taken before {at}, record it as given, with that time.");
    let (title, text) = match most.is_zero() {
        true => (
            "Do not give this dose.".to_owned(),
            format!("A prescriber stopped this medicine at {at}. Record this dose as withheld; {before}"),
        ),
        false => (
            format!("Give at most {most} of this dose."),
            format!("A prescriber lowered this medicine at {at}. Record what you give as given in part; {before}"),
        ),
    };
    Stop { call: None, title, text }
}

fn heading(facts: &Facts) -> String {
    let key = &facts.dose.key;
    let verb = if facts.standing.is_none() { "Record " } else { "" };
    match key.on == facts.facility.zone.day(facts.now) {
        true => format!("{verb}{} dose", key.slot),
        false => format!("{verb}{} dose of {}", key.slot, day_text(key.on)),
    }
}

fn state(facts: &Facts, shell: &Shell, form: Form) -> State {
    let dose = &facts.dose;
    if let Some(standing) = &facts.standing {
        let at = clock_text(facts.facility.zone, standing.given_at, facts.now);
        let saved = clock_text(facts.facility.zone, standing.recorded_at, facts.now);
        let (word, by) = (standing.outcome.text(), facts.name(&standing.recorded_by));
        let giver = giver_text(standing, &facts.names);
        return State::Recorded(Box::new(Record {
            tag: Tag::outcome(standing.outcome, standing.outcome.title()),
            sentence: format!(
                "Recorded as {word} at {at}, {} of {}.{giver} Saved by {by} at {saved}.",
                standing.given, standing.planned
            ),
            reason: reason_text(&standing.reason).unwrap_or_default().to_owned(),
            note: standing.note.clone(),
            witness: standing.witnessed_by.as_deref().map_or("", |person| facts.name(person)).to_owned(),
            unwitnessed: standing.unwitnessed.clone().unwrap_or_default(),
            identified: standing.identified.clone(),
            word: standing.word.as_ref().map(|said| word_text(facts, said)).unwrap_or_default(),
            entry: links::fact(standing.n),
            number: standing.n,
            correct: links::correction(&dose.id),
            vomited: facts
                .vomited
                .iter()
                .map(|one| vomited_text(one, standing.given_at, &facts.names, facts.facility.zone, facts.now))
                .collect(),
            vomit: (!standing.given.is_zero()).then(|| links::vomit(&dose.id)),
            instruction: facts.plan.plan.late_rule().instruction,
            prescriber: facts.prescriber().to_owned(),
        }));
    }
    if facts.is_gone() {
        return State::Nothing { text: "This dose is no longer part of the plan. Do not give it." };
    }
    if dose.level.amount.is_zero() && dose.level.undecided {
        return State::Nothing { text: "No prescriber has decided the dose since the return: give nothing, and call." };
    }
    if dose.level.amount.is_zero() && facts.ordered_by().is_some() {
        return State::Nothing { text: "Suspended by an urgent order. Give nothing; there is nothing to record." };
    }
    if dose.level.amount.is_zero() {
        return State::Nothing { text: "Planned: no dose. There is nothing to give and nothing to record." };
    }
    let opens_at = facts.facility.windows.opens_at(dose.due_at);
    if facts.now < opens_at {
        return State::NotYet { opens_at: clock_text(facts.facility.zone, opens_at, facts.now) };
    }
    State::Open(Box::new(open(facts, shell, form)))
}

fn open(facts: &Facts, shell: &Shell, form: Form) -> Open {
    let (dose, zone, windows) = (&facts.dose, facts.facility.zone, facts.facility.windows);
    let late = windows.urgency(dose.due_at, facts.now) == Urgency::Overdue;
    let clock = |at| clock_text(zone, at, facts.now);
    let window = format!(
        "24-hour clock, the facility’s time. Due {}, window {} to {}.",
        clock(dose.due_at),
        clock(windows.opens_at(dose.due_at)),
        clock(windows.closes_at(dose.due_at))
    );
    let stock = StockView::new(facts.source.as_ref(), facts.facility.register.witness_for(&facts.dose.key.medicine));
    let scan = Scan::new(&facts.identity(), format!("{}/identity", links::dose(&dose.id)), &form);
    let wanting = scan.as_ref().is_some_and(|scan| !scan.next.is_empty());
    let near = facts.interval.as_ref().filter(|_| !late).map(|interval| near(facts, interval)).filter(|near| near.word);
    let asked = near.is_some()
        || wanting
        || late
        || form.wrong()
        || facts.facility.sedation.asked
        || stock.short
        || stock.witness_to_give;
    let late = late.then(|| how_late(facts));
    Open {
        prescribers: prescribers(facts, late.as_ref().and_then(|late| late.interval.as_ref()).or(near.as_ref()), &form),
        near,
        one_tap: !asked,
        witness: format!("when-only {}", stock.witnessed),
        stock,
        scan,
        action: format!("{}/administration", links::dose(&dose.id)),
        revision: dose.revision,
        shown: dose.level.amount.number(),
        when: match facts.left.or(facts.away) {
            Some(left) => format!("Before {}", clock(left.at)),
            None => "Empty: now".to_owned(),
        },
        outcomes: outcomes(facts).map(|outcome| Kind::new(outcome, late.is_some())).collect(),
        late,
        sedation: facts.facility.sedation.asked.then(|| Sedation::new(facts.facility.sedation, facts.prescriber())),
        window,
        by: shell.me.as_ref().map(|me| me.name.clone()).unwrap_or_default(),
        back: shell.back.as_ref().map(|back| back.href.clone()).unwrap_or_default(),
        form,
    }
}

/// Of somebody who left only what was taken before.
fn outcomes(facts: &Facts) -> impl Iterator<Item = Outcome> {
    let away = facts.left.is_some();
    Outcome::ALL.into_iter().filter(move |outcome| !away || outcome.takes())
}

/// What to know before a late dose is given.
fn how_late(facts: &Facts) -> Late {
    let (zone, windows) = (facts.facility.zone, facts.facility.windows);
    let closed = clock_text(zone, windows.closes_at(facts.dose.due_at), facts.now);
    let (how, past) = (format!("Its window closed at {closed}."), facts.past());
    let left_out = facts.left_out.iter().map(|record| left_out(facts, record)).collect();
    let (instruction, next) = (String::new(), String::new());
    let late = Late { how, instruction, interval: None, past, left_out, next, both: false };
    // What the plan says of a missed dose must not stand beside “do not give”.
    if facts.barred().is_some_and(Barred::leaves_nothing) {
        return late;
    }
    let instruction = facts.plan.plan.late_rule().instruction;
    let interval = facts.interval.as_ref().filter(|_| !past).map(|interval| near(facts, interval));
    let late = Late { instruction, interval, ..late };
    let Some(next) = facts.next.as_ref().filter(|next| !next.level.amount.is_zero()) else { return late };
    let due = clock_text(zone, next.due_at, facts.now);
    let both = facts.now >= windows.opens_at(next.due_at);
    Late { next: format!("{due}, {}", next.level.amount), both, ..late }
}

/// `The dose due at 12:00 was withheld at 12:05: too sedated.`
fn left_out(facts: &Facts, record: &Administration) -> String {
    let clock = |at| clock_text(facts.facility.zone, at, facts.now);
    let why = reason_text(&record.reason).map(|text| format!(": {}", text.to_lowercase())).unwrap_or_default();
    let (due, what) = (clock(record.due_at), record.outcome.text());
    format!("The dose due at {due} was recorded as {what} at {}{why}.", clock(record.given_at))
}

/// `At least 6 h lie between two doses: it can be given until 14:00.`
fn near(facts: &Facts, interval: &Interval) -> Near {
    let clock = |at| clock_text(facts.facility.zone, at, facts.now);
    let least = format!("At least {}\u{a0}h lie between two doses of this plan", interval.least_hours);
    let told = match (interval.too_near(facts.now), interval.span(facts.now)) {
        (Some(Beside::Due(next)), _) => format!("{least}, and the next one is due at {}.", clock(next)),
        (Some(Beside::Given(last)), (Some(from), _)) => {
            format!("{least}, and one was given at {}: not before {}.", clock(last), clock(from))
        }
        (Some(Beside::Given(next)), _) => format!("{least}, and one was given at {}.", clock(next)),
        (None, (_, Some(until))) => format!("{least}: it can be given until {}.", clock(until)),
        (None, _) => format!("{least}."),
    };
    Near { told, word: interval.too_near(facts.now).is_some() }
}

/// Where a prescriber's word is wanted, or was found wanting.
fn prescribers(facts: &Facts, near: Option<&Near>, form: &Form) -> Vec<Choice> {
    let wanted = near.is_some_and(|near| near.word);
    let asked = ["prescriber", "called_at", "read_back"].iter().any(|field| form.error(field).is_some());
    if !wanted && !asked {
        return Vec::new();
    }
    let choices = facts.prescribers.iter().map(|(id, name)| Choice::new(id.clone(), name.clone()));
    std::iter::once(Choice::new("", "Nobody has been asked")).chain(choices).collect()
}

/// `With the word of Dr Helen Marsh, on the telephone at 13:55.`
fn word_text(facts: &Facts, word: &Word) -> String {
    let at = clock_text(facts.facility.zone, word.at, facts.now);
    format!("With the word of {}, on the telephone at {at}, read back.", facts.name(&word.by))
}
