//! Whose initials stand in a grid: two people never share theirs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::care::round::mar::Mar;
use crate::store::mar::MonthOf;
use crate::web::parts::initials;

/// The initials of everybody who gave or recorded something in the month, by their ids.
#[derive(Debug)]
pub struct Initials(BTreeMap<String, (String, String)>);

impl Initials {
    pub fn of(mar: &Mar, of: &MonthOf, names: &HashMap<String, String>) -> Initials {
        let standing = mar.entries().filter_map(|entry| entry.standing());
        let recorded = standing.flat_map(|record| [Some(record.by.as_str()), record.witness.as_deref()]).flatten();
        let as_needed = of.as_needed.iter().flat_map(|dose| [Some(dose.giver()), dose.witnessed_by.as_deref()]);
        let wrong = of.incidents.iter().filter_map(|file| file.incident.given_by.as_deref());
        let people: BTreeSet<&str> = recorded.chain(as_needed.flatten()).chain(wrong).collect();
        Initials::unlike(people.into_iter().map(|id| (id, names.get(id).map_or("", String::as_str))))
    }

    /// Where two have the same, a number follows: `AD`, `AD2`.
    fn unlike<'a>(people: impl Iterator<Item = (&'a str, &'a str)>) -> Initials {
        let mut by_name: Vec<(&str, &str)> = people.collect();
        by_name.sort_by_key(|(id, name)| (*name, *id));
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut all = BTreeMap::new();
        for (id, name) in by_name {
            let short = initials(name);
            let count = counts.entry(short.clone()).or_default();
            *count += 1;
            let shown = if *count > 1 { format!("{short}{count}") } else { short };
            all.insert(id.to_owned(), (shown, name.to_owned()));
        }
        Initials(all)
    }

    pub fn shown(&self, person: &str) -> &str {
        self.0.get(person).map_or("", |(shown, _)| shown)
    }

    /// In the order of the initials, each with the name.
    pub fn listed(&self) -> Vec<(String, String)> {
        let mut listed: Vec<(String, String)> = self.0.values().cloned().collect();
        listed.sort();
        listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_people_never_share_their_initials() {
        let people = [("p1", "Amara Diallo RN"), ("p2", "Anna Dunn"), ("p3", "Tom Fielding")];
        let initials = Initials::unlike(people.into_iter());
        assert_eq!((initials.shown("p1"), initials.shown("p2"), initials.shown("p3")), ("AD", "AD2", "TF"));
        assert_eq!(initials.listed()[1], ("AD2".to_owned(), "Anna Dunn".to_owned()));
    }
}
