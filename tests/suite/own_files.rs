//! A facility's own protocols beside ours: in the command line, in the draft's form, on the plan's page.

use std::sync::Arc;

use stepdown::care::catalogue::{Catalogue, OwnFile, PROTOCOLS};
use stepdown::web::Hall;
use stepdown::web::password::{Cost, Passwords};

use crate::browser_like::Served;
use crate::desk::{open, propose, save};
use crate::house::on_both;
use crate::preview::{Answer, preview, stepdown};

const CLONAZEPAM: &str = "--medicine clonazepam --dose 08:00=1mg --dose 20:00=1mg --protocol";

/// The label's rule under another name.
fn alders() -> String {
    let label = include_str!("../../data/protocols/label-fixed.toml");
    label.replacen("label-fixed", "alder-fixed", 1).replacen(
        "The same amount off each dose",
        "Alder House, by the label",
        1,
    )
}

/// A folder of a facility's own, with one protocol in it.
fn own(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("protocols")).unwrap();
    std::fs::write(folder.path().join("protocols/alder.toml"), text).unwrap();
    folder
}

#[test]
fn a_facilitys_own_protocol_makes_steps_like_ours() {
    let own = own(&alders());
    let ask = |protocol| format!("{CLONAZEPAM} {protocol} --own-files {}", own.path().display());
    assert_eq!(preview(&ask("alder-fixed")).json(), preview(&ask("label-fixed")).json());
    let without = preview(&format!("{CLONAZEPAM} alder-fixed")).json();
    assert_eq!(without["refused"]["code"], "protocol_unknown");
    let listed = stepdown(&["plan", "protocols", "--own-files", own.path().to_str().unwrap()]);
    assert!(listed.out.contains("alder-fixed: Alder House, by the label"), "{}", listed.out);
}

#[test]
fn a_broken_file_of_a_facilitys_own_stops_every_start_and_is_named() {
    let own = own("id = \"alder\"\ncolour = \"red\"\n");
    let folder = own.path().to_str().unwrap();
    let names = |answer: &Answer| answer.err.contains("protocols/alder.toml") && answer.err.contains("colour");
    let preview = preview(&format!("{CLONAZEPAM} clonazepam-fixed --own-files {folder}"));
    assert_eq!((preview.code, preview.json()["refused"]["code"].as_str()), (2, Some("own_files")));
    assert!(names(&preview), "{}", preview.err);
    let url = format!("sqlite:{folder}/stepdown.db");
    let serve = stepdown(&["serve", "--own-files", folder, "--database-url", &url]);
    assert!(serve.code == 2 && names(&serve), "{}", serve.err);
    let demo = stepdown(&["demo", "--own-files", folder]);
    assert!(demo.code == 1 && names(&demo), "{}", demo.err);
    assert!(!own.path().join("stepdown.db").exists());
}

#[test]
fn a_facilitys_own_protocol_stands_in_the_form_and_names_itself_on_the_plan() {
    on_both(|house| {
        drop(open(house));
        let file = OwnFile { folder: PROTOCOLS, name: "alder.toml".to_owned(), text: alders() };
        let catalogue = Arc::new(Catalogue::with(&[file]).unwrap());
        let hall = Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, false);
        let served = Served::with(Hall { catalogue, ..hall });
        let prescriber = served.signed_in("prescriber");
        let own = [("protocol", "alder-fixed"), ("alder-fixed.cut", "0.25 mg"), ("alder-fixed.days", "14")];
        let previewed = propose(&prescriber, "preview", &own);
        assert!(previewed.text().contains("Alder House, by the label"), "{}", previewed.text());
        let plan = prescriber.get(&save(&prescriber, &own));
        assert!(plan.text().contains("Alder House, by the label"), "{}", plan.text());
    });
}
