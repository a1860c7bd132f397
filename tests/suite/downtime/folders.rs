//! The folders of the packs: fresh while they answer, never of an older copy, and nothing laid where nobody looks.

use std::path::Path;

use stepdown::bell::{Bell, Rung};
use stepdown::config::Post;
use stepdown::mail::Mail;
use stepdown::paper::{MARK_FILE, folders_of, set_up};
use stepdown::web::Hall;
use stepdown::web::password::{Cost, Passwords};
use tokio::sync::watch;

use super::{PACK, furnished, printed, to_give};
use crate::browser_like::Served;
use crate::house::{House, at, on_both};
use crate::ward;

fn ring(house: &House, folder: &Path) -> Rung {
    let mail = Mail::new(&Post::Folder(folder.join("letters")));
    let bell = Bell::new(house.db.clone(), mail, "https://stepdown.example", watch::channel(false).1);
    let mut bell = bell.laying(folders_of(vec![folder.join("packs")]));
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(bell.tick())
}

/// With a folder for packs in it.
fn set_up_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    set_up(&folder.path().join("packs")).unwrap();
    folder
}

fn pack_in(folder: &Path) -> String {
    let mut files: Vec<_> = std::fs::read_dir(folder.join("packs")).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| !file.ends_with(MARK_FILE));
    assert_eq!(files.len(), 1, "whole files only: {files:?}");
    std::fs::read_to_string(&files[0]).unwrap()
}

#[test]
fn the_bell_keeps_a_pack_that_opens_with_the_server_gone_and_is_never_behind() {
    on_both(|house| {
        let folder = set_up_folder();
        let plan = furnished(house);
        house.clock.set(at("2026-11-21T08:02:00Z"));
        let rung = ring(house, folder.path());
        assert_eq!((rung.packs, rung.troubles.len()), (1, 0), "{:?}", rung.troubles);
        assert_eq!(printed(&pack_in(folder.path())), to_give(house, &[&plan], at("2026-11-21T08:02:00Z")));
        assert_eq!(ring(house, folder.path()).packs, 0, "nothing has changed");
        ward::give(house, &plan, "2026-11-21", "08:00");
        house.clock.set(at("2026-11-21T08:12:00Z"));
        assert_eq!(ring(house, folder.path()).packs, 1, "a dose was recorded ten minutes after the pack");
        assert_eq!(printed(&pack_in(folder.path())), to_give(house, &[&plan], at("2026-11-21T08:12:00Z")));
        house.clock.set(at("2026-11-21T09:11:59Z"));
        assert_eq!(ring(house, folder.path()).packs, 0);
        house.clock.set(at("2026-11-21T09:12:00Z"));
        assert_eq!(ring(house, folder.path()).packs, 1, "an hour is over");
    });
}

#[test]
fn the_supervisor_sees_where_no_fresh_pack_lies() {
    on_both(|house| {
        let folder = set_up_folder();
        furnished(house);
        house.clock.set(at("2026-11-21T08:02:00Z"));
        let hall = Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, false);
        let served = Served::with(Hall { downtime: folders_of(vec![folder.path().join("packs")]), ..hall });
        let supervisor = served.signed_in("supervisor");
        let overview = || supervisor.get("/overview").text();
        assert!(overview().contains("is missing. Load it from this page"), "{}", overview());
        ring(house, folder.path());
        assert!(!overview().contains("The downtime pack of East in"), "{}", overview());
        house.clock.set(at("2026-11-21T09:18:00Z"));
        let supervisor = served.signed_in("supervisor");
        let shown = supervisor.get("/overview");
        assert!(shown.text().contains("is of 21 Nov 2026 08:02"), "{}", shown.text());
        assert!(shown.attributes("a", "href").contains(&PACK.to_owned()));
    });
}

/// Where the ward's packs lie, seen by a supervisor at this hour.
fn overview(house: &House, folder: &Path) -> String {
    let hall = Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, false);
    let served = Served::with(Hall { downtime: folders_of(vec![folder.join("packs")]), ..hall });
    served.signed_in("supervisor").get("/overview").text()
}

