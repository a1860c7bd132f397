//! A nurse pauses a signed reduction whose first dose nobody has recorded. The form stands on other pages; what is
//! refused comes back here.

use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use crate::acts::pause_reduction::{PauseReduction, pause_reduction};
use crate::care::facility::Facility;
use crate::care::people::{Nurse, Role};
use crate::care::refusal::Refusal;
use crate::care::resident::{Allergies, Resident};
use crate::store::plans::{self, PlanFile};
use crate::store::{StoreError, doses, residents};
use crate::web::parts::pause::{Pausable, PauseForm};
use crate::web::parts::{Banner, Icon, samples};
use crate::web::{Answer, Form, Hall, Menu, Page, Protected, Shell, Signed, acting, links, looking, see_other};

#[derive(Deserialize)]
pub struct Pause {
    #[serde(default)]
    rationale: String,
    /// The dose whose page the form stood on: the way back.
    #[serde(default)]
    dose: String,
}

pub async fn pause(
    nurse: Signed<Nurse>,
    hall: Data<Hall>,
    path: Path<(String, u32)>,
    sent: Protected<Pause>,
) -> Answer {
    let (plan, n) = path.into_inner();
    let wanted = plan.clone();
    let file = looking(&hall.db, move |conn| plans::plan_load(conn, &wanted)).await?;
    let by = nurse.at(&file.plan.facility)?;
    let ask = PauseReduction { form: sent.id()?, plan: plan.clone(), n, reason: sent.rationale.clone() };
    match acting(&hall.db, move |conn, now| pause_reduction(conn, &by, &ask, now)).await? {
        Ok(_) => Ok(see_other(way_back(&hall, &sent.dose, &file.plan.resident).await?)),
        Err(refusal) => refused(&nurse, &hall, &sent, &plan, refusal).await,
    }
}

/// Where the nurse was: at the dose, if the form came from one of this resident; otherwise at the resident.
async fn way_back(hall: &Hall, dose: &str, resident: &str) -> Result<String, crate::web::PageError> {
    let asked = dose.to_owned();
    let found = looking(&hall.db, move |conn| doses::dose_find(conn, &asked)).await?;
    let theirs = found.filter(|dose| dose.resident == resident);
    Ok(theirs.map_or_else(|| links::resident(resident), |dose| links::dose(&dose.id)))
}

/// What the page shows again.
struct Facts {
    facility: Facility,
    file: PlanFile,
    resident: Resident,
    banner: Banner,
}

async fn refused(nurse: &Signed<Nurse>, hall: &Hall, sent: &Protected<Pause>, plan: &str, refusal: Refusal) -> Answer {
    let (plan, mine, now) = (plan.to_owned(), nurse.facilities().cloned().collect::<Vec<_>>(), nurse.now());
    let facts = looking(&hall.db, move |conn| {
        let file = plans::plan_load(conn, &plan)?;
        let resident = residents::resident_load(conn, &file.plan.resident)?;
        let facility = mine.into_iter().find(|one| one.id == resident.facility).ok_or(StoreError::Missing)?;
        let banner = Banner::load(conn, &resident, facility.zone.day(now))?;
        Ok(Facts { facility, file, resident, banner })
    })
    .await?;
    let moved = refusal.moved();
    let shell = nurse.shell(&facts.facility, Menu::Residents);
    let form = Form::again(nurse.csrf(), hall.db.now(), sent, refusal);
    Page::refused(View::new(&facts, shell, facts.facility.zone.day(now), form), moved).answer()
}

#[derive(Template)]
#[template(path = "pages/pause.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    medicine: String,
    level: String,
    form: Form,
    pause: Option<PauseForm>,
    back: String,
}

impl View {
    fn new(facts: &Facts, shell: Shell, today: chrono::NaiveDate, form: Form) -> View {
        let (plan, course) = (&facts.file.plan, facts.file.course());
        let back = links::resident(&facts.resident.id);
        let level = course.level_on(today).map(|level| plan.daily(&level.stage.step)).unwrap_or_default();
        View {
            shell: shell.back_to(facts.resident.name(), &back),
            banner: facts.banner.clone(),
            medicine: plan.named(),
            level: level.to_string(),
            pause: Pausable::of(plan, &course, today).map(|pausable| PauseForm::new(&pausable, form.clone())),
            form,
            back,
        }
    }
}

impl View {
    /// A reason that is missing; a reduction that cannot be paused any more; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents);
        let form = || Form::new("proof", samples::now());
        let facts = |signed: bool, surname: &str| {
            let resident = samples::resident("margit", surname, Allergies::NotRecorded);
            let banner = Banner::new(&resident, "Willow", samples::today());
            Facts { facility: samples::facility(), file: samples::plan(signed), banner, resident }
        };
        vec![
            View::new(&facts(true, "Halvorsen"), shell(), samples::today(), form()),
            View::new(&facts(false, "Halvorsen"), shell(), samples::today(), form()),
            View::new(
                &facts(true, samples::HOSTILE),
                shell(),
                samples::today(),
                form().with("rationale", samples::HOSTILE),
            ),
        ]
    }
}
