//! The page of a register as it is drawn.

use askama::Template;

use super::Rights;
use super::facts::Facts;
use super::lasts::{Lasts, lasts};
use super::rows::{Row, rows};
use crate::care::register::Holder;
use crate::care::register::book::Ending;
use crate::care::register::entering::What;
use crate::store::registers::DiscrepancyFile;
use crate::web::parts::Icon;
use crate::web::parts::registered::{difference_title, expired_text, pack_text, signed_text};
use crate::web::{Choice, Form, Link, Shell, links};

#[derive(Template)]
#[template(path = "pages/register.html")]
pub struct View {
    shell: Shell,
    medicine: String,
    product: String,
    holder: String,
    unit: Link,
    ways: Vec<Link>,
    count: Option<String>,
    open: Vec<Difference>,
    endings: Vec<Choice>,
    balance: String,
    last: i64,
    expected: Option<String>,
    matched: Option<Matched>,
    lasts: Option<Lasts>,
    /// The packs that may be there, and those of which nothing may be given.
    packs: Vec<String>,
    expired: Vec<String>,
    rows: Vec<Row>,
    settled: Vec<Settled>,
    csv: String,
    newest: Option<String>,
    older: Option<String>,
}

struct Matched {
    count: String,
    at: String,
}

/// A difference that nobody has resolved.
struct Difference {
    title: String,
    told: String,
    resolve: Option<Resolve>,
}

/// How a supervisor ends it.
struct Resolve {
    action: String,
    form: Form,
}

/// Tells the forms of a page apart; whoever has more differences open resolves these first.
const FORMS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

/// The forms of a page: fresh, but for the one that came back.
pub(super) struct Forms {
    pub csrf: String,
    /// The difference, and the form as it was filled in.
    pub answered: Option<(String, Form)>,
}

impl Forms {
    fn of(&self, facts: &Facts, discrepancy: &str, nth: usize) -> Option<Form> {
        let answered = self.answered.iter().find(|(id, _)| id == discrepancy).map(|(_, form)| form.clone());
        let name = FORMS.get(nth)?;
        Some(answered.unwrap_or_else(|| Form::new(&self.csrf, facts.now)).named(name))
    }
}

/// One that somebody has.
struct Settled {
    title: String,
    told: String,
    reason: String,
}

impl View {
    pub(super) fn new(facts: &Facts, shell: Shell, rights: Rights, forms: &Forms) -> View {
        let (register, product) = (&facts.register, facts.product);
        let matched = facts.matched.as_ref();
        let unit = facts.holders.unit_of(&register.holder);
        let unit_name = facts.holders.unit(unit).map_or("", |unit| unit.name.as_str());
        let here = links::register(&register.id);
        let forms_of = |nth: usize, file: &DiscrepancyFile| {
            if rights.resolves { forms.of(facts, &file.opened.id, nth) } else { None }
        };
        View {
            shell,
            medicine: product.medicine.to_string(),
            product: product.name(),
            holder: facts.holders.name(&register.holder),
            unit: Link::new(format!("Register, {unit_name}"), links::register_of(unit, &facts.facility.id)),
            ways: if rights.enters { ways(facts) } else { Vec::new() },
            count: rights.enters.then(|| links::count(unit)),
            open: facts.open().enumerate().map(|(nth, file)| difference(facts, file, forms_of(nth, file))).collect(),
            endings: endings(),
            balance: signed_text(register.book.balance, product),
            last: register.last_seq,
            expected: (register.book.open != 0).then(|| register.book.on_hand().text(product)),
            matched: matched
                .map(|count| Matched { count: count.counted.text(product), at: facts.moment(count.counted_at) }),
            lasts: lasts(facts),
            packs: facts.packs.iter().map(pack_text).collect(),
            expired: expired_text(&facts.packs, facts.outlooks.today),
            rows: rows(facts),
            settled: facts.differences.iter().filter_map(|file| settled(facts, file)).collect(),
            csv: links::register_csv(&register.id),
            newest: (!facts.newest).then(|| here.clone()),
            older: facts.older.map(|seq| format!("{here}?before={seq}")),
        }
    }

    /// Whether a form came back with something wrong.
    fn wrong(&self) -> bool {
        self.open.iter().flat_map(|one| &one.resolve).any(|one| one.form.wrong())
    }
}

fn ways(facts: &Facts) -> Vec<Link> {
    let text = |what: What| match what {
        What::Receive => "Receive",
        What::Waste => "Waste",
        What::Return => "Return",
        What::Destroy => "Destroy",
        What::Move => "Move",
    };
    let boxed = matches!(facts.register.holder, Holder::Unit(_)) && facts.holders.units.len() > 1;
    let all = What::ALL.into_iter().filter(|what| *what != What::Move || boxed);
    all.map(|what| Link::new(text(what), links::enter(&facts.register.id, what.word()))).collect()
}

fn difference(facts: &Facts, file: &DiscrepancyFile, form: Option<Form>) -> Difference {
    let opened = &file.opened;
    let (by, at) = (facts.name(&opened.opened_by), facts.moment(opened.opened_at));
    Difference {
        title: difference_title(opened, facts.product),
        told: match &opened.unwitnessed {
            None => format!("Found by {by}, {at}. Both balances are shown until a supervisor has resolved it."),
            Some(why) => format!(
                "{by}, {at}: “{why}”. Both balances are shown until a supervisor has looked into it and resolved it."
            ),
        },
        resolve: form.map(|form| Resolve { action: links::resolve(&opened.id), form }),
    }
}

fn endings() -> Vec<Choice> {
    let adjusted = Choice::new(Ending::Adjusted.word(), "The register follows what was found");
    let explained = Choice::new(Ending::Explained.word(), "It is explained");
    vec![
        adjusted.hinted("The difference is written off or on"),
        explained.hinted("A missing entry has been made since"),
    ]
}

fn settled(facts: &Facts, file: &DiscrepancyFile) -> Option<Settled> {
    let ended = file.ended.as_ref()?;
    let how = match ended.ending {
        Ending::Adjusted => "Register adjusted",
        Ending::Explained => "Explained",
    };
    Some(Settled {
        title: format!("{}, {}", difference_title(&file.opened, facts.product), facts.moment(file.opened.opened_at)),
        told: format!("{how} by {}, {}.", facts.name(&ended.ended_by), facts.moment(ended.ended_at)),
        reason: ended.reason.clone(),
    })
}
