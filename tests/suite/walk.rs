//! A walk through the demo: every page that each role can reach by a link keeps the laws of a page.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, Stdio};

use crate::browser_like::{Shown, Visitor};
use crate::pages::keeps_the_laws;

/// One address of each kind is looked at so often: ten doses show what a thousand would.
const EACH: usize = 6;

/// `stepdown demo`, in a folder of its own; it ends with the test.
struct Demo {
    program: Child,
    base: String,
    _folder: tempfile::TempDir,
}

impl Demo {
    fn start() -> Demo {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_stepdown"))
            .args(["demo", "--at", "2026-11-20T08:12", "--listen", "127.0.0.1:0", "--password", PASSWORD, "--data"])
            .arg(folder.path())
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| address_in(&line.unwrap())).expect("the demo says where it serves");
        // The rest of what it says is read along, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Demo { program, base: address, _folder: folder }
    }
}

fn address_in(line: &str) -> Option<String> {
    let at = line.find("http://")?;
    Some(line[at..].split_whitespace().next()?.trim_end_matches(['/', '.', ',']).to_owned())
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }
}

const PASSWORD: &str = "a walk in the park";
/// One of each role, as the demo prints them.
const FACES: [&str; 5] = ["a.diallo", "h.marsh", "p.venkatesan", "c.ashby", "r.tan"];

/// An address without what differs from row to row: `/doses/…`.
fn kind(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let word =
        |part: &str| if part.len() > 20 || part.bytes().any(|b| b.is_ascii_digit()) { "…" } else { part }.to_owned();
    path.split('/').map(word).collect::<Vec<_>>().join("/")
}

#[test]
fn every_page_that_a_role_can_reach_keeps_the_laws() {
    let demo = Demo::start();
    let mut walked = Walked::default();
    for username in FACES {
        let visitor = Visitor::of(&demo.base);
        let door = visitor.get("/sign-in");
        keeps_the_laws("/sign-in", &door.body);
        let inside = visitor.fill(&door, "/sign-in", &[("username", username), ("password", PASSWORD)]);
        assert_eq!(inside.status, 303, "{username} should get in: {}", inside.text());
        walk(&visitor, username, &mut walked);
    }
    for kind in [
        "/round",
        "/doses/…",
        "/residents/…",
        "/plans/…",
        "/reductions",
        "/history",
        "/overview",
        "/error-rate",
        "/people/…",
        "/settings",
    ] {
        assert!(walked.seen.contains_key(kind), "nobody came to {kind}: {:?}", walked.seen);
    }
    assert!(walked.broken.is_empty(), "\n{}\n", walked.broken.join("\n"));
}

/// Where the walk came, and what it found there.
#[derive(Default)]
struct Walked {
    seen: BTreeMap<String, usize>,
    broken: Vec<String>,
}

impl Walked {
    /// One broken law of each kind of page is told; the others would only repeat it.
    fn look(&mut self, name: &str, kind: &str, shown: &Shown) {
        let looked = catch_unwind(AssertUnwindSafe(|| keeps_the_laws(name, &shown.body)));
        if let Err(why) = looked
            && !self.broken.iter().any(|told| told.starts_with(kind))
        {
            let why = why.downcast_ref::<String>().cloned().unwrap_or_default();
            self.broken.push(format!("{kind}: {why}"));
        }
    }
}

/// Follows links from the front page, some of each kind.
fn walk(visitor: &Visitor, username: &str, walked: &mut Walked) {
    let mut mine: BTreeMap<String, usize> = BTreeMap::new();
    let mut ahead = VecDeque::from(["/".to_owned()]);
    while let Some(address) = ahead.pop_front() {
        let times = mine.entry(kind(&address)).or_default();
        *times += 1;
        if *times > EACH {
            continue;
        }
        *walked.seen.entry(kind(&address)).or_default() += 1;
        let shown = visitor.get(&address);
        let name = format!("{address} as {username}");
        match shown.status {
            200 if is_page(&shown) => {
                walked.look(&name, &kind(&address), &shown);
                ahead.extend(links(&shown));
            }
            200 => {}
            303 => ahead.push_back(shown.location().to_owned()),
            status => walked.broken.push(format!("{name}: {status}: {}", shown.text())),
        }
    }
}

/// A file to be kept is no page of the house, even where it opens like one.
fn is_page(shown: &Shown) -> bool {
    let html = shown.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    html && shown.header("content-disposition").is_none()
}

/// The addresses of this house that a page leads to.
fn links(shown: &Shown) -> Vec<String> {
    let ours = |href: &String| href.starts_with('/') && !href.starts_with("//");
    let bare = |href: String| href.split('#').next().unwrap_or_default().to_owned();
    shown.attributes("a[href]", "href").into_iter().filter(ours).map(bare).collect()
}
