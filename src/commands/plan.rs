//! `stepdown plan`: a taper's arithmetic on the command line, as a table or as JSON.

mod equivalents;
mod json;
mod table;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::equivalents::Equivalents;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, parse_day};
use crate::care::catalogue::Catalogue;
use crate::care::medicine::Medicine;
use crate::care::medicine::product::{Product, Products};
use crate::care::medicine::shelves::Shelves;
use crate::care::medicine::tablets::Shelf;
use crate::care::refusal::Refusal;
use crate::care::taper::preview::Preview;
use crate::care::taper::protocol::draft::Ask;
use crate::care::taper::protocol::typed::{self, Row};
use crate::config::own_files::OwnFiles;

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    own_files: OwnFiles,
}

#[derive(Subcommand)]
enum What {
    /// Lists every step of a taper: dates, doses, pieces, and what guidelines say.
    Preview(Box<Taper>),
    /// Says what every equivalence table makes of a dose in another medicine. The tables differ: a person decides.
    Equivalents(Equivalents),
    /// Lists the protocols with their parameters, defaults and sources.
    Protocols {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// The taper to preview. What cannot be planned exits with 2 and one sentence.
#[derive(Args)]
struct Taper {
    /// The medicine to taper: clonazepam.
    #[arg(long)]
    medicine: String,
    /// Today's dose at one time of day: 08:00=1mg. Once for each time.
    #[arg(long = "dose", value_name = "TIME=AMOUNT", required = true)]
    doses: Vec<String>,
    /// The protocol's id: see `stepdown plan protocols`.
    #[arg(long)]
    protocol: String,
    /// A parameter of the protocol: hold_days=14.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// The first day at the first reduced dose: 2026-11-23.
    #[arg(long, value_name = "DATE")]
    start: String,
    /// Stay at this daily amount instead of stopping: 1mg.
    #[arg(long, value_name = "AMOUNT")]
    stay_at: Option<String>,
    /// Another shelf: CSV with the columns code, medicine, form and strength_ug, and if wanted release, per, halved,
    /// measure_ul, name and source. Everything of the medicine in it counts, liquids too.
    #[arg(long, value_name = "FILE")]
    products: Option<PathBuf>,
    /// Adds liquids to the shelf: those of the codes named, or else one, that of 1 mg/mL or the weakest.
    #[arg(long, value_name = "CODE", num_args = 0.., value_delimiter = ',')]
    with_liquids: Option<Vec<String>>,
    /// Typed steps, for the protocols table and by-hand: CSV with the column days (empty in the last line) and either one
    /// column for each time of day (08:00) or one column daily.
    #[arg(long, value_name = "FILE")]
    steps: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// A request that cannot be answered, with the sentence that says why.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Care(#[from] Refusal),
    #[error("{sentence}")]
    OwnFiles { sentence: String },
    #[error("The file {path} cannot be read: {problem}.")]
    File { path: String, problem: String },
    #[error("“{text}” is not NAME=VALUE.")]
    NoEqualsSign { text: String },
    #[error("{name} is set twice. Set each parameter once.")]
    SetTwice { name: String },
    #[error("{code} is not the code of a liquid of {medicine}.")]
    NoSuchLiquid { code: String, medicine: Medicine },
}

impl Refused {
    fn code(&self) -> &'static str {
        match self {
            Refused::Care(refusal) => refusal.code(),
            Refused::OwnFiles { .. } => "own_files",
            Refused::File { .. } => "file_unreadable",
            Refused::NoEqualsSign { .. } => "no_equals_sign",
            Refused::SetTwice { .. } => "set_twice",
            Refused::NoSuchLiquid { .. } => "no_such_liquid",
        }
    }
}

pub fn run(arguments: &Arguments) -> ExitCode {
    let as_json = match &arguments.what {
        What::Protocols { json } => *json,
        What::Equivalents(ask) => ask.json,
        What::Preview(taper) => taper.json,
    };
    let catalogue = arguments.own_files.catalogue().map_err(|sentence| Refused::OwnFiles { sentence });
    match catalogue.and_then(|catalogue| arguments.what.shown(&catalogue)) {
        Ok(text) => {
            print(&text);
            ExitCode::SUCCESS
        }
        Err(refused) => {
            if as_json {
                print(&json::text(&json::Refused::new(refused.code(), &refused.to_string())));
            }
            let _ = writeln!(std::io::stderr(), "{refused}");
            ExitCode::from(2)
        }
    }
}

impl What {
    fn shown(&self, catalogue: &Catalogue) -> Result<String, Refused> {
        match self {
            What::Protocols { json: true } => Ok(json::text(&json::Protocols::of(catalogue))),
            What::Protocols { json: false } => Ok(table::protocols(catalogue.protocols())),
            What::Equivalents(ask) => ask.shown(catalogue),
            What::Preview(taper) => taper.shown(catalogue),
        }
    }
}

/// A reader that hung up early is no fault of ours.
fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

impl Taper {
    fn shown(&self, catalogue: &Catalogue) -> Result<String, Refused> {
        let own = self.products.as_deref().map(read).transpose()?;
        let own = own.map(|text| Products::read(&text)).transpose()?;
        let medicine = own.as_ref().unwrap_or(Products::ours()).medicine(&self.medicine)?;
        let shelf = self.shelf(own.as_ref(), &medicine)?;
        let protocol = catalogue.protocol(&self.protocol)?;
        let ask = Ask {
            medicine: &medicine,
            today: self.today()?,
            chosen: &self.chosen()?,
            first_reduction_on: parse_day(&self.start)?,
            shelf: &shelf,
            goal: self.stay_at.as_deref().map_or(Ok(Amount::ZERO), Amount::parse)?,
            typed: &self.typed()?,
            free_nights: 0,
        };
        let draft = protocol.draft(&ask)?;
        let preview = Preview::of(&draft, &Shelves::one(&medicine, shelf.clone()))?;
        Ok(if self.json { json::text(&json::Taper::new(&preview)) } else { table::taper(&preview, &draft, protocol) })
    }

