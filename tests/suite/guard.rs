//! The guard at the door: roles, forged forms, bad input, headers, and errors that say what was not saved.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web::get;

use stepdown::web::Hall;
use stepdown::web::arrival::Arrivals;
use stepdown::web::password::{Cost, Passwords};

use crate::browser_like::{PASSWORD, Served, Shown, settle};
use crate::desk::forced;
use crate::house::{House, on_both};

fn settled(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

#[test]
fn a_stranger_is_sent_to_sign_in_everywhere() {
    settled(|_, served| {
        for path in ["/", "/people", "/people/nurse", "/settings"] {
            let answer = served.visitor().get(path);
            assert_eq!(answer.status, 303, "{path}");
            assert!(answer.location().starts_with("/sign-in"), "{path}");
        }
        for path in ["/people", "/settings", "/sign-out"] {
            let answer = served.visitor().post(path, &[("csrf", "x")]);
            assert_eq!((answer.status, answer.location()), (303, "/sign-in?why=ended"), "{path}");
        }
    });
}

#[test]
fn the_wrong_role_is_told_so_and_that_nothing_has_changed() {
    settled(|house, served| {
        let nurse = served.signed_in("nurse");
        let refused = nurse.get("/people");
        assert_eq!(refused.status, 403);
        let text = refused.text();
        assert!(text.contains("It needs the role administrator. You are signed in as Nora Nurse, nurse."), "{text}");
        assert!(text.contains("Nothing has changed"), "{text}");
        assert_eq!(refused.attribute("main a.btn", "href").as_deref(), Some("/round"), "a way on");
        let page = served.signed_in("administrator").get("/people");
        let mut fields = page.fields("/people");
        fields.retain(|(name, _)| name != "csrf");
        let csrf = refused.attribute("input[name=csrf]", "value").unwrap();
        fields.push(("csrf".into(), csrf));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let posted = nurse.post("/people", &fields);
        assert_eq!(posted.status, 403);
        assert!(posted.text().contains("NOT saved"));
        assert_eq!(house.count("history"), 0);
    });
}

#[test]
fn another_facility_might_as_well_not_exist() {
    settled(|_, served| {
        let administrator = served.signed_in("administrator");
        for path in ["/people?facility=birch", "/people/stranger", "/settings?facility=birch", "/people/no-such-person"]
        {
            assert_eq!(administrator.get(path).status, 404, "{path}");
        }
    });
}

#[test]
fn whoever_is_disabled_or_loses_the_role_is_out_at_the_next_request() {
    settled(|house, served| {
        let (nurse, administrator) = (served.signed_in("nurse"), served.signed_in("administrator"));
        assert_eq!(nurse.get("/").location(), "/round");
        house.plain_sql("UPDATE people SET disabled_at = '2026-11-20 08:00:00' WHERE id = 'nurse'").unwrap();
        assert_eq!(nurse.get("/").location(), "/sign-in");
        assert_eq!(administrator.get("/people").status, 200);
        house.plain_sql("UPDATE memberships SET ends_at = '2026-11-20 08:12:00' WHERE id = 'm-5'").unwrap();
        assert_eq!(administrator.get("/people").status, 403, "a membership that has ended is none");
        let visitor = served.visitor();
        let page = visitor.get("/sign-in");
        assert_eq!(visitor.fill(&page, "/sign-in", &[("username", "nurse"), ("password", PASSWORD)]).status, 422);
    });
}

#[test]
fn a_form_without_our_own_proof_is_refused() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/people");
        let wrong = administrator.fill(&page, "/people", &[("csrf", "0000"), ("username", "new.nurse")]);
        assert_forged(&wrong);
        assert_forged(&administrator.post("/people", &[("username", "new.nurse")]));
        let mine = served.signed_in("nurse").get("/nothing").attribute("input[name=csrf]", "value").unwrap();
        assert_forged(&administrator.fill(&page, "/people", &[("csrf", &mine)]));
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        for (header, value) in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://evil.example"),
            ("Origin", "null"),
        ] {
            assert_forged(&administrator.posted("/people", &[("csrf", &csrf)], &[(header, value)]));
        }
        let ours = administrator.posted("/people", &[("csrf", &csrf)], &[("Origin", &served.base)]);
        assert_ne!(ours.status, 403, "our own page is believed");
        assert_eq!(house.count("history"), 0);
    });
}

fn assert_forged(answer: &Shown) {
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("NOT saved"), "{}", answer.text());
}

#[test]
fn bad_bodies_are_answered_with_a_sentence_and_save_nothing() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let csrf = administrator.get("/people").attribute("input[name=csrf]", "value").unwrap();
        let huge = "x".repeat(70 * 1024);
        let too_large = administrator.post("/people", &[("csrf", &csrf), ("name", &huge)]);
        assert_eq!(too_large.status, 413);
        assert!(too_large.text().contains("64 KiB"));
        for field in ["a\0b", "a\u{1b}[0m", "\u{7f}"] {
            let odd = administrator.post("/people", &[("csrf", &csrf), ("form", "x"), ("name", field)]);
            assert_eq!(odd.status, 400, "{field:?}");
            assert!(odd.text().contains("NOT saved"));
        }
        let twice = administrator.post("/people", &[("csrf", &csrf), ("username", "a1"), ("username", "a2")]);
        assert_eq!(twice.status, 400);
        let lost = administrator.post("/people", &[("csrf", &csrf), ("facility", "alder"), ("form", "not-a-number")]);
        assert_eq!(lost.status, 400);
        assert_eq!(house.count("history"), 0);
    });
}

