//! The ground floor: what care is. Pure and timeless: no clock, no chance, no input or output, no float.

pub mod absence;
pub mod amount;
pub mod calendar;
pub mod catalogue;
pub mod downtime;
pub mod exact;
pub mod facility;
pub mod gap;
pub mod gradual;
pub mod incident;
pub mod leap;
pub mod letter;
pub mod list;
pub mod medicine;
pub mod name_alert;
pub mod people;
pub mod refusal;
pub mod register;
pub mod resident;
pub mod ringing;
pub mod round;
pub mod scale;
pub mod severe_sign;
pub mod staff;
pub mod taper;
pub mod witness;
