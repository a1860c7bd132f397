//! The house is killed at every write, robbed of its power and of its disk: what was answered is there, whole, and
//! nothing else is.
#![allow(clippy::unwrap_used)]

// What the suite stands on is used here as it is.
#[path = "../suite/browser_like.rs"]
#[allow(dead_code, reason = "the suite uses the rest")]
mod browser_like;
#[path = "../suite/desk.rs"]
#[allow(dead_code, reason = "the suite uses the rest")]
mod desk;
#[path = "../suite/house.rs"]
#[allow(dead_code, reason = "the suite uses the rest")]
mod house;
#[path = "../suite/lent.rs"]
#[allow(dead_code, reason = "the suite uses the rest")]
mod lent;
#[path = "../suite/shelf.rs"]
#[allow(dead_code, reason = "the suite uses the rest")]
mod shelf;
#[path = "../suite/smtp.rs"]
#[allow(dead_code, reason = "the suite uses the rest")]
mod smtp;
#[path = "../suite/ward.rs"]
#[allow(dead_code, reason = "the suite uses the rest")]
mod ward;

mod census;
mod day;
mod folded;
mod ground;
mod killed;
mod platter;
mod points;
mod posts;
mod power;
mod recording;
mod ringing;
mod running;
mod starting;
mod tracer;
mod trouble;
