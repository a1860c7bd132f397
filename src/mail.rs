//! Letters leaving the house: made as plain mail, and sent over SMTP or written into a folder.

mod folder;
mod smtp;
pub mod wording;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, SinglePart};
use lettre::{Address, Message};
use tokio::time::Instant;

use crate::config::Post;
pub use folder::eml_find;

/// A mail server is waited for this long: to be let in, and again for each letter.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a letter did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It may leave another time.
    #[error("{0}")]
    Later(String),
    /// It will never leave as it is.
    #[error("{0}")]
    Never(String),
    /// The mail server cannot be reached at all; other letters need not try now.
    #[error("{0}")]
    Away(String),
    /// The facility has no sender: its letters wait until it has, those of others need not.
    #[error("{0}")]
    NoSender(String),
}

/// A letter as it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its Message-ID: sent again after a lost answer, it is the same letter to the reader's mail program.
    pub id: String,
    pub from: String,
    pub recipient: String,
    pub title: String,
    pub body: String,
    pub written_at: DateTime<Utc>,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    Failed(MailError),
    /// Its turn did not come in time: nobody has heard of it.
    NotBegun,
}

impl Outcome {
    /// The mail server could not be reached.
    pub fn is_away(&self) -> bool {
        matches!(self, Outcome::Failed(MailError::Away(_)))
    }
}

/// The way out: some lines beside each other, so that one letter that hangs does not hold up the others. Few of them, for
/// mail servers count who talks to them at once.
pub struct Mail([Line; 2]);

/// One line.
enum Line {
    Smtp(Box<smtp::Line>),
    Folder(std::path::PathBuf),
}

impl Mail {
    pub fn new(post: &Post) -> Mail {
        Mail::patient(post, PATIENCE)
    }

    /// With another patience than usual.
    pub fn patient(post: &Post, patience: Duration) -> Mail {
        Mail([(); 2].map(|()| match post {
            Post::Smtp(server) => Line::Smtp(Box::new(smtp::Line::new(server.clone(), patience))),
            Post::Folder(folder) => Line::Folder(folder.clone()),
        }))
    }

    /// Sends letters, none begun later than `until`, and says of each what became of it, in their order. It answers in
    /// bounded time, whatever the mail server does. Where nobody is reached the rest need not try.
    pub async fn send(&mut self, letters: &[Outgoing], until: Instant) -> Vec<Outcome> {
        let pile = Pile::of(letters, until);
        let Mail([one, other]) = self;
        tokio::join!(one.work(&pile), other.work(&pile));
        std::mem::take(&mut pile.outcomes())
    }

    /// Ends the conversation with the mail server until there are letters again.
    pub async fn hang_up(&mut self) {
        let Mail([one, other]) = self;
        tokio::join!(one.hang_up(), other.hang_up());
    }
}

impl Line {
    /// Takes one letter after the other off the pile.
    async fn work(&mut self, pile: &Pile<'_>) {
        while let Some(n) = pile.next() {
            let outcome = match self.send(&pile.letters[n]).await {
                Ok(()) => Outcome::Sent,
                Err(why) => Outcome::Failed(why),
            };
            pile.outcomes()[n] = outcome;
        }
    }

    async fn send(&mut self, letter: &Outgoing) -> Result<(), MailError> {
        let message = message_of(letter)?;
        match self {
            Line::Smtp(line) => line.send(&message).await,
            Line::Folder(folder) => folder::keep(folder, &letter.id, message.formatted()).await,
        }
    }

    async fn hang_up(&mut self) {
        if let Line::Smtp(line) = self {
            line.hang_up().await;
        }
    }
}

/// Letters that leave by several lines, each taking the next one as soon as it is free.
struct Pile<'a> {
    letters: &'a [Outgoing],
    until: Instant,
    begun: AtomicUsize,
    outcomes: Mutex<Vec<Outcome>>,
}

impl Pile<'_> {
    fn of(letters: &[Outgoing], until: Instant) -> Pile<'_> {
        let outcomes = Mutex::new(vec![Outcome::NotBegun; letters.len()]);
        Pile { letters, until, begun: AtomicUsize::new(0), outcomes }
    }

    fn outcomes(&self) -> MutexGuard<'_, Vec<Outcome>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which letter is next, if one may still be begun.
    fn next(&self) -> Option<usize> {
        let in_time = Instant::now() < self.until && !self.outcomes().iter().any(Outcome::is_away);
        let next = || self.begun.fetch_add(1, Ordering::Relaxed);
        in_time.then(next).filter(|n| *n < self.letters.len())
    }
}

