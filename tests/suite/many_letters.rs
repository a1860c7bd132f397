//! A morning of many letters: they are taken in hand together, and each goes out once all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use stepdown::acts::want_letters::letters_compared;
use stepdown::care::letter::{Concern, Kind, letters_wanted};
use stepdown::store::letters::{LetterFile, LetterState, matters_load};

use crate::audit::plans::explained;
use crate::ear::Ear;
use crate::house::{FACILITY, House, at, beside, on_both};
use crate::smtp::{self, Fault, Server};
use crate::ward::{self, Ringer, arrivals, give, letters, of_kind, saturday, states};

/// So many supervisors get a digest every morning.
const MANY: usize = 60;

/// Saturday at 08:00, a plan with an open dose, and a digest for everybody.
fn many(house: &House) -> String {
    let plan = saturday(house, "08:00:00");
    for n in 2..=MANY {
        let person = format!(
            "INSERT INTO people (id, username, name, registration, email, password_hash)
             VALUES ('chief-{n}', 'chief-{n}', 'Sue', '', 'chief-{n}@alder.example', '-')"
        );
        let role = format!(
            "INSERT INTO memberships (id, person, facility, role)
             VALUES ('m-chief-{n}', 'chief-{n}', 'alder', 'supervisor')"
        );
        house.plain_sql(&person).unwrap();
        house.plain_sql(&role).unwrap();
    }
    plan
}

fn digests(house: &House) -> Vec<LetterFile> {
    of_kind(house, Kind::Digest)
}

#[test]
fn many_letters_leave_at_one_ring_over_two_lines_at_most() {
    on_both(|house| {
        many(house);
        let server = Server::start();
        let rung = Ringer::new(&house.db, &server.post()).ring();
        assert_eq!((rung.sent, rung.failed), (MANY + 1, 0));
        assert!(arrivals(&server.taken()).values().all(|times| *times == 1));
        assert!((1..=2).contains(&server.calls()), "{}", server.calls());
        assert!(letters(house).iter().all(|l| (l.state, l.attempts) == (LetterState::Sent, 1)));
    });
}

/// Whether a letter should still leave does not rest on how many doses nobody recorded: what a house has left open for years
/// is counted once for the morning's letter, and not again with every handful.
#[test]
fn a_letter_that_is_looked_at_again_has_nothing_counted() {
    on_both(|house| {
        let plan = many(house);
        let counts = |concerns: Option<&BTreeSet<Concern>>| {
            let (ear, now) = (Ear::default(), house.clock.now());
            let mut conn = ear.listening(house);
            ear.heard();
            let matters = matters_load(&mut conn, FACILITY, concerns, now).unwrap();
            let digests = letters_wanted(&matters, now).iter().filter(|letter| letter.kind == Kind::Digest).count();
            assert_eq!(digests, MANY, "it should leave all the same");
            let counts = |query: &String| {
                let query = query.replace('`', "\"");
                let of_the_house =
                    query.contains("\"doses\".\"facility\" =") && query.contains("NOT (\"doses\".\"recorded\")");
                of_the_house || query.to_lowercase().contains("count(*)") && !query.contains("GROUP BY")
            };
            ear.heard().iter().filter(|query| counts(query)).count()
        };
        let again = BTreeSet::from([Concern::Facility, Concern::Plan(plan)]);
        assert_eq!((counts(None), counts(Some(&again))), (3, 0));
    });
}

/// With every ring, of every facility: what was given and sent in the years before makes no difference. A file plans its
/// queries without knowing how much there is of anything, so that it can be asked of an empty one.
#[test]
fn the_bell_looks_at_what_is_open_and_not_at_what_is_over() {
    let house = House::on_sqlite();
    many(&house);
    let ear = Ear::default();
    let mut conn = ear.listening(&house);
    ear.heard();
    letters_compared(&mut conn, FACILITY, house.clock.now()).unwrap();
    let heard = ear.heard();
    let led_by = |index: &str, asked: &str| {
        let asked = heard.iter().filter(|query| query.contains(asked));
        asked.map(|query| explained(&house, query).contains(index)).collect::<Vec<_>>()
    };
    assert_eq!(led_by("doses_open", "NOT (`doses`.`recorded`)"), [true, true], "how many, and whom to alarm");
    assert_eq!(led_by("letters_state", "`letters`.`state` IN (?, ?))) --"), [true], "what is under way");
    for table in ["doses", "administrations", "history", "letters", "plan_facts", "register_entries"] {
        let whole = |query: &&String| query.contains("-- binds") && !query.contains("1=0");
        let steps: Vec<String> = heard.iter().filter(whole).map(|query| explained(&house, query)).collect();
        assert!(!steps.iter().any(|steps| steps.contains(&format!("SCAN {table}"))), "{steps:#?}");
    }
}

