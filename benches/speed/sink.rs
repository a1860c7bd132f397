//! A mail server that takes every letter at once and keeps it, and the barest client that can hand it one.

use std::io::{BufRead, BufReader, Error, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

use stepdown::config::{Post, Security, Smtp};

/// A letter as it came over the line.
#[derive(Debug, Clone)]
pub struct Taken {
    pub from: String,
    pub to: String,
    pub mail: Vec<u8>,
    pub at: Instant,
}

impl Taken {
    /// The line of its Message-ID.
    pub fn id(&self) -> String {
        let mail = String::from_utf8_lossy(&self.mail);
        mail.lines().find(|line| line.starts_with("Message-ID: ")).expect("every letter has a number").to_owned()
    }
}

/// The server, with what it took.
pub struct Sink {
    at: SocketAddr,
    taken: Arc<Mutex<Vec<Taken>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics with it")
}

impl Sink {
    pub fn open() -> Sink {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has room");
        let (at, taken) = (listener.local_addr().expect("it listens"), Arc::default());
        let behind = Arc::clone(&taken);
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let taken = Arc::clone(&behind);
                // Whoever leaves has said all that there was to say.
                thread::spawn(move || drop(serve(caller, &taken)));
            }
        });
        Sink { at, taken }
    }

    pub fn post(&self) -> Post {
        let (host, port) = (self.at.ip().to_string(), self.at.port());
        Post::Smtp(Smtp { host, port, security: Security::None, authority: None, login: None })
    }

    /// What it took since it was last asked.
    pub fn emptied(&self) -> Vec<Taken> {
        std::mem::take(&mut *locked(&self.taken))
    }
}

fn serve(caller: TcpStream, taken: &Mutex<Vec<Taken>>) -> Result<()> {
    caller.set_nodelay(true)?;
    let mut line = BufReader::new(caller);
    let (mut from, mut to, mut said) = (String::new(), String::new(), String::new());
    line.get_mut().write_all(b"220 sink\r\n")?;
    loop {
        said.clear();
        if line.read_line(&mut said)? == 0 {
            return Ok(());
        }
        let named = || said.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let answer: &[u8] = match said.get(..4).unwrap_or_default() {
            "QUIT" => return line.get_mut().write_all(b"221 good bye\r\n"),
            "MAIL" => {
                from = named();
                b"250 from\r\n"
            }
            "RCPT" => {
                to = named();
                b"250 to\r\n"
            }
            "DATA" => {
                line.get_mut().write_all(b"354 go on\r\n")?;
                let mail = letter(&mut line)?;
                locked(taken).push(Taken { from: from.clone(), to: to.clone(), mail, at: Instant::now() });
                b"250 taken\r\n"
            }
            _ => b"250 sink\r\n",
        };
        line.get_mut().write_all(answer)?;
    }
}

/// Line by line until the final dot, with it.
fn letter(line: &mut BufReader<TcpStream>) -> Result<Vec<u8>> {
    let mut mail = Vec::with_capacity(2048);
    loop {
        let begins = mail.len();
        if line.read_until(b'\n', &mut mail)? == 0 {
            return Err(Error::other("half a letter"));
        }
        if mail[begins..] == *b".\r\n" {
            return Ok(mail);
        }
    }
}

/// One connection that is kept open, TCP_NODELAY, and nothing decided or written down.
pub struct Bare(BufReader<TcpStream>);

impl Bare {
    pub fn to(sink: &Sink) -> Bare {
        let stream = TcpStream::connect(sink.at).expect("it listens");
        stream.set_nodelay(true).expect("loopback can");
        let mut bare = Bare(BufReader::new(stream));
        bare.hear("220");
        bare.say(b"EHLO bench\r\n", "250");
        bare
    }

    /// Hands over a letter that was sent before.
    pub fn send(&mut self, letter: &Taken) {
        self.say(format!("MAIL FROM:<{}>\r\n", letter.from).as_bytes(), "250");
        self.say(format!("RCPT TO:<{}>\r\n", letter.to).as_bytes(), "250");
        self.say(b"DATA\r\n", "354");
        self.say(&letter.mail, "250");
    }

    fn say(&mut self, words: &[u8], answer: &str) {
        self.0.get_mut().write_all(words).expect("it listens");
        self.hear(answer);
    }

    fn hear(&mut self, answer: &str) {
        let mut said = String::new();
        self.0.read_line(&mut said).expect("it answers");
        assert!(said.starts_with(answer), "{said}");
    }
}
