//! A mail server on loopback: it takes letters by the rules of SMTP, or fails in the way it is told to.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use mailin::{Action, Handler, Response, SessionBuilder, response};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use stepdown::config::{Post, Security, Smtp};

/// Made for the tests; it vouches for a server on 127.0.0.1 and for nothing else.
pub const AUTHORITY: &[u8] = include_bytes!("../certificates/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("../certificates/server.pem");
const KEY: &[u8] = include_bytes!("../certificates/server.key");

/// How the server treats the next letter, or the next caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// All is well with this one.
    None,
    /// 450: another time.
    Later,
    /// 550: never.
    Never,
    /// It takes the letter, and the line goes dead before it says so.
    DropAfterDot,
    /// It takes the letter, and never says anything again.
    HangAfterDot,
    /// It lets nobody in: the line is open, and nothing is said.
    HangAtDoor,
    /// 421 for a greeting.
    Busy,
}

/// A letter that arrived, as it came over the line.
#[derive(Debug, Clone)]
pub struct Taken {
    pub to: String,
    pub mail: String,
}

impl Taken {
    /// A header's value on its first line.
    pub fn header(&self, name: &str) -> &str {
        let line = self.mail.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name} in\n{}", self.mail))
    }
}

pub struct Server {
    port: u16,
    desk: Arc<Desk>,
}

struct Desk {
    /// What a caller may, or for `Tls` must, ask for.
    security: Security,
    faults: Mutex<VecDeque<Fault>>,
    taken: Mutex<Vec<Taken>>,
    calls: Mutex<usize>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Server {
    pub fn start() -> Server {
        Server::protected_by(Security::None)
    }

    /// With a certificate of `AUTHORITY` for 127.0.0.1.
    pub fn protected_by(security: Security) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let desk =
            Arc::new(Desk { security, faults: Mutex::default(), taken: Mutex::default(), calls: Mutex::default() });
        let behind = desk.clone();
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let desk = behind.clone();
                thread::spawn(move || {
                    // A line that breaks is the caller's affair.
                    let _broken = serve(caller, desk);
                });
            }
        });
        Server { port, desk }
    }

    /// What happens to the letters and callers that come next, in order; afterwards all is well.
    pub fn will(&self, faults: &[Fault]) {
        locked(&self.desk.faults).extend(faults);
    }

    pub fn taken(&self) -> Vec<Taken> {
        locked(&self.desk.taken).clone()
    }

    /// How often somebody connected.
    pub fn calls(&self) -> usize {
        *locked(&self.desk.calls)
    }

    pub fn post(&self) -> Post {
        post(self.port, Security::None)
    }

    /// The same server, asked for this protection by a house that trusts this authority beside those of the world.
    pub fn post_by(&self, security: Security, authority: Option<&[u8]>) -> Post {
        let authority = authority.map(<[u8]>::to_vec);
        Post::Smtp(Smtp { host: "127.0.0.1".into(), port: self.port, security, authority, login: None })
    }
}

/// A port where nobody listens.
pub fn nobody() -> Post {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    post(listener.local_addr().unwrap().port(), Security::None)
}

fn post(port: u16, security: Security) -> Post {
    Post::Smtp(Smtp { host: "127.0.0.1".into(), port, security, authority: None, login: None })
}

impl Desk {
    /// Takes the next fault, if it is one of these; well-meant letters in between keep their turn.
    fn fault_of(&self, kinds: &[Fault]) -> Fault {
        let mut faults = locked(&self.faults);
        match faults.front() {
            Some(next) if kinds.contains(next) => faults.pop_front().unwrap(),
            _ => Fault::None,
        }
    }
}

/// Who takes the letters of one connection.
struct Clerk {
    desk: Arc<Desk>,
    to: String,
    mail: Vec<u8>,
    fault: Rc<Cell<Fault>>,
}

impl Handler for Clerk {
    fn rcpt(&mut self, to: &str) -> Response {
        let of_letters = [Fault::None, Fault::Later, Fault::Never, Fault::DropAfterDot, Fault::HangAfterDot];
        self.fault.set(self.desk.fault_of(&of_letters));
        self.to = to.to_owned();
        match self.fault.get() {
            Fault::Later => Response::custom(450, "Mailbox busy".to_owned()),
            Fault::Never => response::NO_MAILBOX,
            _ => response::OK,
        }
    }

    fn data(&mut self, some: &[u8]) -> std::io::Result<()> {
        self.mail.extend(some);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = String::from_utf8(std::mem::take(&mut self.mail)).expect("letters are ASCII");
        locked(&self.desk.taken).push(Taken { to: self.to.clone(), mail });
        response::OK
    }
}

/// A line to a caller, in plain or in TLS.
trait Line: Read + Write {}
impl<T: Read + Write> Line for T {}

fn tls(caller: &TcpStream) -> std::io::Result<Box<dyn Line>> {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_no_client_auth().with_single_cert(chain, key).unwrap();
    Ok(Box::new(StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), caller.try_clone()?)))
}

fn serve(caller: TcpStream, desk: Arc<Desk>) -> std::io::Result<()> {
    *locked(&desk.calls) += 1;
    // An answer is written in pieces; each would wait 40 ms for Nagle's algorithm.
    caller.set_nodelay(true)?;
    let plain = Box::new(caller.try_clone()?);
    let mut line = BufReader::new(if desk.security == Security::Tls { tls(&caller)? } else { plain });
    match desk.fault_of(&[Fault::HangAtDoor, Fault::Busy]) {
        Fault::HangAtDoor => return hang(caller),
        Fault::Busy => return line.get_mut().write_all(b"421 Come back later\r\n"),
        _ => {}
    }
    let fault = Rc::new(Cell::new(Fault::None));
    let mut rules = SessionBuilder::new("mail.test");
    if desk.security == Security::StartTls {
        rules.enable_start_tls();
    }
    let clerk = Clerk { desk, to: String::new(), mail: Vec::new(), fault: fault.clone() };
    let mut session = rules.build(caller.peer_addr()?.ip(), clerk);
    session.greeting().write_to(line.get_mut())?;
    loop {
        let mut said = Vec::new();
        if line.read_until(b'\n', &mut said)? == 0 {
            return Ok(());
        }
        let answer = session.process(&said);
        match (answer.action.clone(), said == b".\r\n", fault.get()) {
            (Action::NoReply, ..) => continue,
            (_, true, Fault::DropAfterDot) => return Ok(()),
            (_, true, Fault::HangAfterDot) => return hang(caller),
            _ => answer.write_to(line.get_mut())?,
        }
        match answer.action {
            Action::Close => return Ok(()),
            Action::UpgradeTls => {
                line = BufReader::new(tls(&caller)?);
                session.tls_active();
            }
            _ => {}
        }
    }
}

/// Holds the line without a word, longer than anybody waits.
fn hang(caller: TcpStream) -> std::io::Result<()> {
    thread::sleep(Duration::from_secs(30));
    drop(caller);
    Ok(())
}
