//! A mail server that follows a script: at each step of the conversation it can do each of the wrong things that mail
//! servers do. It keeps every byte that it is sent, and knows which letters it took without having said so.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{DateTime, Utc};
use stepdown::clock::Clock;
use stepdown::config::{Post, Secret, Security, Smtp};

/// The steps of a conversation (RFC 5321), in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Greeting,
    Hello,
    /// The way into TLS, which this server does not know beyond its door.
    StartTls,
    Login,
    Sender,
    Recipient,
    Data,
    /// In the middle of the letter.
    Body,
    /// The answer after the final dot.
    Dot,
    Farewell,
}

/// What a server does instead of the right thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// The line goes dead.
    Close,
    /// Nothing is said any more.
    Hang,
    /// 4xx
    Later,
    /// 5xx
    Never,
    /// An answer that is none.
    Garbage,
    /// The right answer, and the same once more: from here on every answer is read one question too late.
    Twice,
}

impl Step {
    const ALL: [Step; 9] = [
        Step::Greeting,
        Step::Hello,
        Step::Login,
        Step::Sender,
        Step::Recipient,
        Step::Data,
        Step::Body,
        Step::Dot,
        Step::Farewell,
    ];
}

impl Wrong {
    pub const ALL: [Wrong; 6] = [Wrong::Close, Wrong::Hang, Wrong::Later, Wrong::Never, Wrong::Garbage, Wrong::Twice];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault(pub Step, pub Wrong);

/// Every wrong thing at every step of a conversation in plain.
pub fn every_fault() -> Vec<Fault> {
    Step::ALL.iter().flat_map(|step| Wrong::ALL.map(|wrong| Fault(*step, wrong))).collect()
}

/// A letter that the server has taken, and will deliver.
#[derive(Debug, Clone)]
pub struct Taken {
    pub to: String,
    pub mail: String,
    /// By the clock of the house.
    pub at: DateTime<Utc>,
    /// It said so, in an answer that could be read as one to this letter.
    pub answered: bool,
}

impl Taken {
    /// The letter's id, from its Message-ID.
    pub fn id(&self) -> &str {
        let line = self.mail.lines().find_map(|line| line.strip_prefix("Message-ID: <")).expect("a Message-ID");
        line.split('@').next().unwrap()
    }
}

pub struct Server {
    port: u16,
    desk: Arc<Desk>,
    door: Mutex<Option<JoinHandle<()>>>,
}

struct Desk {
    clock: Clock,
    script: Mutex<VecDeque<Fault>>,
    taken: Mutex<Vec<Taken>>,
    heard: Mutex<Vec<u8>>,
    /// Letters refused for good.
    refused: AtomicUsize,
    talking: AtomicUsize,
    open: AtomicBool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Server {
    pub fn start(clock: &Clock) -> Server {
        let desk = Desk {
            clock: clock.clone(),
            script: Mutex::default(),
            taken: Mutex::default(),
            heard: Mutex::default(),
            refused: AtomicUsize::default(),
            talking: AtomicUsize::default(),
            open: AtomicBool::new(false),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server { port, desk: Arc::new(desk), door: Mutex::default() };
        server.listen(listener);
        server
    }

    fn listen(&self, listener: TcpListener) {
        self.desk.open.store(true, Ordering::SeqCst);
        let desk = self.desk.clone();
        *locked(&self.door) = Some(thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                if !desk.open.load(Ordering::SeqCst) {
                    return;
                }
                let desk = desk.clone();
                desk.talking.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    // A line that breaks is the caller's affair.
                    let _broken = Talk::new(caller, &desk).and_then(|mut talk| talk.hold());
                    desk.talking.fetch_sub(1, Ordering::SeqCst);
                });
            }
        }));
    }

    /// From now on every caller is refused.
    pub fn shut(&self) {
        self.desk.open.store(false, Ordering::SeqCst);
        // Wakes whoever waits at the door, to shut it.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        if let Some(door) = locked(&self.door).take() {
            door.join().unwrap();
        }
    }

    /// Lets callers in again.
    pub fn open(&self) {
        self.listen(TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).unwrap());
    }

    /// Goes wrong in this way as soon as a conversation comes to the step, then in the next; afterwards all is well.
    pub fn will(&self, faults: impl IntoIterator<Item = Fault>) {
        locked(&self.desk.script).extend(faults);
    }

    /// From now on all is well; how much of the script had no turn.
    pub fn heal(&self) -> usize {
        std::mem::take(&mut *locked(&self.desk.script)).len()
    }

    /// Waits until nobody talks any more: what was sent has arrived then, or never will.
    pub fn quiet(&self) {
        for _ in 0..2_000 {
            if self.desk.talking.load(Ordering::SeqCst) == 0 {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("somebody holds the line for ever");
    }

    pub fn taken(&self) -> Vec<Taken> {
        locked(&self.desk.taken).clone()
    }

    /// Every byte that anybody sent.
    pub fn heard(&self) -> Vec<u8> {
        locked(&self.desk.heard).clone()
    }

    pub fn refused(&self) -> usize {
        self.desk.refused.load(Ordering::SeqCst)
    }

    /// The way to it, with a sign-in.
    pub fn post(&self) -> Post {
        self.post_by(Security::None)
    }

    pub fn post_by(&self, security: Security) -> Post {
        let login = Some(("stepdown".to_owned(), Secret("a password".to_owned())));
        Post::Smtp(Smtp { host: "127.0.0.1".into(), port: self.port, security, authority: None, login })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shut();
    }
}

/// One conversation.
struct Talk<'a> {
    desk: &'a Desk,
    line: BufReader<TcpStream>,
    /// An answer was said twice.
    too_late: bool,
    to: String,
}

