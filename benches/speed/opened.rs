//! The real server in a process of its own, over a database of any size, at a time of the bench's choosing.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use stepdown::app::{self, Manner, Ringing};
use stepdown::clock::Clock;
use stepdown::config::Post;
use stepdown::store::Db;
use stepdown::web::Hall;
use stepdown::web::password::{Cost, Passwords};

/// What the process that serves is told.
#[derive(Debug, Clone, clap::Args)]
pub struct Serving {
    #[arg(long)]
    database_url: String,
    /// What its clock shows, until a line on its standard input sets it anew.
    #[arg(long)]
    at: DateTime<Utc>,
    /// Where its letters are written.
    #[arg(long)]
    letters: PathBuf,
    #[arg(long)]
    bell_seconds: u64,
}

/// Serves as `stepdown serve` does, but for the clock. It ends with whoever started it.
pub fn serve(serving: Serving) -> Result<(), Box<dyn std::error::Error>> {
    let clock = Clock::fixed(serving.at);
    let db = Db::open(&serving.database_url, clock.clone())?;
    db.migrate()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            clock.set(line.parse().expect("the bench says a time"));
            println!("{line}");
        }
        std::process::exit(1);
    });
    let hall = Hall::new(db, Passwords::new(Cost::Full), false, false);
    app::log_to_stderr();
    let (post, every) = (Post::Folder(serving.letters), Duration::from_secs(serving.bell_seconds));
    let ringing = Ringing { post, public_url: "http://bench".to_owned(), every, downtime: Vec::new() };
    Ok(app::run(hall, listener, None, Manner::default(), ringing)?)
}

/// A house that is open.
pub struct Opened {
    pub at: SocketAddr,
    process: Child,
    told: ChildStdin,
    says: BufReader<ChildStdout>,
}

impl Opened {
    /// Opens the house over a database; its log and its letters go into the folder.
    pub fn over(database_url: &str, folder: &Path, at: DateTime<Utc>) -> Opened {
        Opened::ringing(database_url, folder, at, 3600)
    }

    /// With a bell that rings every so many seconds.
    pub fn ringing(database_url: &str, folder: &Path, at: DateTime<Utc>, bell_seconds: u64) -> Opened {
        let log = File::create(folder.join("house.log")).expect("the folder is ours");
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .args(["serving", "--database-url", database_url, "--at", &at.to_rfc3339()])
            .args(["--bell-seconds", &bell_seconds.to_string(), "--letters"])
            .arg(folder.join("letters"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("this program starts again");
        let told = process.stdin.take().expect("it was piped");
        let says = BufReader::new(process.stdout.take().expect("it was piped"));
        let mut opened = Opened { at: ([127, 0, 0, 1], 0).into(), process, told, says };
        opened.at = opened.said().parse().expect("it says where it listens");
        opened
    }

    fn said(&mut self) -> String {
        let mut line = String::new();
        self.says.read_line(&mut line).expect("it says something");
        line.trim().to_owned()
    }

    /// Sets its clock.
    pub fn set(&mut self, at: DateTime<Utc>) {
        writeln!(self.told, "{}", at.to_rfc3339()).expect("it listens");
        self.said();
    }

    /// How much of the processors it has used.
    pub fn processor_time(&self) -> Duration {
        crate::measure::processor_time(self.process.id())
    }

    /// Waits until its bell has rung for the first time: until a second passes in which it does nothing.
    pub fn settle(&self) {
        loop {
            let before = self.processor_time();
            std::thread::sleep(Duration::from_secs(1));
            if self.processor_time() - before < Duration::from_millis(20) {
                return;
            }
        }
    }

    /// What it holds in memory now, and held at most, in kB.
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = |name: &str| {
            status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
        };
        (line("VmRSS:").unwrap_or(0), line("VmHWM:").unwrap_or(0))
    }

    /// Tells it to stop, as the machine does, and waits until it has gone.
    pub fn stop(mut self) -> ExitStatus {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(told.is_ok_and(|told| told.success()), "it can be told to stop");
        self.process.wait().expect("it stops")
    }
}

/// Whatever failed, it does not stay behind.
impl Drop for Opened {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}
