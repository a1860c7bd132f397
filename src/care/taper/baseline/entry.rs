//! A baseline as it is typed: read field by field, everything wrong said at once, and written back into its fields.

use chrono::{Months, NaiveDate};

use super::since::{Month, Since};
use super::{Agreement, Answer, Baseline, How, Pregnancy, Route, Said, Support, TakenOff};
use crate::care::calendar::{Day, parse_day};
use crate::care::refusal::Refusal;

/// Words longer than this belong into the notes of care.
pub const MOST_CHARACTERS: usize = 300;
const LONGEST_NAME: usize = 80;
/// A prescription that expires later is a slip of the year.
const LONGEST_PRESCRIPTION_MONTHS: u32 = 24;
/// Support that ends later is one, too.
const LONGEST_SUPPORT_MONTHS: u32 = 120;

/// What is typed must fit the resident and the day.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub born_on: NaiveDate,
    pub today: NaiveDate,
}

/// What is wrong, each with its field.
pub type Wrong = Vec<(String, Refusal)>;

/// Reads every field; one that was left empty is not answered yet.
pub fn read<'a>(value: impl Fn(&str) -> &'a str, bounds: Bounds) -> Result<Baseline, Wrong> {
    let mut reader = Reader { value, bounds, wrong: Vec::new() };
    let baseline = Baseline {
        since: reader.since(),
        days_a_week: reader.days_a_week(),
        route: reader.one_of("route", &Route::ALL, Route::word),
        earlier: reader.answer("earlier"),
        sedatives: reader.answer("sedatives"),
        opioids: reader.answer("opioids"),
        alcohol: reader.answer("alcohol"),
        seizures: reader.answer("seizures"),
        epilepsy: reader.epilepsy(),
        illness: reader.answer("illness"),
        pregnancy: reader.one_of("pregnancy", &Pregnancy::ALL, Pregnancy::word),
        support: reader.support(),
        education: reader.yes_or_no("education"),
        agreement: reader.agreement(),
        expires_on: reader.expires_on(),
        taken_off: reader.taken_off(),
        resumes: Some(reader.typed("resumes").to_owned()).filter(|id| !id.is_empty()),
    };
    if reader.wrong.is_empty() { Ok(baseline) } else { Err(reader.wrong) }
}

struct Reader<V> {
    value: V,
    bounds: Bounds,
    wrong: Wrong,
}

