//! A list of staff as a spreadsheet gives it: read line by line, and everything that is wrong with each.

use std::collections::{BTreeMap, BTreeSet};

use crate::care::list::{self, Column, Record};
use crate::care::people::{Person, Role};
use crate::care::refusal::Refusal;
use crate::care::staff;

const COLUMNS: [Column; 5] = [
    Column::new("name", &["printedname", "fullname"]),
    Column::new("username", &["user", "login", "account"]),
    Column::new("email", &["mail", "emailaddress"]),
    Column::new("roles", &["role"]),
    Column::optional("registration", &["registrationnumber", "regno", "license", "licence"]),
];

/// The accounts that there are: nobody gets a second one.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    pub usernames: BTreeSet<String>,
    pub registrations: BTreeSet<String>,
}

/// Somebody who is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// The id is still empty: the act gives one.
    pub person: Person,
    /// Each once, in their order.
    pub roles: Vec<Role>,
}

/// One line of the list, as it stands there and as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    pub text: String,
    pub read: Result<Newcomer, Vec<Refusal>>,
}

pub fn read(typed: &str, taken: &Taken) -> Result<Vec<Line>, Refusal> {
    let mut seen = Seen::default();
    Ok(list::read(typed, &COLUMNS)?.into_iter().map(|record| line(record, taken, &mut seen)).collect())
}

/// Which line had a username, or a registration, first.
#[derive(Default)]
struct Seen(BTreeMap<String, u64>);

impl Seen {
    fn once(&mut self, what: &str, number: u64) -> Result<(), Refusal> {
        match self.0.get(what) {
            Some(line) => Err(Refusal::ListAccountTwice { what: what.to_owned(), line: *line }),
            None => {
                self.0.insert(what.to_owned(), number);
                Ok(())
            }
        }
    }
}

fn line(Record { number, text, cells }: Record, taken: &Taken, seen: &mut Seen) -> Line {
    let read = cells.map_err(|wrong| vec![wrong]).and_then(|cells| newcomer(&cells, taken, number, seen));
    Line { number, text, read }
}

fn newcomer(cells: &[String], taken: &Taken, number: u64, seen: &mut Seen) -> Result<Newcomer, Vec<Refusal>> {
    let mut wrong = Vec::new();
    let name = kept(staff::name(&cells[0]), &mut wrong);
    let username = kept(staff::username(&cells[1]).and_then(|one| free(one, taken, number, seen)), &mut wrong);
    let email = kept(staff::email(&cells[2]), &mut wrong);
    let roles = kept(roles(&cells[3]), &mut wrong);
    let registration = staff::registration(&cells[4]).and_then(|one| own(one, taken, number, seen));
    let registration = kept(registration, &mut wrong);
    let (Some(name), Some(username), Some(email), Some(roles), Some(registration)) =
        (name, username, email, roles, registration)
    else {
        return Err(wrong);
    };
    let person = Person { id: String::new(), username, name, registration, email, disabled_at: None, revision: 0 };
    Ok(Newcomer { person, roles })
}

fn kept<T>(read: Result<T, Refusal>, wrong: &mut Vec<Refusal>) -> Option<T> {
    read.map_err(|refusal| wrong.push(refusal)).ok()
}

fn free(username: String, taken: &Taken, number: u64, seen: &mut Seen) -> Result<String, Refusal> {
    if taken.usernames.contains(&username) {
        return Err(Refusal::UsernameTaken);
    }
    seen.once(&username, number).map(|()| username)
}

fn own(registration: String, taken: &Taken, number: u64, seen: &mut Seen) -> Result<String, Refusal> {
    if registration.is_empty() {
        return Ok(registration);
    }
    if taken.registrations.contains(&registration) {
        return Err(Refusal::RegistrationTaken);
    }
    seen.once(&registration, number).map(|()| registration)
}

/// `nurse`, `nurse and supervisor`, `Nurse / Supervisor`.
fn roles(cell: &str) -> Result<Vec<Role>, Refusal> {
    let lower = cell.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && *word != "and");
    let read = |word: &str| {
        Role::of_word(word).ok_or_else(|| Refusal::ListRole {
            name: word.chars().take(40).collect(),
            roles: Role::ALL.map(|role| role.word()).join(", "),
        })
    };
    let found: BTreeSet<Role> = words.map(read).collect::<Result<_, _>>()?;
    if found.is_empty() { Err(Refusal::RoleMissing) } else { Ok(found.into_iter().collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "Name,Username,E-mail,Roles,Registration\n";

    fn lines(list: &str) -> Vec<Line> {
        let taken = Taken { usernames: ["t.field".into()].into(), registrations: ["RN-7".into()].into() };
        read(list, &taken).unwrap()
    }

    #[test]
    fn a_line_is_read_with_one_role_or_several() {
        let list = format!("{HEAD}Amara Diallo RN,A.Diallo,a@alder.example,Nurse / supervisor and nurse,rn-1\n");
        let read = lines(&list)[0].read.clone().unwrap();
        assert_eq!((read.person.username.as_str(), read.person.registration.as_str()), ("a.diallo", "RN-1"));
        assert_eq!(read.roles, [Role::Nurse, Role::Supervisor]);
        assert!(lines("name;username;email;role\nIda Berg;i.berg;;nurse")[0].read.is_ok(), "without registrations");
    }

    #[test]
    fn every_line_says_what_is_wrong_with_it() {
        let list = format!(
            "{HEAD}Ida Berg,i.berg,,nurse,\nIda Berg,I.Berg,,nurse,\n,x,nobody,cook,RN-7\nTom Field,t.field,,,\nToo,short,,nurse"
        );
        let lines = lines(&list);
        let wrong = |n: usize| lines[n].read.clone().unwrap_err();
        assert!(lines[0].read.is_ok());
        assert_eq!(wrong(1), [Refusal::ListAccountTwice { what: "i.berg".into(), line: 2 }]);
        let roles = "prescriber, pharmacist, nurse, supervisor, administrator".to_owned();
        let cook = Refusal::ListRole { name: "cook".into(), roles };
        let all = [
            Refusal::NameMissing,
            Refusal::UsernameUnreadable,
            Refusal::EmailUnreadable,
            cook,
            Refusal::RegistrationTaken,
        ];
        assert_eq!(wrong(2), all);
        assert_eq!(wrong(3), [Refusal::UsernameTaken, Refusal::RoleMissing]);
        assert_eq!((lines[4].number, wrong(4)), (6, vec![Refusal::ListCells { cells: 4, wanted: 5 }]));
    }
}
