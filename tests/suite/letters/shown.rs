//! What a supervisor sees of letters: what went out, what did not, and why.

use chrono::TimeDelta;
use stepdown::care::letter::Kind;
use stepdown::store::letters::LetterState;

use crate::browser_like::{Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::smtp::{Fault, Server};
use crate::ward::{Ringer, letters, of_kind, plan, saturday};

/// As every facility is before its administrator has been to the settings.
#[test]
fn letters_without_a_sender_wait_for_one_and_the_overview_says_so() {
    on_both(|house| {
        settle(house);
        let stocked = "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)";
        house.plain_sql(stocked).unwrap();
        plan(house, RESIDENT, "2026-11-21");
        house.plain_sql("UPDATE facilities SET mail_from = ''").unwrap();
        let server = Server::start();
        for minute in 0..12 {
            house.clock.set(at("2026-11-21T08:00:00Z") + TimeDelta::minutes(2 * minute));
            let rung = Ringer::new(&house.db, &server.post()).ring();
            assert_eq!(rung.sent, 0);
        }
        let waiting: Vec<_> = letters(house).into_iter().map(|one| (one.state, one.attempts, one.problem)).collect();
        let why = "No sender is set for letters: an administrator sets one under Settings.";
        assert!(waiting.len() >= 2, "{waiting:?}");
        assert!(waiting.iter().all(|one| *one == (LetterState::Wanted, 0, why.to_owned())), "{waiting:?}");
        let served = Served::start(house);
        let overview = served.signed_in("supervisor").get("/overview").text();
        assert!(overview.contains("No sender is set for letters: none leaves. An administrator sets it"), "{overview}");

        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings?facility=alder");
        let refused = administrator.fill(&page, "/settings", &[("mail_from", "stepdown@alder..example")]);
        assert_eq!(refused.status, 422, "no mail server could read it");
        let set = administrator.fill(&page, "/settings", &[("mail_from", "stepdown@alder.example")]);
        assert_eq!(set.status, 303, "{}", set.text());
        assert!(!served.signed_in("supervisor").get("/overview").text().contains("No sender"));
        house.clock.set(at("2026-11-21T08:30:00Z"));
        assert_eq!(Ringer::new(&house.db, &server.post()).ring().sent, waiting.len(), "none is lost");
    });
}

#[test]
fn a_unit_without_a_mailbox_is_seen_among_the_failed_letters() {
    let house = House::on_sqlite();
    saturday(&house, "08:00:00");
    house.plain_sql("UPDATE units SET mailbox = ''").unwrap();
    Ringer::new(&house.db, &Server::start().post()).ring();
    let letter = of_kind(&house, Kind::RoundDue).remove(0);
    assert_eq!((letter.state, letter.problem.as_str()), (LetterState::GivenUp, "There is no address to send it to."));
}

/// What fails is seen: the list of letters that did not arrive, with why, and the text of each.
#[test]
fn a_supervisor_sees_what_went_out_and_what_did_not() {
    on_both(|house| {
        settle(house);
        house
            .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
            .unwrap();
        plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-21T08:00:00Z"));
        let server = Server::start();
        server.will(&[Fault::Never]);
        Ringer::new(&house.db, &server.post()).ring();
        let served = Served::start(house);
        for username in ["supervisor", "administrator"] {
            let all = served.signed_in(username).get("/letters?facility=alder");
            assert_eq!((all.status, all.all("tbody tr").len()), (200, 2));
        }
        let supervisor = served.signed_in("supervisor");
        let failed = supervisor.get("/letters?list=failed");
        assert_eq!(failed.all("tbody tr").len(), 1);
        let row = failed.all("tbody tr").remove(0);
        assert!(row.contains("Given up") && row.contains("550"), "{row}");
        let sent = supervisor.get("/letters?list=sent").all("tbody tr").remove(0);
        assert!(sent.contains("Sent 08:00"), "{sent}");
        // Which of them met the fault nobody knows: both were under way.
        for text in ["s@alder.example", "Doses to record in the 08:00 round of East"] {
            assert!(row.contains(text) != sent.contains(text), "{text} in one of\n{row}\n{sent}");
        }
        assert_eq!(supervisor.get("/letters?list=nothing&after=x.y").status, 200);
        assert_eq!(supervisor.get("/letters?facility=birch").status, 404);
        assert_eq!(served.signed_in("nurse").get("/letters").status, 403);
        assert_eq!(served.signed_in("other").get("/letters?facility=alder").status, 404);
        assert_eq!(served.visitor().get("/letters").status, 303);
    });
}

#[test]
fn the_last_page_of_letters_is_reached_by_key() {
    let house = House::on_sqlite();
    settle(&house);
    let row = |n: i32| {
        format!(
            "('l-{n}', 'alder', 'digest', 's-{n}', 's@alder.example', '2026-10-{:02} 07:00:00', '2026-11-01 07:00:00',
              't', 'b', 'sent', '2026-10-01 07:00:00')",
            1 + n % 20
        )
    };
    let rows: Vec<String> = (0..120).map(row).collect();
    let columns = "id, facility, kind, subject, recipient, wanted_at, expires_at, title, body, state, try_at";
    house.plain_sql(&format!("INSERT INTO letters ({columns}) VALUES {}", rows.join(", "))).unwrap();
    let served = Served::start(&house);
    let supervisor = served.signed_in("supervisor");
    let (mut next, mut counts) = ("/letters".to_owned(), Vec::new());
    loop {
        let page = supervisor.get(&next);
        counts.push(page.all("tbody tr").len());
        match page.all(".pages a").iter().position(|text| text == "Older") {
            Some(at) => next = page.attribute(&format!(".pages a:nth-of-type({})", at + 1), "href").unwrap(),
            None => break,
        }
    }
    assert_eq!(counts, [50, 50, 20]);
}
