//! A database that was put back from a copy: its bell wants letters and sends none until a person has looked.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use stepdown::bell::Rung;
use stepdown::care::letter::Kind;
use stepdown::clock::Clock;
use stepdown::store::Db;
use stepdown::store::letters::LetterState;
use tempfile::TempDir;

use crate::browser_like::{Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::smtp::{self, Server};
use crate::ward::{self, Ringer, arrivals, of_kind, saturday, states};

/// What every page says whose rows may be wrong.
const MISSING: &str = "This system was put back from a copy made on 21 Nov 2026 08:00 or soon after: what was given, ordered \
                       or signed from then until 21 Nov 2026 08:30 is not here, so a dose shown as due may have been given \
                       and an order may be missing. Ask before you give, and look at the last downtime pack that was \
                       printed or laid before 21 Nov 2026 08:30.";

/// A house on Saturday at 08:00 whose bell has rung twice and could not send: a digest and a round wait. Its people can
/// sign in.
fn house_that_waits(house: &House) {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    ward::plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at("2026-11-21T08:00:00Z"));
    for _ in 0..2 {
        let rung = Ringer::new(&house.db, &smtp::nobody()).ring();
        assert!(!rung.put_back && rung.sent == 0, "{rung:?}");
    }
}

fn ring(house: &House, time: &str, server: &Server) -> Rung {
    house.clock.set(at(time));
    Ringer::new(&house.db, &server.post()).ring()
}

#[test]
fn after_a_copy_was_put_back_no_letter_leaves_until_a_person_says_so_and_then_what_is_still_due() {
    on_both(|house| {
        house_that_waits(house);
        let copy = house.copied();
        let server = Server::start();
        assert_eq!(ring(house, "2026-11-21T08:02:00Z", &server).sent, 2, "the house itself goes on");
        let rung = ring(&copy, "2026-11-21T08:30:00Z", &server);
        assert!(rung.put_back && rung.sent == 0, "{rung:?}");
        let rung = ring(&copy, "2026-11-21T08:31:00Z", &server);
        assert!(!rung.put_back && rung.sent == 0, "it says so once, and still sends nothing: {rung:?}");
        let served = Served::start(&copy);
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let round = nurse.get("/round").text();
        assert!(
            round.contains("Reminders by e-mail wait until a supervisor or an administrator has looked"),
            "{round}"
        );
        let overview = supervisor.get("/overview").text();
        assert!(overview.contains("Reminders by e-mail wait for a person: open Letters"), "{overview}");
        let health = served.visitor().get("/health/bell");
        assert_eq!((health.status, health.body.contains("waits for a person")), (503, true));
        let page = supervisor.get("/letters");
        let text = page.text();
        for page in [&round, &overview, &text] {
            assert!(page.contains(MISSING), "{page}");
            assert!(!page.contains("This page is complete") && !page.contains("do not depend on"), "{page}");
        }
        assert!(text.contains("2 letters would be sent now."), "{text}");

        // The round is over by now; the digest is not.
        assert_eq!(ring(&copy, "2026-11-21T09:10:00Z", &server).sent, 0);
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let page = supervisor.get("/letters");
        let text = page.text();
        assert!(text.contains("1 letter would be sent now."), "{text}");
        let said = supervisor.fill(&page, "/letters", &[]);
        assert_eq!((said.status, said.location()), (303, "/letters?facility=alder"));
        assert_eq!(ring(&copy, "2026-11-21T09:11:00Z", &server).sent, 1);
        assert_eq!(states(&of_kind(&copy, Kind::RoundDue)), [LetterState::Expired]);
        let mut times: Vec<usize> = arrivals(&server.taken()).into_values().collect();
        times.sort_unstable();
        assert_eq!(times, [1, 2], "the digest went out before, which nobody could know: under the same number");

        // Saying it once more changes nothing, by the same form or by another's.
        assert_eq!(supervisor.fill(&page, "/letters", &[("leave_out", "true")]).status, 303);
        assert_eq!(served.signed_in("administrator").fill(&page, "/letters", &[]).status, 403, "another's proof");
        assert_eq!(copy.count("history WHERE kind = 'send_letters' AND done_by = 'supervisor'"), 1);
        assert!(!supervisor.get("/letters").text().contains("No letter leaves"));
        assert!(!nurse.get("/round").text().contains("or an administrator has looked"));
        assert_eq!(served.visitor().get("/health/bell").status, 503, "another facility has not looked yet");
        let birch = "UPDATE letter_waits SET ended_at = found_at, ended_by = 'supervisor' WHERE facility = 'birch'";
        assert_eq!(copy.plain_sql(birch).unwrap(), 1);
        assert_eq!(served.visitor().get("/health/bell").status, 200);
    });
}

