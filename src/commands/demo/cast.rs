//! The staff of the demo, all plainly invented, and what they write.

use crate::care::people::Role;

/// Username, printed name, number in the professional register, role. The last of the staff founded the house.
pub struct Member {
    pub username: &'static str,
    pub name: &'static str,
    pub registration: &'static str,
    pub role: Role,
}

pub const STAFF: &[Member] = &[
    Member { username: "a.diallo", name: "Amara Diallo RN", registration: "RN-20417", role: Role::Nurse },
    Member { username: "t.fielding", name: "Tom Fielding RN", registration: "RN-18832", role: Role::Nurse },
    Member { username: "s.reyes", name: "Sofia Reyes RN", registration: "RN-22105", role: Role::Nurse },
    Member { username: "l.hoek", name: "Lena Hoek RN", registration: "RN-19960", role: Role::Nurse },
    Member { username: "h.marsh", name: "Dr Helen Marsh", registration: "MD-70214", role: Role::Prescriber },
    Member { username: "p.venkatesan", name: "Priya Venkatesan", registration: "PH-2094417", role: Role::Pharmacist },
    Member { username: "o.lindqvist", name: "Oskar Lindqvist", registration: "PH-2101183", role: Role::Pharmacist },
    Member { username: "c.ashby", name: "Colin Ashby", registration: "", role: Role::Supervisor },
    Member { username: "r.tan", name: "Rosalind Tan", registration: "", role: Role::Administrator },
];

/// The person of each role whose sign-in the demo prints.
pub const FACES: &[(Role, &str)] = &[
    (Role::Nurse, "a.diallo"),
    (Role::Pharmacist, "p.venkatesan"),
    (Role::Prescriber, "h.marsh"),
    (Role::Supervisor, "c.ashby"),
    (Role::Administrator, "r.tan"),
];

/// What a pharmacist found: one for each signature, so that no rationale is the one before it.
pub const RATIONALES: &[&str] = &[
    "Slept through four of five nights, no tremor on Tuesday’s visit, walking steadier.",
    "Appetite back, joined the choir again; daughter sees no change since the last cut.",
    "Mild restlessness for two evenings after the last cut, gone by the third; alert at breakfast.",
    "Blood pressure lying and standing alike, no falls since the start, wants to go on.",
    "Night staff report six hours of sleep; anxious only before the dentist, settled after.",
    "Hand steady when pouring tea, headache gone, son agrees on the telephone.",
    "Two weeks without daytime naps; physiotherapist notes better balance on stairs.",
    "Irritable on Sunday, put down to the visit; calm and oriented when seen on Monday.",
];

/// What a hold rests on.
pub const HOLD_RATIONALE: &str =
    "Three bad nights since the last cut, sweating and pacing at four; wait until sleep has settled.";
