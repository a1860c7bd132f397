//! Doses laid out for the days ahead, and reductions signed, against the same rows put in together.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use stepdown::acts::ActError;
use stepdown::acts::lay_out_doses::{PLANS_AT_ONCE, lay_out_together};
use stepdown::acts::sign_reduction::{SignReduction, sign_reduction};
use stepdown::care::calendar::days_after;
use stepdown::care::people::{Confirmed, Pharmacist};
use stepdown::care::taper::reduction::SignAsk;
use stepdown::clock::Clock;
use stepdown::store::Db;

use crate::furnished::{self, Furniture, House, id};
use crate::measure::{Round, Rounds};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 1000)]
    residents: u32,
    /// How many of their reductions are signed.
    #[arg(long, default_value_t = 200)]
    signed: usize,
}

const SLOTS: [&str; 4] = ["08:00", "12:00", "18:00", "22:00"];
/// So many rows stand in one statement where they are put in together.
const ROWS: usize = 500;

/// A house whose doses were laid out at a day, and a copy of it from before.
struct Desk {
    db: Db,
    clock: Clock,
    house: House,
    file: String,
    plain: SqliteConnection,
    began: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Literal {
    #[diesel(sql_type = Text)]
    row: String,
}

/// Every column of a dose as SQL says it; what stands on a signature stands on the approval, which the copy has.
const LITERAL: &str = "'(' || quote(id) || ',' || quote(plan) || ',' || quote(facility) || ',' || quote(resident) || ',' \
    || quote(medicine) || ',' || quote(on_date) || ',' || quote(slot) || ',' || quote(due_at) || ',' || quote(amount_ug) \
    || ',' || quote(step) || ',' \
    || quote((SELECT id FROM plan_facts AS fact WHERE fact.plan = doses.plan AND fact.kind = 'approved')) \
    || ',' || quote(undecided) || ',' || quote(void) || ',' || quote(recorded) || ',' || quote(revision) || ')'";

pub fn run(arguments: &Arguments) {
    let folder = crate::folder();
    let file = folder.path().join("stepdown.db").display().to_string();
    let mut desk = Desk::furnished(file, arguments.residents);
    let (mut ours, mut raw, mut unlaid) = (Rounds::default(), Rounds::default(), String::new());
    // A fortnight later nothing is laid out any more. After the second one the first reductions may be signed.
    for fortnight in 1..=2 {
        let before = desk.copied(fortnight);
        unlaid = desk.copied(10 + fortnight);
        desk.clock.set(desk.began + TimeDelta::days(14 * fortnight));
        let laid = desk.laid_out();
        let rows = desk.rows(&format!("on_date > '{}'", desk.day(14 * fortnight as u32)));
        ours.push(Round::whole(rows.len(), laid));
        raw.push(Round::whole(rows.len(), together(&before, &[rows])));
    }
    told("lay out 14 days for everybody, as the bell does: fifty plans in an act and a commit", &ours, &raw);
    signed(&mut desk, &unlaid, arguments.signed);
}

impl Desk {
    fn furnished(file: String, residents: u32) -> Desk {
        let first: NaiveDate = "2026-10-01".parse().expect("a day");
        let began = first.and_time(NaiveTime::MIN).and_utc();
        let clock = Clock::fixed(began);
        let db = Db::open(&format!("sqlite:{file}"), clock.clone()).expect("a file");
        db.migrate().expect("an empty file takes our tables");
        let furniture = Furniture::with(residents, &SLOTS);
        let house =
            db.write::<_, ActError>(move |conn, now| furnished::furnish(conn, &furniture, now)).expect("a house");
        let plain = SqliteConnection::establish(&file).expect("the same file");
        Desk { db, clock, house, file, plain, began }
    }

    fn day(&self, n: u32) -> NaiveDate {
        days_after(self.began.date_naive(), n)
    }

    /// The file as it stands now, elsewhere.
    fn copied(&mut self, n: i64) -> String {
        let copy = format!("{}-{n}", self.file);
        sql_query(format!("VACUUM INTO '{copy}'")).execute(&mut self.plain).expect("the disk has room");
        copy
    }

    fn rows(&mut self, which: &str) -> Vec<String> {
        let asked = sql_query(format!("SELECT {LITERAL} AS row FROM doses WHERE {which}"));
        asked.load::<Literal>(&mut self.plain).expect("they were laid out").into_iter().map(|one| one.row).collect()
    }

    fn laid_out(&self) -> std::time::Duration {
        let began = std::time::Instant::now();
        for plans in self.house.plans.chunks(PLANS_AT_ONCE).map(<[String]>::to_vec) {
            self.db.write(move |conn, now| lay_out_together(conn, &plans, now)).expect("doses are laid out");
        }
        began.elapsed()
    }
}

/// The rows, so many in a statement, all of a list in one transaction.
fn together(file: &str, lists: &[Vec<String>]) -> std::time::Duration {
    let mut conn = SqliteConnection::establish(file).expect("the copy");
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
        .expect("settings");
    let began = std::time::Instant::now();
    for rows in lists {
        conn.batch_execute("BEGIN IMMEDIATE").expect("nobody else writes");
        for some in rows.chunks(ROWS) {
            let insert = format!("INSERT INTO doses VALUES {}", some.join(","));
            conn.batch_execute(&insert).expect("they are not there yet");
        }
        conn.batch_execute("COMMIT").expect("the disk has room");
    }
    began.elapsed()
}

/// Signs the first reduction of some plans on the day when it is due: all the doses ahead follow it.
fn signed(desk: &mut Desk, unlaid: &str, many: usize) {
    let from = desk.day(29);
    let plans: Vec<String> = desk.house.plans.iter().take(many).cloned().collect();
    let (by, confirmed) = (desk.house.pharmacist.clone(), Confirmed { person: desk.house.pharmacist.person.clone() });
    let began = std::time::Instant::now();
    for plan in &plans {
        let (by, confirmed, ask) = (Pharmacist(by.clone()), confirmed.clone(), asked(plan, from));
        desk.db.write(move |conn, now| sign_reduction(conn, &by, &confirmed, &ask, now)).expect("it may be signed");
    }
    let took = began.elapsed();
    let lists: Vec<Vec<String>> =
        plans.iter().map(|plan| desk.rows(&format!("plan = '{plan}' AND on_date >= '{from}'"))).collect();
    let rows = lists.iter().map(Vec::len).sum();
    let (mut ours, mut raw) = (Rounds::default(), Rounds::default());
    ours.push(Round::whole(rows, took));
    raw.push(Round::whole(rows, together(unlaid, &lists)));
    told(&format!("sign a reduction with {} doses ahead", rows / many.max(1)), &ours, &raw);
}

fn asked(plan: &str, effective_on: NaiveDate) -> SignReduction {
    let sign = SignAsk {
        n: 1,
        effective_on,
        rationale: "Calm and steady on her feet for weeks; the first reduction is right now.".into(),
        flags_reason: "No score was taken; she was seen this morning, and it was agreed with her and her doctor."
            .into(),
    };
    SignReduction { form: id(&format!("signature {plan}")), plan: plan.to_owned(), sign, seen: None }
}

fn told(what: &str, ours: &Rounds, raw: &Rounds) {
    println!(
        "\n{what}: {} doses a second; put in together {} a second; ours over that {}",
        ours.rate().whole(),
        raw.rate().whole(),
        ours.over(raw).ratio()
    );
}