#[test]
fn a_dose_that_may_have_been_given_in_the_gap_says_so_until_it_is_recorded_and_one_after_it_does_not() {
    on_both(|house| {
        house_that_waits(house);
        let copy = house.copied();
        assert!(ring(&copy, "2026-11-21T08:30:00Z", &Server::start()).put_back);
        let asks = |round: &str| round.matches("Ask whether it was given").count();
        let served = Served::start(&copy);
        let nurse = served.signed_in("nurse");
        let round = nurse.get("/round");
        assert_eq!(asks(&round.text()), 1, "{}", round.text());
        let dose = round.attributes("a", "href").into_iter().find(|href| href.starts_with("/doses/")).unwrap();
        assert!(nurse.get(&dose).text().contains(&format!("Ask whether it was given. {MISSING}")));
        let pack = nurse.get("/units/east/downtime").text();
        assert!(pack.contains(MISSING), "{pack}");
        copy.plain_sql("UPDATE letter_waits SET ended_at = found_at, ended_by = 'supervisor'").unwrap();
        let round = nurse.get("/round").text();
        assert!(!round.contains(MISSING) && asks(&round) == 1, "whoever sends letters does not know either: {round}");
        copy.clock.set(at("2026-11-21T20:00:00Z"));
        let served = Served::start(&copy);
        let evening = served.signed_in("nurse").get("/round").text();
        assert_eq!(asks(&evening), 1, "the dose of the evening was not due yet: {evening}");
    });
}

/// Nobody answers for what they were never told.
#[test]
fn a_second_copy_put_back_before_anybody_answered_is_told_with_the_first() {
    on_both(|house| {
        house_that_waits(house);
        let copy = house.copied();
        assert!(ring(&copy, "2026-11-21T08:30:00Z", &Server::start()).put_back);
        let again = copy.copied();
        let served = Served::start(&again);
        let seen = served.signed_in("supervisor").get("/letters");
        assert!(ring(&again, "2026-11-21T09:45:00Z", &Server::start()).put_back);
        let both = "what was given, ordered or signed from then until 21 Nov 2026 09:45 is not here";
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        for (who, page) in [
            (&nurse, "/round"),
            (&supervisor, "/overview"),
            (&supervisor, "/letters"),
            (&nurse, "/units/east/downtime"),
        ] {
            let text = who.get(page).text();
            assert!(
                text.contains("put back from a copy made on 21 Nov 2026 08:00") && text.contains(both),
                "{page}: {text}"
            );
        }
        let redo = "An account that was closed, a role that ended, a password or a setting that was changed between 21 Nov \
                     2026 08:00 and 21 Nov 2026 09:45 is as it was before";
        for page in ["/people", "/letters"] {
            let text = served.signed_in("administrator").get(page).text();
            assert!(text.contains(redo), "{page}: {text}");
        }
        let field = |page: &crate::browser_like::Shown| page.attributes("input[name=wait]", "value").concat();
        let now = supervisor.get("/letters");
        assert_ne!(field(&seen), field(&now), "who was told of the first answers only that");
        assert_eq!(supervisor.fill(&now, "/letters", &[("wait", field(&seen).as_str())]).status, 303);
        assert_eq!(again.count("letter_waits WHERE facility = 'alder' AND ended_at IS NULL"), 1);
        assert_eq!(supervisor.fill(&supervisor.get("/letters"), "/letters", &[]).status, 303);
        assert_eq!(again.count("letter_waits WHERE facility = 'alder' AND ended_at IS NULL"), 0);
        assert_eq!(
            again.count("history WHERE kind = 'send_letters' AND body LIKE '%2026-11-21T08:00:00%09:45:00%'"),
            1
        );
    });
}

#[test]
fn a_person_may_leave_out_what_waits_and_have_only_what_comes_sent() {
    on_both(|house| {
        house_that_waits(house);
        let copy = house.copied();
        let server = Server::start();
        ring(&copy, "2026-11-21T08:30:00Z", &server);
        let served = Served::start(&copy);
        assert_eq!(served.signed_in("nurse").get("/letters").status, 403);
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/letters");
        let elsewhere = administrator.fill(&page, "/letters", &[("facility", "birch")]);
        assert_eq!(elsewhere.status, 404, "nobody speaks for another facility");
        assert_eq!(administrator.fill(&page, "/letters", &[("leave_out", "true")]).status, 303);
        assert_eq!(ring(&copy, "2026-11-21T08:31:00Z", &server).sent, 0);
        let digest = of_kind(&copy, Kind::Digest).remove(0);
        assert_eq!(digest.state, LetterState::GivenUp);
        assert!(digest.problem.starts_with("Left out by a person"), "{}", digest.problem);
        ring(&copy, "2026-11-21T10:00:00Z", &server);
        assert_eq!(states(&of_kind(&copy, Kind::NoRecord)), [LetterState::Sent], "what comes is sent");
    });
}

