//! The front door: leads everybody on to the page of their role.

use crate::web::{Answer, Anyone, Menu, Signed, see_other};

pub async fn show(anyone: Signed<Anyone>) -> Answer {
    let roles = anyone.visitor().memberships.iter().map(|member| member.role);
    let first = Menu::of_all(roles).into_iter().next().unwrap_or(Menu::Residents);
    Ok(see_other(first.href()))
}
