//! Files for spreadsheets: made while they are sent, so that their size never matters, and safe to open.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::rt::task::spawn_blocking;
use actix_web::web::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::error::PageError;
use crate::store::StoreError;

/// So many parts wait to be sent; whoever makes them waits too.
const WAITING: usize = 2;

/// A spreadsheet takes a file for UTF-8 only where it begins with this.
const MARK: &str = "\u{feff}";

/// Where the rows of a file go.
pub struct Rows {
    lines: csv::Writer<Vec<u8>>,
    sender: Sender<Result<Bytes, PageError>>,
}

/// Why a file ends early: the reader left, or the database failed.
pub struct Ended(Option<StoreError>);

impl From<StoreError> for Ended {
    fn from(trouble: StoreError) -> Ended {
        Ended(Some(trouble))
    }
}

impl Rows {
    /// One line, as RFC 4180 writes it.
    pub fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.lines.write_record(cells).expect("memory takes every row, and all rows are equally long");
    }

    /// Sends what was written so far.
    pub fn send(&mut self) -> Result<(), Ended> {
        let written = std::mem::replace(&mut self.lines, lines()).into_inner().expect("memory is always flushed");
        self.sender.blocking_send(Ok(written.into())).map_err(|_| Ended(None))
    }
}

fn lines() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new())
}

/// Answers with a file of rows that `fill` makes beside the server's own threads. A failure half-way breaks the
/// connection off: a file that came whole is whole.
pub fn download(name: &str, fill: impl FnOnce(&mut Rows) -> Result<(), Ended> + Send + 'static) -> HttpResponse {
    let (sender, receiver) = channel(WAITING);
    spawn_blocking(move || {
        let mut rows = Rows { lines: lines(), sender };
        let mark = rows.sender.blocking_send(Ok(Bytes::from_static(MARK.as_bytes())));
        let ended = mark.map_err(|_| Ended(None)).and_then(|()| fill(&mut rows)).and_then(|()| rows.send());
        if let Err(Ended(Some(trouble))) = ended {
            rows.sender.blocking_send(Err(trouble.into())).ok();
        }
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", plain_name(name))))
        .body(Parts(receiver))
}

/// Letters and digits of any reader's keyboard.
fn plain_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let words: String = name.chars().map(plain).collect();
    words.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

struct Parts(Receiver<Result<Bytes, PageError>>);

impl MessageBody for Parts {
    type Error = PageError;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, PageError>>> {
        self.0.poll_recv(context)
    }
}

/// A text that somebody typed, as a cell that no spreadsheet runs as a formula or turns into a date or a number: such a
/// text gets an apostrophe before it.
pub fn cell(text: &str) -> String {
    if runs(text) || misread(text) { format!("'{text}") } else { text.to_owned() }
}

/// What a spreadsheet takes for a formula (OWASP, CSV injection: with the full-width forms and the control characters).
fn runs(text: &str) -> bool {
    text.trim_start_matches([' ', '\u{a0}', '\u{feff}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '|', '%'])
}

/// `1-2` and `3/4` become days, `MAR1` becomes a day, `1E5` a number, and `007` loses its zeros.
fn misread(text: &str) -> bool {
    let parts: Vec<&str> = text.split([' ', '-', '/', '.', ':', ',']).filter(|part| !part.is_empty()).collect();
    let numbers = parts.iter().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).count();
    match parts[..] {
        [] => false,
        [one] if numbers == 1 => one.len() != text.len() || (one.starts_with('0') && one.len() > 1) || one.len() > 15,
        [one] => is_power(one) || is_month_day(one),
        _ => parts.len() <= 6 && numbers > 0 && parts.iter().all(|part| is_number(part) || is_month(part)),
    }
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_month(part: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let part = part.to_ascii_lowercase();
    part.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(&part) || part == "sept")
}

/// `MAR1`, `1MAR`
fn is_month_day(part: &str) -> bool {
    let letters = part.trim_matches(|c: char| c.is_ascii_digit());
    letters.len() < part.len() && is_month(letters)
}

/// `1E5`
fn is_power(part: &str) -> bool {
    let halves = part.split_once(['e', 'E']);
    halves.is_some_and(|(a, b)| !a.is_empty() && !b.is_empty() && is_number(a) && is_number(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_or_misread_is_text() {
        let formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|calc", "%1"];
        let surprises =
            ["1-2", "3/4", "12.5", "10:30", "1E5", "007", "MAR1", "Mar 2", "2 march", "1 000", "1234567890123456"];
        for text in formulas.iter().chain(&surprises) {
            assert_eq!(cell(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn plain_words_and_plain_numbers_stay_as_they_are() {
        for text in [
            "",
            "12",
            "12a",
            "HALVORSEN, Margit",
            "Willow 4",
            "AH-0417",
            "asleep = yes",
            "Maya",
            "may be late",
            "4 doses",
        ] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn a_name_of_a_file_is_plain() {
        assert_eq!(plain_name("Alder House, \"north\"\r\n 2026"), "alder-house-north-2026");
    }
}
