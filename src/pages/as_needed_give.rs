//! A nurse gives an as-needed dose: how much, made from what, whether it may be given now, and why it is needed.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use crate::acts::record_as_needed::{RecordAsNeeded, record_as_needed};
use crate::care::people::{Nurse, Role};
use crate::care::refusal::Refusal;
use crate::care::round::as_needed::barred::{Barred, Why};
use crate::care::round::as_needed::giving::GiveAsk;
use crate::care::round::identity::asked::Identify;
use crate::care::severe_sign::{Sign, Withheld};
use crate::web::parts::as_needed::{Place, Said, place_load};
use crate::web::parts::pieces::{MakeUp, Shapes, counted, form_of};
use crate::web::parts::scan::{Scan, Scanned, identity_ask, one_more};
use crate::web::parts::severe::Call;
use crate::web::parts::stock::{StockFields, StockView};
use crate::web::parts::{Banner, DoseView, Icon, samples};
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

/// The form as it was sent.
#[derive(Deserialize)]
pub struct Give {
    #[serde(default)]
    why: String,
    #[serde(default)]
    given_at: String,
    /// Which state of the order the page showed.
    revision: i64,
    #[serde(flatten)]
    stock: StockFields,
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let place = load(&nurse, &hall, &id).await?;
    Page::new(View::new(&place, shell(&nurse, &place)?, Form::new(nurse.csrf(), nurse.now()), None)).answer()
}