#[test]
fn a_copy_that_was_put_back_or_is_tried_out_lays_no_pack_over_one_that_knows_more() {
    on_both(|house| {
        let folder = set_up_folder();
        let plan = furnished(house);
        house.clock.set(at("2026-11-21T08:02:00Z"));
        assert_eq!([ring(house, folder.path()).packs, ring(house, folder.path()).packs], [1, 0]);
        let copy = house.copied();
        ward::give(house, &plan, "2026-11-21", "08:00");
        house.clock.set(at("2026-11-21T08:12:00Z"));
        assert_eq!(ring(house, folder.path()).packs, 1);
        let (kept, entry) = (pack_in(folder.path()), house.count("history"));

        copy.clock.set(at("2026-11-21T09:30:00Z"));
        let rung = ring(&copy, folder.path());
        assert!(rung.put_back && rung.packs == 0, "{rung:?}");
        assert_eq!((ring(&copy, folder.path()).packs, pack_in(folder.path())), (0, kept.clone()));
        let shown = overview(&copy, folder.path());
        assert!(
            shown.contains("is of 21 Nov 2026 08:12, and no fresh one is laid until somebody has answered"),
            "{shown}"
        );

        copy.plain_sql("UPDATE letter_waits SET ended_at = found_at, ended_by = 'supervisor'").unwrap();
        assert_eq!((ring(&copy, folder.path()).packs, pack_in(folder.path())), (0, kept), "it still knows more");
        let shown = overview(&copy, folder.path());
        assert!(shown.contains(&format!("is of 21 Nov 2026 08:12 and holds entry {entry} of the history")), "{shown}");
        assert!(shown.contains("with STEPDOWN_DOWNTIME empty"), "{shown}");
        std::fs::remove_dir_all(folder.path().join("packs")).unwrap();
        set_up(&folder.path().join("packs")).unwrap();
        assert_eq!(ring(&copy, folder.path()).packs, 1, "somebody has printed it and taken it away");
    });
}

/// The machine leaps a day ahead: a pack made then would say that tonight's dose was missed.
#[test]
fn by_a_clock_that_nobody_trusts_no_pack_is_laid_and_one_that_is_loaded_says_so() {
    on_both(|house| {
        let folder = set_up_folder();
        furnished(house);
        house.clock.set(at("2026-11-21T14:00:00Z"));
        assert_eq!(ring(house, folder.path()).packs, 1);
        let kept = pack_in(folder.path());
        doubt(house, "2026-11-21 14:00:00", "2026-11-22 14:00:00");
        house.clock.set(at("2026-11-22T14:01:00Z"));
        assert_eq!((ring(house, folder.path()).packs, pack_in(folder.path())), (0, kept));
        let loaded = Served::start(house).signed_in("nurse").get("/units/east/downtime").text();
        assert!(loaded.contains("clock went ahead from 21 Nov 2026 14:00 to 22 Nov 2026 14:00"), "{loaded}");
        assert!(loaded.contains("may be still to come: give by an older pack."), "{loaded}");
        let shown = overview(house, folder.path());
        assert!(shown.contains("no fresh one is laid until somebody has answered"), "{shown}");
        house.plain_sql("UPDATE letter_waits SET ended_at = found_at, ended_by = 'supervisor'").unwrap();
        assert_eq!(ring(house, folder.path()).packs, 1, "somebody said that the time is right");
    });
}

/// The bell found the clock ahead, and nobody has answered.
fn doubt(house: &House, since: &str, found: &str) {
    let row = format!(
        "INSERT INTO letter_waits (id, facility, why, copied_at, found_at)
         VALUES ('doubt', 'alder', 'clock_ahead', '{since}', '{found}')"
    );
    house.plain_sql(&row).unwrap();
}

