//! What is in stock, and what could no longer be made from it.

use super::begun;
use crate::amend_ordered::ordered;
use crate::browser_like::{Served, Shown, Visitor};
use crate::deciding::decide;
use crate::house::on_both;

/// Clonazepam tablets of 0.5, 1 and 2 mg.
const HALF: &str = "197527";

#[test]
fn the_stock_is_what_the_administrator_ticked_and_the_history_knows_it() {
    on_both(|house| {
        begun(house);
        let served = Served::start(house);
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/products");
        assert_eq!(page.attribute(&format!("input[name=product][value=\"{HALF}\"]"), "checked").as_deref(), Some(""));
        let before = house.count("history");
        let done = administrator.fill(&page, "/products", &[("product", HALF), ("halved", HALF)]);
        assert_eq!((done.status, done.location()), (303, "/products?facility=alder"));
        assert_eq!(house.count("history"), before + 1);
        assert_eq!(house.count("stocked_products WHERE facility = 'alder' AND halved"), 1);
        let again = administrator.fill(&page, "/products", &[("product", HALF), ("halved", HALF)]);
        assert_eq!((again.status, house.count("history")), (303, before + 1), "a double tap is one change");
        let stale = administrator.get("/products");
        administrator.fill(&administrator.get("/products"), "/products", &[("product", HALF), ("halved", HALF)]);
        assert_eq!(
            administrator.fill(&stale, "/products", &[("product", HALF)]).status,
            409,
            "an old page overwrites nothing"
        );
    });
}

#[test]
fn a_stock_from_which_running_doses_cannot_be_made_is_refused_until_it_is_wanted_all_the_same() {
    on_both(|house| {
        begun(house);
        let served = Served::start(house);
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/products");
        let mut whole: Vec<(String, String)> = page.fields("/products");
        whole.retain(|(name, _)| name != "halved");
        let fields: Vec<(&str, &str)> = whole.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let refused = administrator.post("/products", &fields);
        assert_eq!(refused.status, 422, "{}", refused.text());
        let told = refused.text();
        assert!(told.contains("clonazepam 0.25 mg, from step 1"), "{told}");
        assert!(told.contains("The nearest that can be made: 0 mg or 0.5 mg"), "{told}");
        assert!(told.contains("ASH, Ada"), "{told}");
        assert_eq!(house.count("stocked_products WHERE halved"), 1, "nothing was saved");
        let mut despite = fields.clone();
        despite.push(("despite", "yes"));
        assert_eq!(administrator.post("/products", &despite).status, 303);
        assert_eq!(house.count("stocked_products WHERE halved"), 0);
        assert!(
            administrator
                .get("/products")
                .text()
                .contains("Doses of running plans cannot be made from what is in stock")
        );
    });
}

/// The page's form as it stands, but for one product.
fn without(administrator: &Visitor, page: &Shown, code: &str) -> Shown {
    let kept = page.fields("/products").into_iter().filter(|(name, value)| name != "product" || value != code);
    let kept: Vec<(String, String)> = kept.collect();
    let fields: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    administrator.post("/products", &fields)
}

/// What a prescriber ordered stands in no step of the plan, and has to be made all the same.
#[test]
fn a_dose_that_was_ordered_is_made_from_the_stock_too() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        let administrator = served.signed_in("administrator");
        let why = "Drowsier still after breakfast today; she asked for less herself.";
        let less = [("amount_1", "0.375"), ("amount_2", "0.125"), ("rationale", why)];
        let answer = decide(&served.signed_in("prescriber"), &plan, "lower", &less);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let refused = without(&administrator, &administrator.get("/products"), "349194");
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("clonazepam 0.375 mg, from step 1"), "{}", refused.text());
    });
}

/// 3 mg as one capsule that works all day is not 3 mg at once: nobody has both on the shelf for one medicine.
#[test]
fn modified_release_is_never_stocked_beside_what_works_at_once() {
    on_both(|house| {
        begun(house);
        let served = Served::start(house);
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/products");
        let stock = |codes: [&str; 2]| {
            let mut fields = page.fields("/products");
            fields.extend(codes.map(|code| ("product".to_owned(), code.to_owned())));
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            administrator.post("/products", &fields)
        };
        for mixed in [["197901", "2594600"], ["854876", "854894"], ["854876", "1232194"], ["854894", "1232194"]] {
            let refused = stock(mixed);
            assert_eq!(refused.status, 422, "{mixed:?}");
            assert!(refused.text().contains("never given in the place of each other"), "{}", refused.text());
        }
        assert_eq!(house.count("stocked_products"), 1);
        assert_eq!(stock(["2569564", "2594600"]).status, 303, "one kind of a medicine alone");
    });
}

#[test]
fn only_known_products_are_stocked_and_only_tablets_are_halved() {
    on_both(|house| {
        begun(house);
        let served = Served::start(house);
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/products");
        for bad in ["0", "'; DROP TABLE doses", "<script>"] {
            let refused = administrator.fill(&page, "/products", &[("product", bad)]);
            assert_eq!(refused.status, 422, "{bad}");
            assert!(!refused.body.contains("<script>"));
        }
        // A modified-release tablet.
        let refused = administrator.fill(&page, "/products", &[("product", "433798"), ("halved", "433798")]);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert_eq!(house.count("stocked_products"), 1);
        assert_eq!(served.signed_in("supervisor").get("/products").status, 403);
        let other = served.signed_in("other");
        assert_eq!(other.fill(&other.get("/products"), "/products", &[("facility", "alder")]).status, 404);
    });
}
