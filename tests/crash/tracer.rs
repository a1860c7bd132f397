//! strace: counts what the program writes and syncs, and kills it as it is about to do so for the nth time.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Once;

/// Set where a missing strace is a failure and not an excuse.
const REQUIRED: &str = "STEPDOWN_TEST_CRASH";
/// Everything by which SQLite changes a file.
pub const CALLS: [&str; 5] = ["pwrite64", "fsync", "fdatasync", "ftruncate", "unlink"];

/// A moment: just before a call is made for the nth time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub call: &'static str,
    pub nth: usize,
}

/// What strace is told to do.
pub enum Aim<'a> {
    Kill(Point),
    /// Writes every call into a file.
    Count(&'a Path),
    /// Writes every call into a file with all that it holds, and every answer that is given.
    Record(&'a Path),
    /// Lets every one of these calls fail, or the nth one alone.
    Fail {
        calls: &'static str,
        error: &'static str,
        nth: Option<usize>,
    },
}

impl Aim<'_> {
    fn words(&self) -> Vec<String> {
        let calls = CALLS.join(",");
        let (trace, more) = match self {
            Aim::Kill(point) => {
                let inject = format!("inject={}:signal=KILL:when={}", point.call, point.nth);
                (point.call.to_owned(), vec!["-o".into(), "/dev/null".into(), "-e".into(), inject])
            }
            Aim::Fail { calls, error, nth } => {
                let when = nth.map_or_else(String::new, |nth| format!(":when={nth}"));
                let inject = format!("inject={calls}:error={error}{when}");
                ((*calls).to_owned(), vec!["-o".into(), "/dev/null".into(), "-e".into(), inject])
            }
            Aim::Count(file) => (calls, vec!["-o".into(), file.display().to_string()]),
            Aim::Record(file) => {
                let whole = ["-y", "-xx", "-s", "70000", "-o"].map(str::to_owned);
                let calls = format!("{calls},openat,write,writev,sendto,sendmsg");
                (calls, whole.into_iter().chain([file.display().to_string()]).collect())
            }
        };
        let usual = ["strace", "-f", "-e", &format!("trace={trace}"), "-e", "signal=none"].map(str::to_owned);
        usual.into_iter().chain(more).collect()
    }

    /// The command that starts a program under strace.
    pub fn over(&self, program: &[String]) -> Vec<String> {
        self.words().into_iter().chain(["--".to_owned()]).chain(program.iter().cloned()).collect()
    }
}

/// strace beside a program that runs already; it ends with it.
pub struct Tracer(Child);

impl Tracer {
    /// Returns once every thread of the program is watched.
    pub fn attach(pid: u32, aim: &Aim) -> Tracer {
        let words = aim.words();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["-p", &pid.to_string()]).stderr(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
        let said = lines.next().unwrap_or_default();
        assert!(said.contains(" attached"), "{said}");
        std::thread::spawn(move || lines.for_each(drop));
        Tracer(child)
    }

    /// Lets go of the program, which runs on.
    pub fn let_go(mut self) {
        Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// How often each call was made by the thread that made it most: strace counts every thread by itself.
pub fn counted(file: &Path) -> Vec<Point> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut made: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (thread, call) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        if let Some(call) = CALLS.iter().find(|known| call.starts_with(&format!("{known}("))) {
            *made.entry((call, thread)).or_default() += 1;
        }
    }
    let most = |call| made.iter().filter(|((made, _), _)| *made == call).map(|(_, times)| *times).max().unwrap_or(0);
    CALLS.into_iter().flat_map(|call| (1..=most(call)).map(move |nth| Point { call, nth })).collect()
}

/// Whether there is a strace that may watch; where there is none, it is said aloud, and it is a failure if required.
pub fn here() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "-e", "trace=none", "true"]).output();
    let works = tried.as_ref().is_ok_and(|output| output.status.success());
    if !works {
        assert!(std::env::var_os(REQUIRED).is_none(), "the crash tests are required here: {tried:?}");
        aloud("NOT RUN, no crash was tried: strace is missing or may not watch. script/test installs it.");
    }
    works
}

/// Past the runner, which keeps the words of tests that pass.
pub fn aloud(words: &str) {
    static EMPTY_LINE: Once = Once::new();
    EMPTY_LINE.call_once(|| std::io::stderr().write_all(b"\n").unwrap());
    std::io::stderr().write_all(format!("{words}\n").as_bytes()).unwrap();
}