impl<'a, V: Fn(&str) -> &'a str> Reader<V> {
    fn typed(&self, field: &str) -> &'a str {
        (self.value)(field).trim()
    }

    /// Keeps what was read, or why it could not be.
    fn keep<T>(&mut self, field: &str, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.wrong.push((field.to_owned(), refusal))).ok()
    }

    /// Reads a field that is not empty.
    fn some<T>(&mut self, field: &str, read: impl Fn(&str) -> Result<T, Refusal>) -> Option<T> {
        let typed = self.typed(field);
        if typed.is_empty() { None } else { self.keep(field, read(typed)) }
    }

    fn one_of<T: Copy>(&mut self, field: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Option<T> {
        self.some(field, |typed| all.iter().copied().find(|one| word(*one) == typed).ok_or(Refusal::AnswerUnknown))
    }

    fn yes_or_no(&mut self, field: &str) -> Option<bool> {
        self.one_of(field, &[Said::Yes, Said::No], Said::word).map(|said| said == Said::Yes)
    }

    fn since(&mut self) -> Option<Since> {
        let Bounds { born_on, today } = self.bounds;
        self.some("since", |typed| match typed.parse::<Since>()? {
            since if since.first() > today => Err(Refusal::SinceInFuture),
            // The month of birth itself may be all that is remembered.
            since if Month::of(since.first()) < Month::of(born_on) => Err(Refusal::SinceBeforeBirth),
            since => Ok(since),
        })
    }

    fn days_a_week(&mut self) -> Option<u8> {
        let read = |typed: &str| typed.parse().ok().filter(|days| (1..=7).contains(days)).ok_or(Refusal::AnswerUnknown);
        self.some("days_a_week", read)
    }

    fn words(&mut self, field: &str) -> Option<String> {
        let words = line(self.typed(field));
        let short = words.chars().count() <= MOST_CHARACTERS;
        self.keep(field, if short { Ok(words) } else { Err(Refusal::WordsTooLong { most: MOST_CHARACTERS }) })
    }

    /// Yes, no or not known, and which: a yes says which, a no has nothing to say.
    fn answer(&mut self, field: &str) -> Option<Answer> {
        let beside = format!("{field}_words");
        let (said, words) = (self.one_of(field, &Said::ALL, Said::word), self.words(&beside)?);
        match (said, words.is_empty()) {
            (None, true) => None,
            (None, false) => self.keep(field, Err(Refusal::AnswerUnchosen)),
            (Some(Said::Yes), true) => self.keep(&beside, Err(Refusal::WordsMissing)),
            (Some(Said::No), false) => self.keep(&beside, Err(Refusal::WordsBesideNo)),
            (Some(said), _) => Some(Answer { said, words }),
        }
    }

    /// Whoever is treated for epilepsy has a specialist, and nobody tapers past them.
    fn epilepsy(&mut self) -> Option<Answer> {
        let beside = "epilepsy_words";
        let (said, words) = (self.yes_or_no("epilepsy"), self.words(beside)?);
        match (said, words.is_empty()) {
            (None, true) => None,
            (None, false) => self.keep("epilepsy", Err(Refusal::AnswerUnchosen)),
            (Some(true), true) => self.keep(beside, Err(Refusal::SpecialistMissing)),
            (Some(false), false) => self.keep(beside, Err(Refusal::WordsBesideNo)),
            (Some(yes), _) => Some(Answer { said: if yes { Said::Yes } else { Said::No }, words }),
        }
    }

    fn support(&mut self) -> Option<Support> {
        let today = self.bounds.today;
        let latest = Month::of(today).after(LONGEST_SUPPORT_MONTHS);
        let read_until = |typed: &str| match typed.parse::<Month>()? {
            month if month < Month::of(today) => Err(Refusal::SupportEnded),
            month if month > latest => Err(Refusal::MonthTooFar { latest: latest.to_string() }),
            month => Ok(month),
        };
        let (arranged, words) = (self.yes_or_no("support"), self.words("support_words"));
        let (until, words, asked) = (self.some("support_until", read_until), words?, self.typed("support_until"));
        match (arranged, words.is_empty(), until) {
            (None, true, None) => None,
            (None, ..) => self.keep("support", Err(Refusal::AnswerUnchosen)),
            (Some(_), true, _) => self.keep("support_words", Err(Refusal::SupportWords)),
            (Some(true), _, None) if asked.is_empty() => self.keep("support_until", Err(Refusal::SupportUntil)),
            (Some(true), _, None) => None,
            (Some(false), _, Some(_)) => self.keep("support_until", Err(Refusal::WordsBesideNo)),
            (Some(arranged), _, until) => Some(Support { arranged, words, until }),
        }
    }

    fn past_day(&mut self, field: &str) -> Option<NaiveDate> {
        let today = self.bounds.today;
        self.some(field, |typed| match parse_day(typed)? {
            day if day > today => Err(Refusal::DayToCome { today: Day(today) }),
            day => Ok(day),
        })
    }

    fn name(&mut self, field: &str) -> Option<String> {
        self.some(field, |typed| {
            Some(line(typed)).filter(|name| name.chars().count() <= LONGEST_NAME).ok_or(Refusal::NameMissing)
        })
    }

    /// All of it or nothing: an agreement without its day and its way cannot be asked after.
    fn agreement(&mut self) -> Option<Agreement> {
        let before = self.wrong.len();
        let by = self.one_of("agreed_by", &["resident", "representative"], |word| word);
        let (name, on) = (self.name("agreed_name"), self.past_day("agreed_on"));
        let how = self.one_of("agreed_how", &How::ALL, How::word);
        if self.wrong.len() > before || by.is_none() && name.is_none() && on.is_none() && how.is_none() {
            return None;
        }
        let by = self.keep("agreed_by", by.ok_or(Refusal::AgreedByMissing));
        let on = self.keep("agreed_on", on.ok_or(Refusal::AgreedOnMissing));
        let how = self.keep("agreed_how", how.ok_or(Refusal::AgreedHowMissing));
        let representative = match (by?, name) {
            ("representative", None) => self.keep("agreed_name", Err(Refusal::RepresentativeMissing)),
            ("resident", Some(_)) => self.keep("agreed_name", Err(Refusal::RepresentativeBesideResident)),
            (_, name) => Some(name.unwrap_or_default()),
        };
        Some(Agreement { representative: representative?, on: on?, how: how? })
    }

    fn expires_on(&mut self) -> Option<NaiveDate> {
        let today = self.bounds.today;
        let latest = today.checked_add_months(Months::new(LONGEST_PRESCRIPTION_MONTHS)).unwrap_or(NaiveDate::MAX);
        self.some("expires_on", |typed| match parse_day(typed)? {
            day if day < today => Err(Refusal::PrescriptionExpired { on: Day(day) }),
            day if day > latest => Err(Refusal::PrescriptionTooFar { latest: Day(latest) }),
            day => Ok(day),
        })
    }

    fn taken_off(&mut self) -> Option<TakenOff> {
        let before = self.wrong.len();
        let (name, on) = (self.name("taken_off_name"), self.past_day("taken_off_on"));
        if self.wrong.len() > before || name.is_none() && on.is_none() {
            return None;
        }
        let name = self.keep("taken_off_name", name.ok_or(Refusal::TakenOffName));
        let on = self.keep("taken_off_on", on.ok_or(Refusal::TakenOffDay));
        Some(TakenOff { name: name?, on: on? })
    }
}

