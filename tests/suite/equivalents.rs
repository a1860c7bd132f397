//! What the binary says of a dose by every equivalence table.

use serde_json::Value;

use crate::preview::{Answer, stepdown};

fn asked(arguments: &str) -> Answer {
    let all: Vec<&str> = ["plan", "equivalents", "--json"].into_iter().chain(arguments.split_whitespace()).collect();
    stepdown(&all)
}

fn of(arguments: &str, what: &str) -> Vec<Value> {
    let answer = asked(arguments).json();
    answer["equivalents"].as_array().unwrap().iter().map(|line| line[what].clone()).collect()
}

/// Clinical reference 3.4: 40, 20, 40, 40 and 26.7 mg of diazepam for 2 mg of clonazepam; 40, 20, 40, 20 and 30.8 mg for 4 mg
/// of lorazepam. By hand: 2 x 10 / 0.75 = 26.666… and 4 x 10 / 1.3 = 30.769….
#[test]
fn every_tables_answer_stands_beside_the_others() {
    let tables = of("--medicine clonazepam --amount 2mg", "table");
    assert_eq!(tables, ["ashton-2002", "va-dod-2021", "nhs-scotland", "nsw-2022", "clincalc"]);
    for (ask, answers) in [
        ("--medicine clonazepam --amount 2mg", [40_000, 20_000, 40_000, 40_000, 26_667]),
        ("--medicine lorazepam --amount 4mg", [40_000, 20_000, 40_000, 20_000, 30_769]),
        ("--medicine alprazolam --amount 1mg --to lorazepam", [2_000, 2_000, 0, 2_000, 1_733]),
    ] {
        let expected = answers.map(|ug| if ug == 0 { Value::Null } else { ug.into() });
        assert_eq!(of(ask, "amount_ug"), expected, "{ask}");
    }
    assert_eq!(of("--medicine clonazepam --amount 2mg", "rounded"), [false, false, false, false, true]);
    assert!(of("--medicine clonazepam --amount 2mg", "version").iter().all(|version| version == "1"));
}

#[test]
fn a_table_that_leaves_a_medicine_out_or_gives_a_range_says_so() {
    let zolpidem = of("--medicine zolpidem --amount 10mg", "text");
    assert_eq!(zolpidem[3], "leaves zolpidem out: its conversion is unclear");
    assert_eq!(zolpidem[0], "does not name zolpidem");
    assert_eq!(zolpidem[2], "5\u{a0}mg");
    let estazolam = of("--medicine estazolam --amount 2mg", "text");
    assert_eq!(estazolam[0], "from 10\u{a0}mg to 20\u{a0}mg, no single dose");
    let clonazepam = of("--medicine clonazepam --amount 2mg", "text");
    assert_eq!(clonazepam[4], "26.667\u{a0}mg, rounded (from 5\u{a0}mg to 40\u{a0}mg)");
}

#[test]
fn without_json_the_cautions_stand_below_and_a_bad_amount_is_refused() {
    let told = stepdown(&["plan", "equivalents", "--medicine", "clonazepam", "--amount", "2mg"]);
    assert!(told.out.contains("va-dod-2021, version 1: 20 mg\n"), "{}", told.out);
    assert!(told.out.contains("Take care with a conversion from clonazepam."));
    let refused = asked("--medicine clonazepam --amount .5");
    assert_eq!((refused.code, refused.json()["refused"]["code"].as_str()), (2, Some("amount_unreadable")));
}
