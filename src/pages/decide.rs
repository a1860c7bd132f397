//! Where a prescriber decides from the next dose on, at a screen or, by a nurse’s hand, on the telephone.

mod samples;
mod send;
mod view;

use actix_web::web::{Data, Path};

pub use self::send::{decide, end_hold, telephone};
use self::view::Forms;
pub use self::view::View;
use crate::care::medicine::shelves::Shelves;
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role};
use crate::care::taper::fact::ended_undecided;
use crate::store::absences::{AbsenceEnd, absences_of};
use crate::store::dossiers::{Dossier, dossier_load};
use crate::store::{Conn, StoreError, facilities, people};
use crate::web::parts::Banner;
use crate::web::{Answer, Hall, Menu, Page, PageError, Permitted, Signed, links, looking};

/// Everything the page shows, read at one moment.
struct Sight {
    dossier: Dossier,
    banner: Banner,
    shelves: Shelves,
    /// Who may have called: the ids and names of the prescribers here.
    prescribers: Vec<(String, String)>,
    /// How each absence ended since somebody last decided the level, the newest first.
    back: Vec<AbsenceEnd>,
}

/// Who reads the page, and so what can be sent from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Prescriber,
    /// May end a hold, and no more.
    Pharmacist,
    /// A nurse with a prescriber on the telephone.
    Nurse,
}

pub async fn show(hall: Data<Hall>, reader: Signed<(Prescriber, Pharmacist)>, plan: Path<String>) -> Answer {
    let sight = sight(&hall, &reader, plan.into_inner()).await?;
    let who = at_a_screen(&reader, &sight);
    Page::new(page(&reader, &sight, who, Forms::fresh(reader.csrf(), reader.now()))).answer()
}

pub async fn show_telephone(hall: Data<Hall>, nurse: Signed<Nurse>, plan: Path<String>) -> Answer {
    let sight = sight(&hall, &nurse, plan.into_inner()).await?;
    Page::new(page(&nurse, &sight, Reader::Nurse, Forms::fresh(nurse.csrf(), nurse.now()))).answer()
}

fn at_a_screen<R: Permitted>(reader: &Signed<R>, sight: &Sight) -> Reader {
    match reader.is(Role::Prescriber, &sight.dossier.found.facility.id) {
        true => Reader::Prescriber,
        false => Reader::Pharmacist,
    }
}

fn page<R: Permitted>(reader: &Signed<R>, sight: &Sight, who: Reader, forms: Forms) -> View {
    let found = &sight.dossier.found;
    let (menu, text, href) = match who {
        Reader::Nurse => (Menu::Residents, sight.dossier.resident.name(), links::resident(&sight.dossier.resident.id)),
        _ => (Menu::Plans, "The whole plan".to_owned(), links::plan(&found.file.plan.id)),
    };
    let shell = reader.shell(&found.facility, menu).back_to(text, href);
    View::new(shell, sight, who, &reader.visitor().name, forms)
}

async fn sight<R: Permitted>(hall: &Data<Hall>, reader: &Signed<R>, plan: String) -> Result<Sight, PageError> {
    let readable: Vec<String> = reader.facilities().map(|facility| facility.id.clone()).collect();
    let (now, person) = (reader.now(), reader.person().to_owned());
    looking(&hall.db, move |conn| {
        let dossier = dossier_load(conn, &readable, &plan, 0, now)?;
        Ok(Sight {
            banner: Banner::load(conn, &dossier.resident, dossier.found.case.today)?,
            shelves: facilities::shelves_load(conn, &dossier.found.facility.id)?,
            prescribers: prescribers(conn, &dossier, &person, now)?,
            back: back(conn, &dossier)?,
            dossier,
        })
    })
    .await
}

/// What was written down at each return since the level was last decided.
fn back(conn: &mut Conn, dossier: &Dossier) -> Result<Vec<AbsenceEnd>, StoreError> {
    let undecided = ended_undecided(&dossier.found.file.facts);
    let ends = absences_of(conn, &dossier.resident.id)?.into_iter().filter_map(|(_, end)| end);
    Ok(ends.filter(|end| undecided.contains(&end.absence.as_str())).collect())
}

/// The prescribers of the facility beside whoever writes down.
fn prescribers(
    conn: &mut Conn,
    dossier: &Dossier,
    person: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<(String, String)>, StoreError> {
    let staff = people::staff_of(conn, &dossier.found.facility.id)?.into_iter();
    let here = staff.filter(|(one, roles)| {
        let prescribes = roles.iter().any(|role| role.role == Role::Prescriber && role.in_force(now));
        prescribes && one.disabled_at.is_none() && one.id != person
    });
    Ok(here.map(|(one, _)| (one.id, one.name)).collect())
}
