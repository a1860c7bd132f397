//! What a browser test stands on: the demo of the real binary, a driver for Chromium, and axe-core.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Set where a missing piece is a failure and not an excuse.
const REQUIRED: &str = "STEPDOWN_TEST_BROWSER";

/// The pieces that no `cargo build` brings.
pub struct Tools {
    chromium: PathBuf,
    driver: PathBuf,
    pub axe: String,
}

impl Tools {
    /// None, said aloud, where a piece is missing and nobody insists.
    pub fn found() -> Option<Tools> {
        let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/node_modules/axe-core/axe.min.js");
        let chromium = ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| on_path(name));
        match (chromium, on_path("chromedriver"), std::fs::read_to_string(axe)) {
            (Some(chromium), Some(driver), Ok(axe)) => Some(Tools { chromium, driver, axe }),
            (chromium, driver, axe) => {
                let found = format!(
                    "chromium {}, chromedriver {}, axe-core {}",
                    chromium.is_some(),
                    driver.is_some(),
                    axe.is_ok()
                );
                assert!(std::env::var_os(REQUIRED).is_none(), "the browser tests are required here: {found}");
                eprintln!("NOT RUN in a browser ({found}): use script/test, which installs what is missing.");
                None
            }
        }
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// A program of ours that ends with the test.
struct Running(Child);

impl Running {
    /// Starts it and reads on until the line that says where it listens; answers what follows `mark` there.
    fn until(command: &mut Command, mark: &str) -> (Running, String) {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap_or_else(|why| panic!("{command:?}: {why}"));
        let told = child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(told).lines().map_while(Result::ok);
        let running = Running(child);
        let found = lines.find_map(|line| Some(line.split_once(mark)?.1.to_owned()));
        // What it says later is read too: a program whose pipe breaks would end.
        std::thread::spawn(move || lines.for_each(drop));
        (running, found.unwrap_or_else(|| panic!("{command:?} ended before it said “{mark}”")))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Alder House, served by the real binary with its clock set.
pub struct Demo {
    _running: Running,
    /// `http://127.0.0.1:` and a free port.
    pub address: String,
}

impl Demo {
    /// A folder that was used before keeps what happened in it; only the clock goes on.
    pub fn at(moment: &str, data: &Path) -> Demo {
        let log = std::fs::File::create(data.join("demo.log")).expect("a log in a folder of ours");
        let mut command = Command::new(env!("CARGO_BIN_EXE_stepdown"));
        command.args(["demo", "--listen", "127.0.0.1:0", "--at", moment, "--data"]).arg(data).stderr(log);
        let (running, address) = Running::until(&mut command, "Stepdown is at ");
        Demo { _running: running, address: address.trim().to_owned() }
    }
}

/// The driver, which starts one Chromium for each session.
pub struct Driver {
    _running: Running,
    pub address: String,
    pub capabilities: serde_json::Map<String, serde_json::Value>,
}

impl Driver {
    /// `profile` is an empty folder; what is downloaded lands there too.
    pub fn start(tools: &Tools, profile: &Path) -> Driver {
        let mut command = Command::new(&tools.driver);
        command.arg("--port=0").stderr(Stdio::null());
        let (running, port) = Running::until(&mut command, "was started successfully on port ");
        let mut flags: Vec<String> = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run \
            --disable-background-networking --disable-component-update --disable-sync"
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        flags.push(format!("--user-data-dir={}", profile.join("profile").display()));
        let options = serde_json::json!({ "binary": tools.chromium, "args": flags });
        let capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        Driver { _running: running, address: format!("http://127.0.0.1:{}", port.trim_end_matches('.')), capabilities }
    }
}

impl Drop for Driver {
    /// Asks the driver to end its browsers before it is ended itself.
    fn drop(&mut self) {
        let _ = ureq::get(format!("{}/shutdown", self.address)).call();
    }
}