/// What was done in the copy since settles letters there too; and a house that never was copied knows no wait.
#[test]
fn a_start_a_second_bell_and_an_upgrade_wait_for_nobody() {
    on_both(|house| {
        saturday(house, "08:00:00");
        let server = Server::start();
        for minute in 0..4 {
            house.clock.set(at("2026-11-21T08:00:00Z") + TimeDelta::minutes(minute));
            let started_again = house.opened_again();
            let bells = crate::house::beside(2, |_| Ringer::new(&started_again, &server.post()).ring());
            assert!(bells.iter().all(|rung| !rung.put_back), "{bells:?}");
        }
        // As a program left it that did not count yet.
        house.plain_sql("UPDATE bells SET rings = 0, place = ''").unwrap();
        let bare = house.copied();
        assert!(!ring(&bare, "2026-11-21T09:00:00Z", &server).put_back);
        assert!(!ring(&bare, "2026-11-21T09:01:00Z", &server).put_back);
        assert_eq!(bare.count("letter_waits"), 0);
    });
}

/// A folder with a house in it, as people copy it about.
struct Folder(TempDir);

impl Folder {
    /// In it the bell has rung three times, and two letters wait; no program has it open.
    fn rung() -> Folder {
        let house = House::on_sqlite();
        saturday(&house, "08:00:00");
        let folder = Folder(tempfile::tempdir().unwrap());
        house.plain_sql(&format!("VACUUM INTO '{}'", folder.file("stepdown.db").display())).unwrap();
        for _ in 0..3 {
            assert!(!folder.put_back("2026-11-21T08:00:00Z"));
        }
        folder
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Opens it, rings once, and closes it; whether the bell found that a copy was put back.
    fn put_back(&self, time: &str) -> bool {
        let db = Db::open(&format!("sqlite:{}", self.file("stepdown.db").display()), Clock::fixed(at(time))).unwrap();
        Ringer::new(&db, &smtp::nobody()).ring().put_back
    }

    fn copy_to(&self, other: &Path) {
        for file in fs::read_dir(self.0.path()).unwrap() {
            let file = file.unwrap().path();
            fs::copy(&file, other.join(file.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn a_file_put_back_in_its_place_and_a_whole_folder_put_back_are_both_seen() {
    let (folder, kept) = (Folder::rung(), tempfile::tempdir().unwrap());
    folder.copy_to(kept.path());
    assert!(!folder.put_back("2026-11-21T08:01:00Z"), "it goes on");
    fs::copy(kept.path().join("stepdown.db"), folder.file("stepdown.db")).unwrap();
    assert!(folder.put_back("2026-11-21T08:02:00Z"), "the file alone, where the mark stands");
    assert!(!folder.put_back("2026-11-21T08:03:00Z"), "once");

    for file in fs::read_dir(kept.path()).unwrap() {
        let file = file.unwrap().path();
        fs::write(folder.file(file.file_name().unwrap().to_str().unwrap()), fs::read(&file).unwrap()).unwrap();
    }
    assert!(folder.put_back("2026-11-21T08:04:00Z"), "the folder, written into the files that were there");

    let elsewhere = Folder(tempfile::tempdir().unwrap());
    folder.copy_to(elsewhere.0.path());
    assert!(elsewhere.put_back("2026-11-21T08:05:00Z"), "the folder, on another disk");
    fs::remove_file(folder.file("stepdown.db-heard")).unwrap();
    assert!(folder.put_back("2026-11-21T08:05:00Z"), "the file alone, where no mark stands");
}

#[test]
fn a_folder_that_was_moved_and_a_program_that_died_before_its_mark_wait_for_nobody() {
    let folder = Folder::rung();
    let moved = Folder(tempfile::tempdir().unwrap());
    for file in fs::read_dir(folder.0.path()).unwrap() {
        let file = file.unwrap().path();
        fs::rename(&file, moved.file(file.file_name().unwrap().to_str().unwrap())).unwrap();
    }
    assert!(!moved.put_back("2026-11-21T08:01:00Z"));
    // One died between counting and marking, another while it marked.
    let conn = format!("sqlite:{}", moved.file("stepdown.db").display());
    let db = Db::open(&conn, Clock::fixed(at("2026-11-21T08:02:00Z"))).unwrap();
    fs::write(moved.file("stepdown.db-heard.part"), "rin").unwrap();
    db.write::<_, stepdown::acts::ActError>(|conn, now| {
        let last = stepdown::store::bells::ring_last(conn)?;
        Ok(stepdown::store::bells::bell_rang(conn, last.rings + 1, &last.place, now)?)
    })
    .unwrap();
    drop(db);
    assert!(!moved.put_back("2026-11-21T08:03:00Z"));
    assert!(!moved.file("stepdown.db-heard.part").exists());
}
