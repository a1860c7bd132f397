//! The page of every error: one sentence on what happened, one on what became of the data, and a way on.

use askama::Template;

use super::error::PageError;
use super::links::Link;
use super::page::Shell;
use super::parts::Icon;
use crate::care::people::Role;

/// What the page says of an error.
struct Sorry {
    icon: Icon,
    label: &'static str,
    heading: String,
    text: String,
}

impl Sorry {
    fn new(icon: Icon, label: &'static str, heading: &str, text: impl Into<String>) -> Sorry {
        Sorry { icon, label, heading: heading.to_owned(), text: text.into() }
    }

    fn of(error: &PageError, shell: &Shell) -> Sorry {
        match error {
            PageError::Stranger { .. } => {
                Sorry::new(Icon::Lock, "Signed out", "You are not signed in", "Sign in, and open the page again.")
            }
            PageError::NotAllowed { roles } => {
                Sorry::new(Icon::Lock, "Not allowed", "You cannot open this page", not_allowed(roles, shell))
            }
            PageError::Forged => Sorry::new(
                Icon::Lock,
                "Not accepted",
                "This form was not sent by a page of yours",
                "The page may have been open since before you signed in. Open it again and fill in the form there.",
            ),
            PageError::BadForm(why) => Sorry::new(
                Icon::Overdue,
                "Not understood",
                "The form could not be read",
                format!("{why} Open the page again and fill in the form there."),
            ),
            PageError::TooLarge => Sorry::new(
                Icon::Overdue,
                "Too long",
                "What you sent is too long",
                "A form holds at most 64 KiB of text, and a picture at most 10 MB. Write less, or in several entries; choose a smaller picture.",
            ),
            PageError::Late => Sorry::new(
                Icon::Overdue,
                "Not arrived",
                "What you sent did not arrive",
                "The connection is poor, or broke. Go back and send it again where it is better.",
            ),
            PageError::Missing => Sorry::new(
                Icon::Search,
                "Page not found",
                "There is no page at this address",
                "The address may be mistyped, or it belongs to a facility that you do not work in.",
            ),
            PageError::WrongMethod => Sorry::new(
                Icon::Search,
                "Page not found",
                "This address only takes a form",
                "Open the page that the form stands on.",
            ),
            PageError::Refused(refusal) => {
                Sorry::new(Icon::Overdue, "Not possible", "This cannot be done now", refusal.to_string())
            }
            PageError::Moved => Sorry::new(
                Icon::Unequal,
                "Changed meanwhile",
                "Somebody else changed this while your page was open",
                "Open the page again and look at how things stand now.",
            ),
            _ => Sorry::ours(error),
        }
    }

    /// What is no fault of whoever asked.
    fn ours(error: &PageError) -> Sorry {
        match error {
            PageError::Unreachable(_) => Sorry::new(
                Icon::Overdue,
                "Not available",
                "The database does not answer",
                "Wait a minute and try again. If it lasts, work on paper and tell whoever looks after this system.",
            ),
            PageError::Busy => Sorry::new(
                Icon::Overdue,
                "Busy",
                "Too much is asked of this system at once",
                "Go back and send it again in a few seconds. If it lasts, work on paper and tell whoever looks after this system.",
            ),
            PageError::NotSaved(why) => Sorry::new(Icon::Overdue, "Not saved", "This could not be saved", why.clone()),
            PageError::Unknown => Sorry::new(
                Icon::NoRecord,
                "Not known",
                "It is not known whether this was saved",
                "The connection to the database broke at the last moment. Look at the list first: enter it again only if it is not there.",
            ),
            _ => Sorry::new(
                Icon::Overdue,
                "Something broke",
                "This page could not be made",
                "It is our fault, not yours, and it has been noted.",
            ),
        }
    }
}

fn not_allowed(roles: &[Role], shell: &Shell) -> String {
    if shell.menu.is_empty() {
        return "You have no role in any facility now. Ask an administrator for one; as a nurse for one shift, a supervisor.".to_owned();
    }
    let needed = roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(" or ");
    match &shell.me {
        Some(me) => {
            format!("It needs the role {needed}. You are signed in as {}, {}.", me.name, me.roles.to_lowercase())
        }
        None => format!("It needs the role {needed}."),
    }
}

/// What became of the data: an error is never allowed to leave that open, except where it truly is not known.
fn saved(error: &PageError, posted: bool) -> &'static str {
    match (error, posted) {
        (PageError::Unknown, true) => "It may have been saved, or not.",
        (_, true) => "What you entered was NOT saved. Every dose and every record stands as it was.",
        (_, false) => "Nothing has changed: every dose and every record stands as it was.",
    }
}

#[derive(Template)]
#[template(path = "sorry.html")]
struct SorryPage {
    shell: Shell,
    sorry: Sorry,
    saved: &'static str,
    incident: String,
    on: Link,
}

/// The page of an error, for whoever asked.
pub fn sorry(error: &PageError, shell: Shell, posted: bool, incident: &str) -> String {
    let on = match shell.menu.first() {
        Some(first) => Link::new(format!("Go to {}", first.text), first.href.clone()),
        None => Link::new("Go to the start", "/"),
    };
    let sorry = Sorry::of(error, &shell);
    let page = SorryPage { sorry, saved: saved(error, posted), incident: incident.to_owned(), on, shell };
    page.render().unwrap_or_else(|_| format!("{} {}", page.sorry.heading, page.saved))
}