#[test]
fn every_answer_wears_the_same_headers() {
    settled(|_, served| {
        let (visitor, nurse) = (served.visitor(), served.signed_in("nurse"));
        let style = visitor.get("/sign-in").attribute("link[rel=stylesheet]", "href").unwrap();
        let answers = [
            visitor.get("/sign-in"),
            visitor.get("/"),
            visitor.get("/nothing"),
            visitor.get("/%00"),
            visitor.get("/sign-out"),
            visitor.get("/health/live"),
            visitor.get(&style),
            nurse.get("/people"),
            nurse.post("/people", &[]),
            nurse.post("/sign-in", &[("csrf", &"y".repeat(70 * 1024))]),
        ];
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [200, 303, 404, 404, 405, 200, 200, 403, 403, 413]);
        for answer in &answers {
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
            assert!(!policy.contains("unsafe"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("x-frame-options"), Some("DENY"));
            assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
            let kept = answer.header("cache-control").unwrap();
            assert_eq!(kept.contains("no-store"), !kept.contains("immutable"), "{kept}");
        }
    });
}

#[test]
fn the_stylesheet_is_kept_for_ever_under_the_address_of_its_content() {
    settled(|_, served| {
        let visitor = served.visitor();
        let style = visitor.get("/sign-in").attribute("link[rel=stylesheet]", "href").unwrap();
        let first = visitor.get(&style);
        assert!(first.header("cache-control").unwrap().contains("immutable"));
        let tag = first.header("etag").unwrap().to_owned();
        assert_eq!(visitor.asked(&style, &[("If-None-Match", &tag)]).status, 304);
        assert_eq!(visitor.get("/assets/stepdown-0000000000000000.css").status, 404);
    });
}

#[test]
fn the_health_of_the_house_is_told_without_signing_in() {
    settled(|house, served| {
        let visitor = served.visitor();
        assert_eq!(visitor.get("/health/live").body, "alive\n");
        assert_eq!(visitor.get("/health/ready").body, "ready\n");
        house.plain_sql("DELETE FROM __diesel_schema_migrations").unwrap();
        assert_eq!(visitor.get("/health/ready").status, 503);
    });
}

#[test]
fn what_breaks_says_so_with_a_number_and_that_nothing_was_saved() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings/units/new");
        house.plain_sql("ALTER TABLE units RENAME TO lost_units").unwrap();
        let looked = administrator.get("/settings");
        let fields = [("name", "Willow"), ("rounds", "08:00")];
        let posted = administrator.fill(&page, "/settings/units/new", &fields);
        for broken in [&looked, &posted] {
            assert_eq!(broken.status, 500);
            assert!(broken.header("content-security-policy").is_some());
            assert!(!broken.body.contains("lost_units") && !broken.body.contains("no such table"), "{}", broken.text());
            assert!(broken.text().contains("Reference "), "a number to tell");
            assert_eq!(broken.attribute("main a.btn", "href").as_deref(), Some("/people"), "a way on");
        }
        assert!(looked.text().contains("Nothing has changed"));
        assert!(posted.text().contains("What you entered was NOT saved."));
        assert_eq!(house.count("history"), 0);
    });
}

#[test]
fn a_form_too_many_is_turned_away_at_once_and_told_when_to_come_back() {
    let house = House::on_sqlite();
    settle(&house);
    let hall = Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, false);
    let crowd = hall.crowd.clone();
    let served = Served::with(hall);
    let nurse = served.signed_in("nurse");
    let inside: Vec<_> = std::iter::from_fn(|| crowd.enter()).collect();
    let refused = forced(&nurse, "/doses/none/administration", &[]);
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("2")), "{}", refused.text());
    assert!(refused.text().contains("NOT saved"), "{}", refused.text());
    assert_eq!(nurse.get("/round").status, 200, "whoever only looks is let in");
    drop(inside);
    assert_ne!(forced(&nurse, "/doses/none/administration", &[]).status, 503);
}

/// Sends the head of a form and the first letter of its body, and no more.
fn begun(served: &Served, path: &str, cookie: &str, kind: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(served.base.trim_start_matches("http://")).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nHost: h\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\n");
    stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n-").as_bytes()).unwrap();
    stream
}