/// On one line, blanks drawn together.
fn line(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The fields of a baseline with what stands in them: what `read` would read again.
pub fn written(baseline: &Baseline) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut put = |field: &str, value: String| fields.push((field.to_owned(), value));
    let word = |yes: bool| if yes { Said::Yes.word() } else { Said::No.word() }.to_owned();
    put("since", baseline.since.map(String::from).unwrap_or_default());
    put("days_a_week", baseline.days_a_week.map(|days| days.to_string()).unwrap_or_default());
    put("route", baseline.route.map(|route| route.word().to_owned()).unwrap_or_default());
    put("pregnancy", baseline.pregnancy.map(|one| one.word().to_owned()).unwrap_or_default());
    put("education", baseline.education.map(word).unwrap_or_default());
    put("expires_on", baseline.expires_on.map(|on| on.to_string()).unwrap_or_default());
    put("resumes", baseline.resumes.clone().unwrap_or_default());
    for (field, answer) in answers(baseline) {
        put(field, answer.said.word().to_owned());
        put(&format!("{field}_words"), answer.words.clone());
    }
    if let Some(support) = &baseline.support {
        put("support", word(support.arranged));
        put("support_words", support.words.clone());
        put("support_until", support.until.map(String::from).unwrap_or_default());
    }
    if let Some(agreement) = &baseline.agreement {
        let by = if agreement.representative.is_empty() { "resident" } else { "representative" };
        put("agreed_by", by.to_owned());
        put("agreed_name", agreement.representative.clone());
        put("agreed_on", agreement.on.to_string());
        put("agreed_how", agreement.how.word().to_owned());
    }
    if let Some(taken_off) = &baseline.taken_off {
        put("taken_off_name", taken_off.name.clone());
        put("taken_off_on", taken_off.on.to_string());
    }
    fields.retain(|(_, value)| !value.is_empty());
    fields
}

