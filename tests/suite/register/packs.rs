//! The packs on a shelf: of all that ever came, what may still be there.

use stepdown::care::register::entering::{EnterAsk, What};
use stepdown::store::registers::packs_there;

use super::furnished;
use crate::audit::plans::explained;
use crate::ear::Ear;
use crate::house::{House, Kind, on_both};
use crate::shelf::{TABLET, entered, entry, register, supply};

/// The lots on the shelf, and what the database was asked for them.
fn there(house: &House, book: &str) -> (Vec<String>, Vec<String>) {
    let (register, ear) = (register(house, book), Ear::default());
    let mut conn = ear.listening(house);
    ear.heard();
    let packs = packs_there(&mut conn, &register).unwrap();
    (packs.into_iter().map(|pack| pack.lot).collect(), ear.heard())
}

fn lots(numbers: impl Iterator<Item = u32>) -> Vec<String> {
    numbers.map(|n| format!("L{n}")).collect()
}

#[test]
fn packs_are_looked_for_from_the_newest_on_and_no_further_than_what_is_there() {
    on_both(|house| {
        furnished(house);
        let mut book = String::new();
        for lot in lots(0..40) {
            book = entered(house, supply(), TABLET, EnterAsk { lot, ..entry(What::Receive, "1") }).unwrap();
        }
        let (all, asked) = there(house, &book);
        assert_eq!((all, asked.len()), (lots((0..40).rev()), 3), "sixteen at a time");
        entered(house, supply(), TABLET, entry(What::Waste, "37")).unwrap();
        let (some, asked) = there(house, &book);
        assert_eq!((some, asked.len()), (lots((37..40).rev()), 1), "{asked:#?}");
        let steps = explained(house, &asked[0]);
        let sorts = house.kind == Kind::Sqlite && steps.contains("TEMP B-TREE");
        assert!(steps.contains("register_entries_came") && !sorts, "{steps}");
        entered(house, supply(), TABLET, entry(What::Waste, "3")).unwrap();
        assert_eq!(there(house, &book).0, lots(0..0), "nothing is there, and no pack");
    });
}
