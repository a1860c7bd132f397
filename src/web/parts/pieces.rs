//! What a dose is counted out from: the sentence, and one shape for each piece.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::care::amount::Amount;
use crate::care::medicine::tablets::{self, Pieces};

/// What a piece looks like in the cup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A tablet or a capsule.
    Round,
    /// A tablet that melts on the tongue (ODT).
    Melting,
    /// A liquid, drawn up.
    Measured,
}

/// So many equal pieces: `2`, `0.5 mg`, `tablet`; with `halves`, as many half-pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub count: u32,
    pub strength: String,
    pub form: String,
    pub shape: Shape,
    pub halves: bool,
}

/// The shapes; hidden from those who hear the sentence, which says the same.
#[derive(Debug, Template)]
#[template(path = "parts/pieces.html")]
pub struct Shapes {
    shapes: Vec<Drawn>,
}

#[derive(Debug, Clone)]
struct Drawn {
    class: &'static str,
    /// Of several like it, or of a half: `40 ×`, `half of`.
    before: String,
    strength: String,
    form: String,
}

/// `1 × 0.5 mg tablet + 1 × 0.25 mg ODT`, which breaks only after a plus sign.
#[derive(Debug, Template)]
#[template(path = "parts/make_up.html")]
pub struct MakeUp {
    parts: Vec<String>,
}

/// More shapes than this are not counted by eye.
const COUNTED_BY_EYE: u32 = 12;

/// Both are rendered from templates of their own, which escape.
impl HtmlSafe for Shapes {}
impl HtmlSafe for MakeUp {}

impl Shapes {
    pub fn new(pieces: &[Piece]) -> Shapes {
        let each = pieces.iter().map(|piece| piece.count).fold(0_u32, u32::saturating_add) <= COUNTED_BY_EYE;
        Shapes { shapes: pieces.iter().flat_map(|piece| drawn(piece, each)).collect() }
    }

    /// The shapes of a dose as it is made here.
    pub fn of(pieces: &Pieces) -> Shapes {
        Shapes::new(&pieces.0.iter().map(Piece::from).collect::<Vec<_>>())
    }

    pub fn samples() -> Vec<(&'static str, Shapes)> {
        samples().into_iter().map(|(name, pieces)| (name, Shapes::new(&pieces))).collect()
    }
}

impl MakeUp {
    /// What the shelf counts out for one dose.
    pub fn of(pieces: &Pieces) -> MakeUp {
        MakeUp { parts: pieces.0.iter().map(|piece| piece.to_string().replace(" × ", "\u{a0}×\u{a0}")).collect() }
    }

    /// What a planned dose is counted out from. One that nothing in stock makes says so: it is never shown as no dose.
    pub fn planned(amount: Amount, pieces: &Pieces) -> MakeUp {
        match pieces.amount() == amount {
            true => MakeUp::of(pieces),
            false => MakeUp { parts: vec!["cannot be made from what is in stock".to_owned()] },
        }
    }

    pub fn new(pieces: &[Piece]) -> MakeUp {
        MakeUp { parts: pieces.iter().map(part).collect() }
    }

    pub fn samples() -> Vec<(&'static str, MakeUp)> {
        samples().into_iter().map(|(name, pieces)| (name, MakeUp::new(&pieces))).collect()
    }
}

/// A product's name is its strength and its form; a liquid is drawn as what is measured of it.
impl From<&tablets::Piece> for Piece {
    fn from(piece: &tablets::Piece) -> Piece {
        let (strength, form) = piece.name.split_once(' ').unwrap_or((&piece.name, ""));
        let count = u32::try_from(piece.count).unwrap_or(u32::MAX);
        match piece.volume_ul {
            Some(volume_ul) => Piece {
                count: 1,
                // Microlitres are to millilitres as micrograms to milligrams.
                strength: format!("{}\u{a0}mL", Amount::from_ug(volume_ul).number()),
                form: "oral syringe".to_owned(),
                shape: Shape::Measured,
                halves: false,
            },
            None => Piece {
                count,
                strength: strength.to_owned(),
                form: form.to_owned(),
                shape: if form == "ODT" { Shape::Melting } else { Shape::Round },
                halves: piece.halves,
            },
        }
    }
}

/// `tablet`, `oral solution`: the one form that all pieces have; nothing where they differ.
pub fn form_of(pieces: &Pieces) -> Option<&str> {
    let mut forms = pieces.0.iter().filter_map(|piece| Some(piece.name.split_once(' ')?.1));
    let first = forms.next()?;
    forms.all(|form| form == first).then_some(first)
}

/// `2 pieces in the cup. ODT: place on the tongue, dry hands.`
pub fn counted(pieces: &Pieces) -> String {
    let solid: u64 = pieces.0.iter().filter(|piece| piece.volume_ul.is_none()).map(|piece| piece.count).sum();
    let mut words = Vec::new();
    match solid {
        0 => {}
        1 => words.push("1 piece in the cup.".to_owned()),
        many => words.push(format!("{many} pieces in the cup.")),
    }
    if pieces.0.iter().any(|piece| piece.name.ends_with("ODT")) {
        words.push("ODT: place on the tongue, dry hands.".to_owned());
    }
    if pieces.0.iter().any(|piece| piece.volume_ul.is_some()) {
        words.push("Measure in an oral syringe.".to_owned());
    }
    words.join(" ")
}

/// One shape for each piece; one for each kind, with its number, where they are too many.
fn drawn(piece: &Piece, each: bool) -> Vec<Drawn> {
    let class = match (piece.shape, piece.halves) {
        (Shape::Round, false) => "pill",
        (Shape::Round, true) => "pill pill-half",
        (Shape::Melting, _) => "pill pill-odt",
        (Shape::Measured, _) => "pill pill-ml",
    };
    let half = if piece.halves { "half of" } else { "" };
    let (times, before) = if each { (piece.count, half.into()) } else { (1, format!("{} × {half}", piece.count)) };
    vec![Drawn { class, before, strength: piece.strength.clone(), form: piece.form.clone() }; times as usize]
}

/// `1 × 0.5 mg tablet`, `1 × half of a 0.5 mg tablet`: spaces that do not break.
fn part(piece: &Piece) -> String {
    let of = if piece.halves { "half of a " } else { "" };
    format!("{} × {of}{} {}", piece.count, piece.strength, piece.form).replace(' ', "\u{a0}")
}

fn samples() -> Vec<(&'static str, Vec<Piece>)> {
    let piece = |count, strength: &str, form: &str, shape, halves| Piece {
        count,
        strength: strength.into(),
        form: form.into(),
        shape,
        halves,
    };
    let two = vec![
        piece(1, "0.5\u{a0}mg", "tablet", Shape::Round, false),
        piece(1, "0.25\u{a0}mg", "ODT", Shape::Melting, false),
    ];
    let kinds = vec![
        piece(1, "0.5\u{a0}mg", "tablet", Shape::Round, true),
        piece(2, "1\u{a0}mg", "capsule", Shape::Round, false),
        piece(1, "2.5\u{a0}mL", "oral solution", Shape::Measured, false),
    ];
    let hostile = "<img src=x onerror=\"alert('x')\">&";
    vec![
        ("empty", vec![]),
        ("usual", two),
        ("every kind", kinds),
        (
            "longest",
            vec![
                piece(40, "10\u{a0}mg", "tablet", Shape::Round, false),
                piece(400, "0.125\u{a0}mg", "ODT", Shape::Melting, false),
            ],
        ),
        ("hostile", vec![piece(1, hostile, hostile, Shape::Measured, true)]),
    ]
}