fn answers(baseline: &Baseline) -> impl Iterator<Item = (&'static str, &Answer)> {
    let all = [
        ("earlier", &baseline.earlier),
        ("sedatives", &baseline.sedatives),
        ("opioids", &baseline.opioids),
        ("alcohol", &baseline.alcohol),
        ("seizures", &baseline.seizures),
        ("epilepsy", &baseline.epilepsy),
        ("illness", &baseline.illness),
    ];
    all.into_iter().filter_map(|(field, answer)| Some((field, answer.as_ref()?)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const WHOLE: [(&str, &str); 28] = [
        ("since", "2019-04"),
        ("days_a_week", "7"),
        ("route", "no_misuse"),
        ("earlier", "yes"),
        ("earlier_words", "Half the dose in 2023; slept badly, back after a month"),
        ("sedatives", "no"),
        ("opioids", "not_known"),
        ("opioids_words", "the pharmacy was asked on Monday"),
        ("alcohol", "yes"),
        ("alcohol_words", "sherry on Sundays"),
        ("seizures", "no"),
        ("epilepsy", "yes"),
        ("epilepsy_words", "Dr Amin, City Hospital"),
        ("illness", "no"),
        ("pregnancy", "not_applicable"),
        ("support", "yes"),
        ("support_words", "sleep therapy, J. Ward"),
        ("support_until", "2027-09"),
        ("education", "yes"),
        ("agreed_by", "representative"),
        ("agreed_name", "Ruth Ash"),
        ("agreed_on", "2026-11-18"),
        ("agreed_how", "by_telephone"),
        ("expires_on", "2027-05-20"),
        ("taken_off_name", "Amara Diallo"),
        ("taken_off_on", "2026-11-20"),
        ("resumes", "plan-1"),
        ("unheard_of", "is not read"),
    ];

    fn bounds() -> Bounds {
        Bounds { born_on: parse_day("1941-02-03").unwrap(), today: parse_day("2026-11-20").unwrap() }
    }

    /// The whole form with some fields otherwise.
    fn read_with(other: &[(&'static str, &'static str)]) -> Result<Baseline, Wrong> {
        let fields: HashMap<&str, &str> = WHOLE.into_iter().chain(other.iter().copied()).collect();
        read(|field| fields.get(field).copied().unwrap_or_default(), bounds())
    }

    #[test]
    fn what_was_read_is_written_back_into_the_same_fields() {
        let baseline = read_with(&[]).unwrap();
        assert_eq!(baseline.wanting("panic disorder", bounds().today), []);
        let fields: HashMap<String, String> = written(&baseline).into_iter().collect();
        for (field, value) in WHOLE.iter().filter(|(field, _)| *field != "unheard_of") {
            assert_eq!(fields.get(*field).map(String::as_str), Some(*value), "{field}");
        }
        let again = read(|field| fields.get(field).map(String::as_str).unwrap_or_default(), bounds());
        assert_eq!(again, Ok(baseline));
    }

    #[test]
    fn an_empty_form_is_an_unanswered_baseline() {
        let nothing = read(|_| "", bounds()).unwrap();
        assert_eq!(nothing, Baseline::default());
        assert_eq!(nothing.wanting("panic disorder", bounds().today).len(), 16);
    }

    #[test]
    fn every_contradiction_is_named_at_its_field() {
        let bad: [(&str, &str, &str, Refusal); 21] = [
            ("since", "2026-12", "since", Refusal::SinceInFuture),
            ("since", "1941-01", "since", Refusal::SinceBeforeBirth),
            ("days_a_week", "8", "days_a_week", Refusal::AnswerUnknown),
            ("days_a_week", "0", "days_a_week", Refusal::AnswerUnknown),
            ("route", "by mouth", "route", Refusal::AnswerUnknown),
            ("alcohol_words", " ", "alcohol_words", Refusal::WordsMissing),
            ("sedatives_words", "zopiclone", "sedatives_words", Refusal::WordsBesideNo),
            ("opioids", "", "opioids", Refusal::AnswerUnchosen),
            ("epilepsy_words", "", "epilepsy_words", Refusal::SpecialistMissing),
            ("epilepsy", "not_known", "epilepsy", Refusal::AnswerUnknown),
            ("support_words", "", "support_words", Refusal::SupportWords),
            ("support_until", "", "support_until", Refusal::SupportUntil),
            ("support_until", "2026-10", "support_until", Refusal::SupportEnded),
            ("support", "no", "support_until", Refusal::WordsBesideNo),
            ("agreed_by", "resident", "agreed_name", Refusal::RepresentativeBesideResident),
            ("agreed_name", "", "agreed_name", Refusal::RepresentativeMissing),
            ("agreed_on", "", "agreed_on", Refusal::AgreedOnMissing),
            ("agreed_how", "", "agreed_how", Refusal::AgreedHowMissing),
            ("agreed_on", "2026-11-21", "agreed_on", Refusal::DayToCome { today: Day(bounds().today) }),
            ("taken_off_name", "", "taken_off_name", Refusal::TakenOffName),
            ("taken_off_on", "", "taken_off_on", Refusal::TakenOffDay),
        ];
        for (field, value, named, refusal) in bad {
            assert!(
                read_with(&[(field, value)]).is_err_and(|wrong| wrong.contains(&(named.to_owned(), refusal.clone()))),
                "{field} {value}: {:?}",
                read_with(&[(field, value)])
            );
        }
    }

    #[test]
    fn a_prescription_has_not_expired_and_is_no_slip_of_the_year() {
        let days = [("2026-11-19", false), ("2026-11-20", true), ("2028-11-20", true), ("2028-11-21", false)];
        for (day, fits) in days {
            assert_eq!(read_with(&[("expires_on", day)]).is_ok(), fits, "{day}");
        }
    }
}
