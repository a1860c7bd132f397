//! The real binary over a copy of the house, at the minute at which the posts were drawn.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::posts::MINUTE;

/// Two minutes later: who is signed in was last seen so long ago that it is noted again.
pub const LATER: &str = "2026-11-21T08:07";

/// The program, or whatever it runs under.
pub struct Running {
    child: Child,
    /// Where it listens: host and port.
    pub address: String,
}

/// What starts the house: the demo's own clock can be set, and it is the same server, bell and store as `serve`.
pub fn house(folder: &Path) -> Vec<String> {
    house_at(MINUTE, folder)
}

pub fn house_at(moment: &str, folder: &Path) -> Vec<String> {
    let folder = folder.display().to_string();
    let words = ["demo", "--any-house", "--at", moment, "--listen", "127.0.0.1:0", "--data", &folder];
    std::iter::once(env!("CARGO_BIN_EXE_stepdown")).chain(words).map(str::to_owned).collect()
}

impl Running {
    /// Starts a command and reads on until it says where it listens; none where it ended before.
    pub fn start(words: &[String]) -> Option<Running> {
        let mut command = Command::new(&words[0]);
        let mut child = command.args(&words[1..]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        let found = lines.find_map(|line| Some(line.split_once("Stepdown is at http://")?.1.to_owned()));
        // What it says later is read too: a program whose pipe breaks would end.
        std::thread::spawn(move || lines.for_each(drop));
        let running = Running { child, address: found.clone().unwrap_or_default() };
        found.map(|_| running)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended, and says whether it was killed.
    pub fn killed(&mut self) -> bool {
        self.child.wait().unwrap().signal() == Some(9)
    }

    /// Whether it has ended by now.
    pub fn gone(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Tells it to stop, as the machine does.
    pub fn stop(&self) {
        signal("-TERM", self.pid());
    }

    /// Tells the program to stop that runs under another one, and waits until both have ended.
    pub fn stop_inside(&mut self) {
        signal("-TERM", self.inside().expect("one program runs inside"));
        assert!(self.child.wait().unwrap().success());
    }

    /// The program that runs under another one.
    fn inside(&self) -> Option<u32> {
        let children = format!("/proc/{0}/task/{0}/children", self.pid());
        std::fs::read_to_string(children).ok()?.trim().parse().ok()
    }
}

fn signal(signal: &str, pid: u32) {
    // It may have gone by itself.
    Command::new("kill").args([signal, &pid.to_string()]).stderr(Stdio::null()).status().unwrap();
}

impl Drop for Running {
    /// What runs inside dies first, and takes the other with it: left alone it would live on and write while somebody looks
    /// at what is left.
    fn drop(&mut self) {
        if self.gone() {
            return;
        }
        match self.inside() {
            Some(inside) => signal("-KILL", inside),
            None => signal("-KILL", self.pid()),
        }
        let _reaped = self.child.wait();
    }
}