    fn shelf(&self, own: Option<&Products>, medicine: &Medicine) -> Result<Shelf, Refused> {
        let stocked = |product: &Product| (product.clone(), product.halved);
        if let Some(own) = own {
            return Ok(Shelf::of(own.of(medicine).map(stocked)));
        }
        let ours = Products::ours();
        let solids = ours.of(medicine).filter(|product| product.is_plain_solid());
        let liquids = || ours.of(medicine).filter(|product| product.form.is_liquid());
        let chosen: Vec<&Product> = match self.with_liquids.as_deref() {
            None => Vec::new(),
            // One only: a taper that hops from one strength to another invites a mistake.
            Some([]) => liquids().min_by(|one, other| one.measured_before(other)).into_iter().collect(),
            Some(codes) => {
                let liquid = |code: &String| {
                    liquids().find(|liquid| liquid.code == *code).ok_or_else(|| no_liquid(code, medicine))
                };
                codes.iter().map(liquid).collect::<Result<_, _>>()?
            }
        };
        Ok(Shelf::of(solids.chain(chosen).map(stocked)))
    }

    fn today(&self) -> Result<BTreeMap<Slot, Amount>, Refused> {
        let mut today = BTreeMap::new();
        for text in &self.doses {
            let (slot, amount) = either_side(text)?;
            let slot: Slot = slot.parse()?;
            if today.insert(slot, Amount::parse(amount)?).is_some() {
                return Err(Refusal::SlotTwice { slot }.into());
            }
        }
        Ok(today)
    }

    fn chosen(&self) -> Result<BTreeMap<String, String>, Refused> {
        let mut chosen = BTreeMap::new();
        for text in &self.settings {
            let (name, value) = either_side(text)?;
            if chosen.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(Refused::SetTwice { name: name.to_owned() });
            }
        }
        Ok(chosen)
    }

    fn typed(&self) -> Result<Vec<Row>, Refused> {
        match &self.steps {
            Some(path) => Ok(typed::read(&read(path)?)?),
            None => Ok(Vec::new()),
        }
    }
}

fn no_liquid(code: &str, medicine: &Medicine) -> Refused {
    Refused::NoSuchLiquid { code: code.to_owned(), medicine: medicine.clone() }
}

/// `08:00=1mg` on either side of its equals sign.
fn either_side(text: &str) -> Result<(&str, &str), Refused> {
    let parts = text.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    parts.ok_or_else(|| Refused::NoEqualsSign { text: text.chars().take(40).collect() })
}

fn read(path: &Path) -> Result<String, Refused> {
    std::fs::read_to_string(path)
        .map_err(|error| Refused::File { path: path.display().to_string(), problem: error.to_string() })
}