#[test]
fn of_two_bells_each_sends_its_part_of_many_letters() {
    on_both(|house| {
        many(house);
        let server = Server::start();
        let rung = beside(2, |_| Ringer::new(&house.opened_again(), &server.post()).ring());
        assert_eq!(rung.iter().map(|rung| rung.sent).sum::<usize>(), MANY + 1, "{rung:?}");
        let arrivals = arrivals(&server.taken());
        assert!(arrivals.len() == MANY + 1 && arrivals.values().all(|times| *times == 1), "{arrivals:?}");
    });
}

/// Two letters hang, and with them both lines. What was in hand with them is given back in time, without having been tried,
/// and goes out after them.
#[test]
fn letters_behind_others_that_hang_are_given_back_and_looked_at_again() {
    let house = House::on_sqlite();
    many(&house);
    let server = Server::start();
    let well = [Fault::None; 20];
    server.will(&[&well[..], &[Fault::HangAfterDot; 2]].concat());
    let longer_than_they_are_fresh = Duration::from_millis(2_500);
    let rung = Ringer::patient(&house.db, &server.post(), longer_than_they_are_fresh).ring();
    assert_eq!((rung.sent, rung.failed), (MANY - 1, 2));
    let (hung, sent): (Vec<_>, Vec<_>) = letters(&house).into_iter().partition(|l| l.state == LetterState::Wanted);
    assert_eq!((hung.len(), sent.len()), (2, MANY - 1));
    assert!(sent.iter().all(|letter| letter.attempts == 1 && letter.problem.is_empty()), "{sent:?}");
    assert!(hung.iter().all(|letter| letter.problem.contains("did not answer")), "{hung:?}");
    house.clock.set(at("2026-11-21T08:01:00Z"));
    Ringer::new(&house.db, &server.post()).ring();
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    arrivals(&server.taken()).into_values().for_each(|often| *times.entry(often).or_default() += 1);
    assert_eq!(times, BTreeMap::from([(1, MANY - 1), (2, 2)]), "only those came twice whose answer was lost");
}

#[test]
fn a_letter_that_cannot_be_read_holds_up_no_other() {
    on_both(|house| {
        many(house);
        Ringer::new(&house.db, &smtp::nobody()).ring();
        let spoiled = digests(house)[MANY / 2].id.clone();
        house.plain_sql(&format!("UPDATE letters SET kind = 'nonsense' WHERE id = '{spoiled}'")).unwrap();
        house.clock.set(at("2026-11-21T08:01:00Z"));
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let rung = runtime.block_on(ringer.bell.tick());
        assert_eq!((rung.sent, rung.troubles.len()), (MANY, 1), "{:?}", rung.troubles);
        assert!(rung.troubles[0].contains(&spoiled), "{:?}", rung.troubles);
    });
}

/// One act, and of each letter what it would have been alone.
#[test]
fn letters_taken_in_hand_together_are_each_looked_at() {
    on_both(|house| {
        let plan = many(house);
        Ringer::new(&house.db, &smtp::nobody()).ring();
        house.clock.set(at("2026-11-21T08:05:00Z"));
        give(house, &plan, "2026-11-21", "08:00");
        let round = of_kind(house, Kind::RoundDue).remove(0).id;
        let [late, in_hand, put_off] = [0, 1, 2].map(|n| digests(house)[n].id.clone());
        house.plain_sql(&format!("UPDATE letters SET expires_at = '2026-11-21 08:05:00' WHERE id = '{late}'")).unwrap();
        assert_eq!(ward::claim(house, std::slice::from_ref(&in_hand)).len(), 1);
        let later = format!("UPDATE letters SET try_at = '2026-11-21 08:06:00' WHERE id = '{put_off}'");
        house.plain_sql(&later).unwrap();
        let ids: Vec<String> = letters(house).into_iter().map(|letter| letter.id).collect();
        let claimed: Vec<String> = ward::claim(house, &ids).into_iter().map(|one| one.letter.id).collect();
        let passed_over = [&round, &late, &in_hand, &put_off];
        let rest: Vec<String> = ids.into_iter().filter(|id| !passed_over.contains(&id)).collect();
        assert_eq!(claimed, rest, "in the order in which they were asked for");
        let state = |id: &str| states(&letters(house).into_iter().filter(|l| l.id == id).collect::<Vec<_>>());
        assert_eq!(state(&round), [LetterState::Settled]);
        assert_eq!(state(&late), [LetterState::Expired]);
        assert_eq!(state(&put_off), [LetterState::Wanted]);
        assert_eq!(ward::claim(house, &rest), [], "somebody has them");
    });
}
