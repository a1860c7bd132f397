//! The hall: who is asking, what they typed, what is answered, and the parts that several pages share.

pub mod actor;
pub mod arrival;
pub mod assets;
mod crowd;
pub mod deciding;
pub mod error;
pub mod form;
pub mod guard;
pub mod hall;
pub mod headers;
pub mod links;
pub mod page;
pub mod parts;
pub mod password;
pub mod proof;
pub mod proved;
pub mod session;
pub mod sorry;
pub mod spreadsheet;
pub mod throttle;
pub mod unwritten;

pub use actor::{Anyone, Entering, Permitted, Signed};
pub use deciding::deciding;
pub use error::PageError;
pub use form::{Choice, Errors, Form, Protected, ProtectedFile, Typed};
pub use hall::{Answer, Hall, acting, looking};
pub use links::{Link, Menu};
pub use page::{Page, Shell, see_other};
pub use password::Passwords;
pub use proof::Proof;