/// Somebody scanned a label or a pack: nothing is saved, and the page is shown with what fits.
pub async fn identify(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, sent: Protected<Scanned>) -> Answer {
    let place = load(&nurse, &hall, &id).await?;
    let (form, refused) = one_more(&place.identity(), &sent.typed, Form::new(nurse.csrf(), nurse.now()));
    let wrong = refused.is_some();
    let view = View::new(&place, shell(&nurse, &place)?, form, None).scanned(refused);
    if wrong { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

pub async fn give(
    nurse: Signed<Nurse>,
    hall: Data<Hall>,
    request: HttpRequest,
    id: Path<String>,
    sent: Protected<Give>,
) -> Answer {
    let place = load(&nurse, &hall, &id).await?;
    let by = nurse.at(&place.facility.id)?;
    let give = GiveAsk { revision: sent.revision, why: sent.why.clone(), given_at: sent.given_at.clone() };
    let witness = match hall.witness(&sent.stock, &hall.address(&request)).await? {
        Ok(witness) => witness,
        Err(errors) => return refused(&nurse, &hall, &id, &sent, errors).await,
    };
    let (identity, stock) = (identity_ask(&sent.typed), sent.stock.ask());
    let ask = RecordAsNeeded { form: sent.id()?, of_order: id.clone(), give, stock, identity, witness };
    match acting(&hall.db, move |conn, now| record_as_needed(conn, &by, &ask, now)).await? {
        Ok(_) => Ok(see_other(format!("{}#as-needed", links::resident(&place.resident.id)))),
        Err(refusal) => refused(&nurse, &hall, &id, &sent, refusal.into()).await,
    }
}

/// What moved is shown as it stands now, with a fresh form: nothing is given by a page that was drawn before.
async fn refused(nurse: &Signed<Nurse>, hall: &Hall, id: &str, sent: &Protected<Give>, errors: Errors) -> Answer {
    let place = load(nurse, hall, id).await?;
    let (shell, moved) = (shell(nurse, &place)?, errors.moved());
    let (form, told) = match moved {
        true => (Form::new(nurse.csrf(), nurse.now()).with("why", &sent.why), Some(errors.sentences())),
        false => (Form::again(nurse.csrf(), nurse.now(), sent, errors), None),
    };
    Page::refused(View::new(&place, shell, form, told), moved).answer()
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, id: &str) -> Result<Place, PageError> {
    let (id, mine, now) = (id.to_owned(), nurse.facilities().cloned().collect::<Vec<_>>(), nurse.now());
    looking(&hall.db, move |conn| place_load(conn, &mine, &id, now)).await?.ok_or(PageError::Missing)
}

fn shell(nurse: &Signed<Nurse>, place: &Place) -> Result<Shell, PageError> {
    let shell = nurse.shell(nurse.facility(&place.facility.id)?, Menu::Residents);
    Ok(shell.back_to(place.resident.name(), links::resident(&place.resident.id)))
}

#[derive(Template)]
#[template(path = "pages/as_needed_give.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    moved: Option<String>,
    /// A severe sign stops every sedative: whom to call.
    call: Option<Call>,
    /// A severe sign, an order or an open question stops it, whatever its limits leave.
    stopped: bool,
    said: Said,
    form_name: String,
    dose: DoseView,
    make_up: Option<MakeUp>,
    shapes: Option<Shapes>,
    counted: String,
    stock: StockView,
    /// What is scanned before the dose is given, where the facility wants it.
    scan: Option<Scan>,
    action: String,
    revision: i64,
    form: Form,
    back: String,
    in_error: String,
    by: String,
}

impl View {
    /// `moved` says what happened while the page was open.
    fn new(place: &Place, shell: Shell, form: Form, moved: Option<String>) -> View {
        let ordered = &place.ordered;
        let pieces = place.source.as_ref().map(|source| &source.pieces);
        View {
            banner: place.banner.clone(),
            moved,
            call: ordered.case.withheld.map(|_| Call::new(&place.facility.emergency)),
            stopped: ordered.case.withheld.is_some() || ordered.case.barred.is_some(),
            said: Said::new(ordered, place.facility.zone, place.now),
            form_name: pieces.and_then(form_of).unwrap_or_default().to_owned(),
            dose: DoseView::large(ordered.file.order.amount),
            make_up: pieces.map(MakeUp::of),
            shapes: pieces.map(Shapes::of),
            counted: pieces.map(counted).unwrap_or_default(),
            stock: StockView::new(
                place.source.as_ref(),
                place.facility.register.witness_for(&ordered.file.order.medicine),
            ),
            scan: Scan::new(&place.identity(), links::identify_as_needed(&ordered.file.order.id), &form),
            action: links::give_as_needed(&ordered.file.order.id),
            revision: ordered.file.revision,
            form,
            back: links::resident(&place.resident.id),
            in_error: links::given_in_error(&place.resident.id),
            by: shell.me.as_ref().map(|me| me.name.clone()).unwrap_or_default(),
            shell,
        }
    }

    /// The page after something was scanned that does not fit.
    fn scanned(self, refused: Option<Refusal>) -> View {
        View { scan: self.scan.map(|scan| scan.refused(refused)), ..self }
    }

    /// What may be given now; what may not yet; an order that is over and cannot be made; a sedative that nobody may have; a
    /// medicine that was suspended; what is to be scanned, and what does not fit; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let form = || Form::new("proof", samples::now());
        let mut over = samples::as_needed::place("panic", 4);
        over.ordered.file.order.ends_on = samples::today() - chrono::Days::new(1);
        over.ordered.case.order = over.ordered.file.order.clone();
        over.source = None;
        let mut withheld = samples::as_needed::place("panic", 26);
        let since = samples::now() - chrono::TimeDelta::minutes(2);
        withheld.ordered.case.withheld = Some(Withheld { sign: Sign::Overdose, since });
        let mut suspended = samples::as_needed::place("panic", 26);
        suspended.ordered.case.barred = Some(Barred { why: Why::Suspended, since });
        let mut scanning = samples::as_needed::place("panic", 26);
        scanning.facility.identify = Identify::ResidentAndProduct;
        let label =
            || Refusal::WrongResident { name: samples::HOSTILE.to_owned(), wanted: "HALVORSEN, Margit".to_owned() };
        let hostile = samples::HOSTILE;
        let wrong = form().with("why", hostile).spoiled(Refusal::AsNeededWhy.into());
        vec![
            View::new(&samples::as_needed::place("panic that talking does not settle", 26), shell(), form(), None),
            View::new(&samples::as_needed::place("panic", 1), shell(), form(), None),
            View::new(&over, shell(), form(), None),
            View::new(&withheld, shell(), form(), None),
            View::new(&suspended, shell(), form(), None),
            View::new(&scanning, shell(), form().also("scanned", &scanning.resident.number), None),
            View::new(&scanning, shell(), form(), None).scanned(Some(label())),
            View::new(&samples::as_needed::place(hostile, 4), shell(), wrong, Some(hostile.to_owned())),
        ]
    }
}
