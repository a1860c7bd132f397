//! A client that costs little: one connection kept open, a session, and of an answer its status and its bytes.

use std::io::{Read, Result, Write};
use std::net::{SocketAddr, TcpStream};

/// Everybody's password in the houses that are measured.
const PASSWORD: &str = "alder-house";

/// What came back.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of the first field of that name in the page.
    pub fn field(&self, name: &str) -> String {
        let text = self.text();
        let (_, rest) = text.split_once(&format!("name=\"{name}\" value=\"")).expect("the page has that field");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        let set = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut set = set.filter(|(known, _)| known.eq_ignore_ascii_case("set-cookie"));
        set.find_map(|(_, value)| value.split(';').next()?.strip_prefix(name)?.strip_prefix('='))
    }
}

/// One connection to the server.
pub struct Wire {
    to: SocketAddr,
    stream: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    pub fn open(to: SocketAddr) -> Result<Wire> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        Ok(Wire { to, stream, read: Vec::with_capacity(1 << 16) })
    }

    /// Sends a request as it is, and reads the whole answer. A connection that the server closed while nobody spoke is
    /// opened anew, as a browser does.
    pub fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        match self.asked(request) {
            Err(_) if self.read.is_empty() => {
                *self = Wire::open(self.to)?;
                self.asked(request)
            }
            answer => answer,
        }
    }

    fn asked(&mut self, request: &[u8]) -> Result<Answer> {
        self.read.clear();
        self.stream.write_all(request)?;
        let head_ends = loop {
            self.more()?;
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let head = String::from_utf8_lossy(&self.read[..head_ends]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut answer = Answer { status, head, body: Vec::new() };
        let length: usize = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while self.read.len() < head_ends + length {
            self.more()?;
        }
        answer.body = self.read[head_ends..].to_vec();
        Ok(answer)
    }

    fn more(&mut self) -> Result<()> {
        let mut some = [0; 16 * 1024];
        let read = self.stream.read(&mut some)?;
        self.read.extend_from_slice(&some[..read]);
        if read == 0 { Err(std::io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// Somebody at a connection of their own, signed in.
pub struct Visitor {
    wire: Wire,
    cookie: String,
    csrf: String,
}

impl Visitor {
    pub fn signed_in(at: SocketAddr, username: &str) -> Visitor {
        let wire = Wire::open(at).expect("the house listens");
        let mut visitor = Visitor { wire, cookie: String::new(), csrf: String::new() };
        let door = visitor.get("/sign-in");
        visitor.cookie = format!("stepdown-door={}", door.cookie("stepdown-door").expect("the door has a cookie"));
        visitor.csrf = door.field("csrf");
        let form = door.field("form");
        let fields = [("form", form.as_str()), ("username", username), ("password", PASSWORD)];
        let inside = visitor.post("/sign-in", &fields).expect("the house answers");
        let key = inside.cookie("stepdown").unwrap_or_else(|| panic!("{username} is not let in: {}", inside.text()));
        visitor.cookie = format!("stepdown={key}");
        visitor.csrf = visitor.get("/residents").field("csrf");
        visitor
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {}\r\n\r\n", self.cookie);
        self.wire.ask(request.as_bytes()).expect("the house answers")
    }

    /// At another connection, in the same session.
    pub fn beside(&self) -> Visitor {
        let wire = Wire::open(self.wire.to).expect("the house listens");
        Visitor { wire, cookie: self.cookie.clone(), csrf: self.csrf.clone() }
    }

    /// Whoever went in before comes back, to a house that was opened again.
    pub fn at(self, to: SocketAddr) -> Visitor {
        Visitor { wire: Wire::open(to).expect("the house listens"), ..self }
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let request = self.request(path, fields);
        self.wire.ask(&request)
    }

    /// The bytes of a post, with the proof that every form of this session carries.
    fn request(&self, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let fields: Vec<(&str, &str)> =
            [("csrf", self.csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        let body = serde_urlencoded::to_string(fields).expect("text can always be encoded");
        let (cookie, length) = (&self.cookie, body.len());
        let kind = "application/x-www-form-urlencoded";
        let head = format!("POST {path} HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\nContent-Type: {kind}");
        format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    }
}