fn answer(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A proxy that puts its own name in the place of the host, as most do unless they are told otherwise.
#[test]
fn a_form_from_the_address_that_people_type_is_believed_whatever_host_the_proxy_names() {
    let house = House::on_sqlite();
    settle(&house);
    let public_url = Some("https://stepdown.alder.example".to_owned());
    let hall = Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, true);
    let served = Served::with(Hall { public_url, ..hall });
    let administrator = served.signed_in("administrator");
    let csrf = administrator.get("/people").attribute("input[name=csrf]", "value").unwrap();
    let from = |origin| administrator.posted("/people", &[("csrf", &csrf)], &[("Origin", origin)]);
    assert_ne!(from("https://stepdown.alder.example").status, 403);
    assert_forged(&from("https://stepdown.alder.example.evil.example"));
}

/// A scanner, or somebody bored, who guesses at the door with many hands: those who work here go on.
#[test]
fn strangers_take_no_place_of_those_who_are_signed_in() {
    let house = House::on_sqlite();
    settle(&house);
    let hall = Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, false);
    let served = Served::with(hall.clone());
    let nurse = served.signed_in("nurse");
    let strangers: Vec<_> = std::iter::from_fn(|| hall.strangers.enter()).collect();
    assert!(!strangers.is_empty());
    let visitor = served.visitor();
    let door = visitor.get("/sign-in");
    let asked = [("username", "nurse"), ("password", PASSWORD)];
    assert_eq!(visitor.fill(&door, "/sign-in", &asked).status, 503);
    assert_ne!(forced(&nurse, "/doses/none/administration", &[]).status, 503);
    drop(strangers);
    assert_eq!(visitor.fill(&door, "/sign-in", &asked).status, 303);
    let stranger = format!("stepdown-door={}", "a".repeat(64));
    let large = begun(&served, "/sign-in", &stranger, "multipart/form-data; boundary=x", 9_000_000);
    let refused = answer(large);
    assert!(refused.starts_with("HTTP/1.1 303"), "nothing large arrives from outside: {refused}");
}

/// A tablet that leaves the wifi in the middle of a form, or somebody who means ill.
#[test]
fn forms_that_never_arrive_whole_hold_up_nobody_else() {
    let house = House::on_sqlite();
    settle(&house);
    let time = Duration::from_secs(10);
    let mut hall = Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, false);
    hall.arrivals = Arrivals::within(time, time);
    let served = Served::with(hall);
    let nurse = served.visitor();
    let asked = [("username", "nurse"), ("password", PASSWORD)];
    let inside = nurse.fill(&nurse.get("/sign-in"), "/sign-in", &asked);
    let cookie = inside.cookies().concat();
    let cookie = cookie.split(';').next().unwrap();
    let stranger = format!("stepdown-door={}", "a".repeat(64));
    let form = || begun(&served, "/sign-in", &stranger, "application/x-www-form-urlencoded", 60_000);
    let photo = || begun(&served, "/residents/resident-1/photo", cookie, "multipart/form-data; boundary=x", 9_000_000);
    let began = Instant::now();
    let mut forms: Vec<_> = (0..200).map(|_| form()).collect();
    let photos: Vec<_> = (0..8).map(|_| photo()).collect();
    // A busy machine reads the first lines of so many a moment later.
    std::thread::sleep(time / 5);
    let one_more = answer(photo());
    assert!(one_more.starts_with("HTTP/1.1 503"), "{one_more}");
    assert_ne!(forced(&nurse, "/doses/none/administration", &[]).status, 503, "everybody else goes on");
    assert!(began.elapsed() < time, "while all of them are waited for");
    let late = answer(forms.remove(0));
    assert!(late.starts_with("HTTP/1.1 408") && late.contains("NOT saved"), "{late}");
    assert!(began.elapsed() < time * 3, "and nobody is waited for for ever");
    for photo in photos {
        let late = answer(photo);
        assert!(late.starts_with("HTTP/1.1 400") && late.contains("NOT saved"), "{late}");
    }
}

/// What a proxy of ours did not write itself is the visitor's own text.
#[test]
fn only_the_last_address_that_a_proxy_names_counts() {
    let house = House::on_sqlite();
    let hall = |proxy| Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, proxy);
    let request = TestRequest::default()
        .append_header(("X-Forwarded-For", "1.1.1.1, 2.2.2.2"))
        .append_header(("X-Forwarded-For", "3.3.3.3, 9.9.9.9"))
        .peer_addr("10.0.0.1:80".parse().unwrap())
        .to_http_request();
    assert_eq!(hall(true).address(&request), "9.9.9.9");
    assert_eq!(hall(false).address(&request), "10.0.0.1");
}

/// A handler that panics takes nobody down with it.
#[test]
fn a_panic_is_answered_and_wears_the_headers() {
    async fn boom() -> &'static str {
        panic!("on purpose")
    }
    actix_web::rt::System::new().block_on(async {
        let app = App::new().wrap(from_fn(stepdown::web::guard::stand)).route("/", get().to(boom));
        let app = init_service(app).await;
        let broken = try_call_service(&app, TestRequest::get().to_request()).await.unwrap_err();
        let answer = broken.as_response_error().error_response();
        assert_eq!(answer.status(), 500);
        assert!(answer.headers().contains_key("content-security-policy"));
    });
}