#[test]
fn a_unit_or_a_facility_that_is_renamed_has_one_pack_and_nothing_else_is_taken_away() {
    on_both(|house| {
        let folder = set_up_folder();
        furnished(house);
        house
            .plain_sql(
                "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('west', 'alder', 'West', '', '')",
            )
            .unwrap();
        house.clock.set(at("2026-11-21T08:02:00Z"));
        assert_eq!(ring(house, folder.path()).packs, 2);
        let packs = folder.path().join("packs");
        let others = ["downtime-notes-east.html", "downtime-alder-house-east-east.html.pdf", "east.html"];
        others.iter().for_each(|name| std::fs::write(packs.join(name), "mine").unwrap());
        house.plain_sql("UPDATE units SET name = 'Eastbrook' WHERE id = 'east'").unwrap();
        assert_eq!(ring(house, folder.path()).packs, 1, "at once");
        house.plain_sql("UPDATE facilities SET name = 'Elder House' WHERE id = 'alder'").unwrap();
        assert_eq!(ring(house, folder.path()).packs, 2);
        let mut names: Vec<_> =
            std::fs::read_dir(&packs).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        let mut expected = others.to_vec();
        expected.extend([MARK_FILE, "downtime-elder-house-eastbrook-east.html", "downtime-elder-house-west-west.html"]);
        expected.sort_unstable();
        assert_eq!(names, expected);
    });
}

/// Where a share is not mounted its place is a folder of this machine, and nobody on the ward sees what lies there.
#[test]
fn nothing_is_laid_where_the_share_of_the_ward_is_not_mounted_and_a_person_says_which_folder_is_right() {
    on_both(|house| {
        let folder = tempfile::tempdir().unwrap();
        let packs = folder.path().join("packs");
        furnished(house);
        house.clock.set(at("2026-11-21T08:02:00Z"));
        for there in [false, true] {
            if there {
                std::fs::create_dir(&packs).unwrap();
            }
            let rung = ring(house, folder.path());
            assert_eq!((rung.packs, rung.troubles.len()), (0, 1), "{:?}", rung.troubles);
            assert!(rung.troubles[0].contains("is the share mounted?"), "{:?}", rung.troubles);
            assert_eq!(packs.exists(), there, "no folder is made");
            let shown = overview(house, folder.path());
            assert!(shown.contains("is not the one that was set up: is the share mounted?"), "{shown}");
            assert!(shown.contains("put an empty file named stepdown-downtime.txt into it"), "{shown}");
        }
        std::fs::write(packs.join("stepdown-downtime.txt"), "").unwrap();
        assert_eq!(ring(house, folder.path()).packs, 1);
        assert!(!overview(house, folder.path()).contains("is the share mounted?"));
    });
}

/// A share whose server is away hangs whoever looks in: here a pipe that nobody writes to.
#[test]
fn a_folder_that_hangs_holds_up_no_reminder_and_no_page_and_is_used_again_once_it_answers() {
    on_both(|house| {
        let folder = set_up_folder();
        let pipe = folder.path().join("packs/downtime-alder-house-east-east.html");
        furnished(house);
        house.clock.set(at("2026-11-21T08:02:00Z"));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let rung = ring(house, folder.path());
        assert!(rung.packs == 0 && rung.wanted > 0 && rung.sent > 0, "{rung:?}");
        assert!(rung.troubles.concat().contains("for downtime packs does not answer"), "{:?}", rung.troubles);
        let shown = overview(house, folder.path());
        assert!(shown.contains("for downtime packs does not answer. Load the packs from this page"), "{shown}");
        // Whoever still waits for the pipe goes on.
        drop(std::fs::OpenOptions::new().write(true).open(&pipe).unwrap());
        std::fs::remove_file(&pipe).unwrap();
        assert_eq!(ring(house, folder.path()).packs, 1);
    });
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_stops_nothing_else() {
    on_both(|house| {
        let folder = set_up_folder();
        furnished(house);
        std::fs::create_dir(folder.path().join("packs/.downtime-alder-house-east-east.html.part")).unwrap();
        house.clock.set(at("2026-11-21T08:02:00Z"));
        let rung = ring(house, folder.path());
        assert_eq!(rung.packs, 0);
        assert!(rung.troubles[0].starts_with("the downtime pack of unit east"), "{:?}", rung.troubles);
        assert!(rung.wanted > 0, "letters are wanted all the same");
    });
}