fn over() -> Error {
    Error::other("the conversation is over")
}

impl Talk<'_> {
    fn new(caller: TcpStream, desk: &Desk) -> Result<Talk<'_>> {
        caller.set_read_timeout(Some(Duration::from_secs(20)))?;
        caller.set_nodelay(true)?;
        Ok(Talk { desk, line: BufReader::new(caller), too_late: false, to: String::new() })
    }

    fn hold(&mut self) -> Result<()> {
        self.answer(Step::Greeting, "220 mail.test")?;
        loop {
            let said = String::from_utf8_lossy(&self.hear()?).into_owned();
            match said.split([' ', '\r']).next().unwrap_or_default() {
                "EHLO" => self.answer(Step::Hello, "250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN")?,
                "STARTTLS" => self.answer(Step::StartTls, "220 go on in TLS")?,
                "AUTH" => self.answer(Step::Login, "235 welcome")?,
                "MAIL" => self.answer(Step::Sender, "250 from")?,
                "RCPT" => {
                    self.to = said.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    self.answer(Step::Recipient, "250 to")?
                }
                "DATA" if self.answer(Step::Data, "354 go on")? => self.letter()?,
                "QUIT" => return self.answer(Step::Farewell, "221 good bye").map(drop),
                _ => true,
            };
        }
    }

    /// Takes a letter, line by line.
    fn letter(&mut self) -> Result<bool> {
        let mut mail = self.hear()?;
        if let Some(wrong) = self.wrong_at(Step::Body) {
            self.say(wrong, Step::Body, "354 go on")?;
            // Whatever it was, nobody can go on with half a letter.
            return Err(over());
        }
        loop {
            let line = self.hear()?;
            if line == b".\r\n" {
                break;
            }
            mail.extend(line);
        }
        let fault = self.wrong_at(Step::Dot);
        if !matches!(fault, Some(Wrong::Later | Wrong::Never)) {
            let answered = matches!(fault, None | Some(Wrong::Twice)) && !self.too_late;
            let mail = String::from_utf8(mail).expect("letters are ASCII");
            let taken = Taken { to: self.to.clone(), mail, at: self.desk.clock.now(), answered };
            locked(&self.desk.taken).push(taken);
        }
        match fault {
            Some(wrong) => self.say(wrong, Step::Dot, "250 taken"),
            None => self.write(b"250 taken\r\n"),
        }
    }

    /// The right answer to a step, or the wrong one where it is its turn; whether it was a yes.
    fn answer(&mut self, step: Step, right: &str) -> Result<bool> {
        match self.wrong_at(step) {
            Some(wrong) => self.say(wrong, step, right),
            None => self.write(format!("{right}\r\n").as_bytes()),
        }
    }

    fn say(&mut self, wrong: Wrong, step: Step, right: &str) -> Result<bool> {
        match wrong {
            Wrong::Close => {
                self.line.get_ref().shutdown(Shutdown::Both)?;
                return Err(over());
            }
            Wrong::Hang => {
                // Until the caller has had enough.
                while !self.hear()?.is_empty() {}
                return Err(over());
            }
            Wrong::Later => self.write(b"451 another time\r\n")?,
            Wrong::Never => {
                let of_a_letter = match step {
                    Step::Greeting | Step::Farewell => false,
                    // Once an answer was said twice, each is heard as the answer to what the caller says next.
                    Step::Hello | Step::Login => self.too_late,
                    _ => true,
                };
                self.desk.refused.fetch_add(usize::from(of_a_letter), Ordering::SeqCst);
                self.write(b"554 never\r\n")?
            }
            Wrong::Garbage => self.write(b"\xff\xfe what? \x07\r\n")?,
            Wrong::Twice => {
                self.too_late = true;
                return self.write(format!("{right}\r\n{right}\r\n").as_bytes());
            }
        };
        Ok(false)
    }

    /// Takes the next fault from the script, if it is one of this step.
    fn wrong_at(&self, step: Step) -> Option<Wrong> {
        let mut script = locked(&self.desk.script);
        let Fault(_, wrong) = *script.front().filter(|Fault(at, _)| *at == step)?;
        script.pop_front();
        Some(wrong)
    }

    /// The next line, kept for ever.
    fn hear(&mut self) -> Result<Vec<u8>> {
        let mut said = Vec::new();
        let read = (&mut self.line).take(1 << 20).read_until(b'\n', &mut said);
        locked(&self.desk.heard).extend(&said);
        if read? == 0 { Err(over()) } else { Ok(said) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<bool> {
        self.line.get_mut().write_all(bytes)?;
        Ok(true)
    }
}
