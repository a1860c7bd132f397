//! Steps in time: a signature that comes late, and the last step to nothing.

use super::on;
use crate::desk::{decide, doses_on, lay_out, open, rationale, running, sign};
use crate::house::on_both;

/// A reduction left unsigned for 60 days: the dose stays, the page says so; signed late, the later steps shift.
#[test]
fn an_unsigned_reduction_leaves_the_dose_and_a_late_signature_shifts_the_steps_after_it() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        for day in ["2026-12-04", "2026-12-20", "2027-01-10", "2027-02-02"] {
            on(house, day);
            lay_out(house, &plan);
            assert_eq!(doses_on(house, &plan, day), [1_000, 1_000], "{day}");
        }
        let pharmacist = served.signed_in("pharmacist");
        let queue = pharmacist.get("/reductions").text();
        assert!(queue.contains("60 days past") && queue.contains("Step date passed"), "{queue}");
        assert!(queue.contains("since 27 Nov 2026, 67 days"), "{queue}");
        let first = format!("{plan}/reductions/1");
        let page = pharmacist.get(&first);
        assert!(page.text().contains("04 Dec 2026, passed 60 days ago"), "{}", page.text());
        assert!(page.text().contains("stays at 2 mg daily until somebody signs"), "{}", page.text());
        let kept = page.fields(&format!("{first}/signature"));
        assert!(kept.contains(&("effective_on".into(), "2027-02-03".into())), "{kept:?}");
        assert_eq!(sign(&pharmacist, &first, 3).status, 303);
        assert_eq!(doses_on(house, &plan, "2027-02-03"), [750, 750]);
        on(house, "2027-02-11");
        let pharmacist = served.signed_in("pharmacist");
        let second = pharmacist.get(&format!("{plan}/reductions/2"));
        let kept = second.fields(&format!("{plan}/reductions/2/signature"));
        assert!(kept.contains(&("effective_on".into(), "2027-02-17".into())), "14 days at this step: {kept:?}");
        let shown = served.signed_in("prescriber").get(&plan).text();
        assert!(shown.contains("61 days late") && shown.contains("not before 17 Feb 2027"), "{shown}");
    });
}

/// Hazard H32: the last step, to 0 mg, is signed like every other, and then 0 mg is written out.
#[test]
fn the_last_step_to_nothing_wants_its_signature_and_nothing_is_written_out() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let short = [("protocol", "by-hand"), ("dose_1", "0.125 mg"), ("dose_2", ""), ("dose_1_1", "0")];
        let plan = crate::desk::save(&prescriber, &short);
        assert_eq!(crate::desk::approve(&prescriber, &plan).status, 303);
        on(house, "2026-12-03");
        lay_out(house, &plan);
        assert_eq!(doses_on(house, &plan, "2026-12-10"), [125], "unsigned, it never stops by itself");
        let pharmacist = served.signed_in("pharmacist");
        let first = format!("{plan}/reductions/1");
        let page = pharmacist.get(&first).text();
        assert!(
            page.contains("from 0.125 mg to 0 mg daily") && page.contains("Last step is from the smallest dose"),
            "{page}"
        );
        let signed =
            decide(&pharmacist, &first, "signature", &[("rationale", &rationale(2)), ("flags_reason", &rationale(1))]);
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [0], "planned: no dose, and the row stands");
        assert_eq!(doses_on(house, &plan, "2026-12-10"), [0]);
        let shown = served.signed_in("prescriber").get(&plan).text();
        assert!(shown.contains("Signed, from 04 Dec"), "{shown}");
    });
}