/// Plain mail by RFC 5322. It says that nobody typed it (RFC 3834), so that no machine answers it.
fn message_of(letter: &Outgoing) -> Result<Message, MailError> {
    let never = |why: &str| MailError::Never(why.to_owned());
    if letter.recipient.is_empty() {
        return Err(never("There is no address to send it to."));
    }
    if letter.title.chars().chain(letter.id.chars()).any(char::is_control) {
        return Err(never("Its title is more than one line."));
    }
    let to: Address = letter.recipient.parse().map_err(|_| never("The address it goes to cannot be read."))?;
    let from = sender(&letter.from)?;
    let message_id = format!("<{}@{}>", letter.id, from.email.domain());
    Message::builder()
        .message_id(Some(message_id))
        .date(machine_time(letter.written_at))
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&letter.title)
        .header(AutoSubmitted)
        .singlepart(plain_text(&letter.body))
        .map_err(|why| MailError::Never(format!("It could not be made into mail: {why}.")))
}

/// The address that letters of a facility come from. Without one they wait: an administrator can set it any time.
pub fn sender(text: &str) -> Result<Mailbox, MailError> {
    let why = match text.trim() {
        "" => "No sender is set for letters: an administrator sets one under Settings.",
        _ => "The sender of letters cannot be read: an administrator puts it right under Settings.",
    };
    text.parse().map_err(|_| MailError::NoSender(why.to_owned()))
}

/// Text that mail can carry as it is (ASCII, in lines within the 998 characters of RFC 5322) stays as it is, so that its
/// links are whole to whoever reads the file.
fn plain_text(body: &str) -> SinglePart {
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN);
    if body.is_ascii() && body.lines().all(|line| line.len() <= 998) {
        let lines: String = body.lines().flat_map(|line| [line, "\r\n"]).collect();
        text.body(Body::dangerous_pre_encoded(lines.into_bytes(), ContentTransferEncoding::SevenBit))
    } else {
        text.body(body.to_owned())
    }
}

fn machine_time(at: DateTime<Utc>) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at.timestamp()).unwrap_or(0))
}

#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// What a server or a disk said, on one line and not too long, to be kept and shown.
fn said(words: impl std::fmt::Display) -> String {
    let line: String = words.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Outgoing {
        Outgoing {
            id: "0193f2a0-7c1e-7aaa-8bbb-0123456789ab".into(),
            from: "stepdown@alder.example".into(),
            recipient: "east@alder.example".into(),
            title: "08:00 round, Östlicher Flügel: 3 doses due".into(),
            body: "Ward Ö: 3\n.\nend\n".into(),
            written_at: "2026-11-20T08:00:00Z".parse().expect("a time"),
        }
    }

    #[test]
    fn a_letter_is_plain_mail_that_says_nobody_typed_it() {
        let text = String::from_utf8(message_of(&letter()).expect("mail").formatted()).expect("ASCII");
        let has = |line: &str| assert!(text.contains(&format!("{line}\r\n")), "{line} in\n{text}");
        has("Message-ID: <0193f2a0-7c1e-7aaa-8bbb-0123456789ab@alder.example>");
        has("Date: Fri, 20 Nov 2026 08:00:00 +0000");
        has("From: stepdown@alder.example");
        has("To: east@alder.example");
        has("Auto-Submitted: auto-generated");
        has("MIME-Version: 1.0");
        has("Content-Type: text/plain; charset=utf-8");
        assert!(text.is_ascii() && text.contains("Subject: "), "{text}");
    }

    #[test]
    fn a_long_link_stays_whole() {
        let link = format!("https://stepdown.example/round?unit={}&on=2026-11-20", "7".repeat(80));
        let mail = message_of(&Outgoing { body: format!("{link}\n"), ..letter() }).expect("mail").formatted();
        assert!(String::from_utf8_lossy(&mail).contains(&format!("\r\n\r\n{link}\r\n")));
    }

    #[test]
    fn no_header_can_be_smuggled_in() {
        let hostile = "x\r\nBcc: everybody@example.org";
        let changes: [fn(&mut Outgoing, String); 4] = [
            |letter, text| letter.title = text,
            |letter, text| letter.recipient = text,
            |letter, text| letter.from = text,
            |letter, text| letter.id = text,
        ];
        for change in changes {
            let mut smuggler = letter();
            change(&mut smuggler, hostile.to_owned());
            assert!(matches!(message_of(&smuggler), Err(MailError::Never(_) | MailError::NoSender(_))), "{smuggler:?}");
        }
    }
}
