//! The roof: every wire is joined here and only here. Routes, the guard at the door, the server.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::rt::signal::unix::{SignalKind, signal};
use actix_web::web::{Data, PayloadConfig, ServiceConfig, get, post, resource};
use actix_web::{App, HttpServer};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::bell::Bell;
use crate::config::Post;
use crate::mail::Mail;
use crate::pages;
use crate::paper::folders_of;
use crate::web::arrival::LARGEST_FORM;
use crate::web::{Hall, assets, guard};

/// Every address of the house.
fn routes(house: &mut ServiceConfig) {
    house
        .configure(door)
        .configure(round)
        .configure(emergency)
        .configure(tapers)
        .configure(residents)
        .configure(as_needed)
        .configure(register)
        .configure(audit)
        .configure(administration);
}

/// What stands open to strangers, and the way in.
fn door(house: &mut ServiceConfig) {
    use pages::own_password;
    house
        .service(resource("/").route(get().to(pages::home::show)))
        .service(resource("/sign-in").route(get().to(pages::sign_in::show)).route(post().to(pages::sign_in::sign_in)))
        .service(resource("/password").route(get().to(own_password::show)).route(post().to(own_password::change)))
        .service(resource("/sign-out").route(post().to(pages::sign_in::sign_out)))
        .service(resource("/assets/{file}").route(get().to(assets::asset)))
        .service(resource("/health/live").route(get().to(pages::health::live)))
        .service(resource("/health/bell").route(get().to(pages::health::bell)))
        .service(resource("/health/ready").route(get().to(pages::health::ready)));
}

/// What a nurse does.
fn round(house: &mut ServiceConfig) {
    house
        .service(resource("/round").route(get().to(pages::round::show)))
        .service(resource("/doses/{id}").route(get().to(pages::dose::show)))
        .service(resource("/doses/{id}/identity").route(post().to(pages::dose::identify)))
        .service(resource("/doses/{id}/administration").route(post().to(pages::dose::record)))
        .service(
            resource("/doses/{id}/correction")
                .route(get().to(pages::correct::show))
                .route(post().to(pages::correct::correct)),
        )
        .service(resource("/doses/{id}/vomit").route(get().to(pages::vomit::show)).route(post().to(pages::vomit::note)))
        .service(resource("/assessments").route(get().to(pages::assessments::show)))
        .service(resource("/assessments/{id}").route(get().to(pages::assessment_saved::show)))
        .service(resource("/residents/{id}/assessments").route(post().to(pages::assessment::record)))
        .service(resource("/residents/{id}/assessments/new").route(get().to(pages::assessment::show)))
        .service(resource("/plans/{id}/telephone").route(get().to(pages::decide::show_telephone)))
        .service(resource("/plans/{id}/telephone/{what}").route(post().to(pages::decide::telephone)))
        .service(resource("/plans/{id}/reductions/{n}/pause").route(post().to(pages::pause::pause)));
}

/// An emergency of a resident, and what was given in error.
fn emergency(house: &mut ServiceConfig) {
    use pages::{incident, incident_new, incident_strike, severe_sign, severe_sign_new};
    house
        .service(
            resource("/residents/{id}/given-in-error")
                .route(get().to(incident_new::show))
                .route(post().to(incident_new::record)),
        )
        .service(
            resource("/incidents/{id}/strike")
                .route(get().to(incident_strike::show))
                .route(post().to(incident_strike::strike)),
        )
        .service(resource("/incidents/{id}").route(get().to(incident::show)).route(post().to(incident::answer)))
        .service(
            resource("/residents/{id}/severe-sign")
                .route(get().to(severe_sign_new::show))
                .route(post().to(severe_sign_new::record)),
        )
        .service(resource("/severe-signs/{id}").route(get().to(severe_sign::show)))
        .service(resource("/severe-signs/{id}/acknowledgement").route(post().to(severe_sign::acknowledge)))
        .service(resource("/severe-signs/{id}/release").route(post().to(severe_sign::release)));
}

/// What prescribers plan and pharmacists sign.
fn tapers(house: &mut ServiceConfig) {
    use pages::{baseline, decide, order, plan, plan_edit, plans, reduction, reductions};
    house
        .service(resource("/plans/{id}/decide").route(get().to(decide::show)))
        .service(resource("/plans/{id}/decide/end-hold").route(post().to(decide::end_hold)))
        .service(resource("/plans/{id}/decide/{what}").route(post().to(decide::decide)))
        .service(resource("/plans/{id}/orders/{order}").route(get().to(order::show)))
        .service(resource("/plans/{id}/orders/{order}/review").route(post().to(order::review)))
        .service(resource("/plans/{id}/orders/{order}/confirmation").route(post().to(order::confirm)))
        .service(resource("/plans").route(get().to(plans::show)))
        .service(resource("/plans/new").route(get().to(plan_edit::show_new)).route(post().to(plan_edit::save_new)))
        .service(resource("/plans/{id}").route(get().to(plan::show)))
        .service(
            resource("/plans/{id}/edit").route(get().to(plan_edit::show_edit)).route(post().to(plan_edit::save_edit)),
        )
        .service(resource("/plans/{id}/baseline").route(get().to(baseline::show)).route(post().to(baseline::save)))
        .service(resource("/plans/{id}/discard").route(post().to(plan_edit::discard)))
        .service(resource("/plans/{id}/approval").route(post().to(plan::approve)))
        .service(resource("/plans/{id}/answer").route(post().to(plan::answer)))
        .configure(running_plans)
        .service(resource("/reductions").route(get().to(reductions::show)))
        .service(resource("/plans/{id}/reductions/{n}").route(get().to(reduction::show)))
        .service(resource("/plans/{id}/reductions/{n}/signature").route(post().to(reduction::sign)))
        .service(resource("/plans/{id}/reductions/{n}/hold").route(post().to(reduction::hold)))
        .service(resource("/plans/{id}/reductions/{n}/return").route(post().to(reduction::send_back)))
        .service(resource("/plans/{id}/reductions/{n}/withdrawal").route(post().to(reduction::withdraw)));
}

/// What a plan that runs becomes: other steps from here, or its end.
fn running_plans(house: &mut ServiceConfig) {
    use pages::plan_edit::amend;
    use pages::{ending, plan_version, taper_alert};
    house
        .service(resource("/plans/{id}/alert").route(get().to(taper_alert::show)))
        .service(resource("/plans/{id}/alert/acknowledgement").route(post().to(taper_alert::acknowledge)))
        .service(resource("/plans/{id}/amend").route(get().to(amend::show)).route(post().to(amend::save)))
        .service(resource("/plans/{id}/versions/{version}").route(get().to(plan_version::show)))
        .service(resource("/plans/{id}/versions/{version}/approval").route(post().to(plan_version::approve)))
        .service(resource("/plans/{id}/versions/{version}/dropping").route(post().to(plan_version::take_back)))
        .service(resource("/plans/{id}/end").route(get().to(ending::show)))
        .service(resource("/plans/{id}/stop-request").route(post().to(ending::ask)))
        .service(resource("/plans/{id}/stop").route(post().to(ending::countersign)))
        .service(resource("/plans/{id}/stop-refusal").route(post().to(ending::decline)))
        .service(resource("/plans/{id}/finish").route(post().to(ending::finish)));
}

/// The people cared for.
fn residents(house: &mut ServiceConfig) {
    use pages::{absence, downtime, gradual_reduction, gradual_reductions, labels, mar, photo};
    use pages::{back_entry, resident, resident_edit, residents, residents_list, unit_mar};
    house
        .service(resource("/residents/{id}/mar").route(get().to(mar::show)))
        .service(resource("/units/{id}/mar").route(get().to(unit_mar::show)))
        .service(resource("/units/{id}/labels").route(get().to(labels::of_unit)))
        .service(resource("/residents/{id}/labels").route(get().to(labels::of_resident)))
        .service(resource("/units/{id}/paper").route(get().to(back_entry::show)))
        .service(
            resource("/units/{id}/paper/lines")
                .app_data(PayloadConfig::new(back_entry::LARGEST_PAGE))
                .route(post().to(back_entry::enter)),
        )
        .service(
            resource("/units/{id}/paper/as-needed")
                .app_data(PayloadConfig::new(back_entry::LARGEST_PAGE))
                .route(get().to(back_entry::as_needed::show))
                .route(post().to(back_entry::as_needed::enter)),
        )
        .service(resource("/units/{id}/downtime").route(get().to(downtime::download)))
        .service(resource("/residents").route(get().to(residents::show)))
        .service(
            resource("/residents/list")
                .app_data(PayloadConfig::new(residents_list::LARGEST_LIST))
                .route(get().to(residents_list::show))
                .route(post().to(residents_list::send)),
        )
        .service(resource("/residents/new").route(get().to(resident_edit::new)).route(post().to(resident_edit::admit)))
        .service(
            resource("/residents/{id}/edit")
                .route(get().to(resident_edit::edit))
                .route(post().to(resident_edit::change)),
        )
        .service(
            resource("/residents/{id}/transfer")
                .route(get().to(pages::transfer::show))
                .route(post().to(pages::transfer::transfer)),
        )
        .service(resource("/residents/{id}").route(get().to(resident::show)))
        .service(resource("/residents/{id}/photo").route(get().to(photo::show)).route(post().to(photo::put)))
        .service(resource("/residents/{id}/photo/removal").route(post().to(photo::remove)))
        .service(resource("/residents/{id}/photo.jpg").route(get().to(photo::itself)))
        .service(resource("/residents/{id}/gradual-reduction").route(get().to(gradual_reduction::show)))
        .service(resource("/residents/{id}/gradual-reduction/{what}").route(post().to(gradual_reduction::note)))
        .service(resource("/gradual-reductions").route(get().to(gradual_reductions::show)))
        .service(resource("/gradual-reductions.csv").route(get().to(gradual_reductions::download)))
        .service(resource("/residents/{id}/absence").route(get().to(absence::show)).route(post().to(absence::leave)))
        .service(resource("/residents/{id}/absence/return").route(post().to(absence::back)));
}

/// What is ordered and given as needed.
fn as_needed(house: &mut ServiceConfig) {
    use pages::{as_needed_effect, as_needed_end, as_needed_give, as_needed_order, as_needed_strike};
    house
        .service(
            resource("/residents/{id}/as-needed/new")
                .route(get().to(as_needed_order::show))
                .route(post().to(as_needed_order::order)),
        )
        .service(
            resource("/as-needed/{id}/give")
                .route(get().to(as_needed_give::show))
                .route(post().to(as_needed_give::give)),
        )
        .service(resource("/as-needed/{id}/identity").route(post().to(as_needed_give::identify)))
        .service(
            resource("/as-needed/{id}/end").route(get().to(as_needed_end::show)).route(post().to(as_needed_end::end)),
        )
        .service(
            resource("/as-needed/doses/{id}/strike")
                .route(get().to(as_needed_strike::show))
                .route(post().to(as_needed_strike::strike)),
        )
        .service(
            resource("/as-needed/doses/{id}/effect")
                .route(get().to(as_needed_effect::show))
                .route(post().to(as_needed_effect::note)),
        );
}

/// What is held of controlled drugs.
fn register(house: &mut ServiceConfig) {
    use pages::{order_list, register, register_count, register_day, register_enter, registers};
    house
        .service(resource("/register").route(get().to(registers::show)))
        .service(
            resource("/register/receive")
                .route(get().to(register_enter::show_receive))
                .route(post().to(register_enter::receive)),
        )
        .service(
            resource("/register/count").route(get().to(register_count::show)).route(post().to(register_count::count)),
        )
        .service(resource("/register/day").route(get().to(register_day::show)).route(post().to(register_day::look)))
        .service(resource("/register/day.csv").route(get().to(register_day::download)))
        .service(resource("/register/order").route(get().to(order_list::show)))
        .service(resource("/register/order.csv").route(get().to(order_list::download)))
        .service(resource("/registers/{id}.csv").route(get().to(register::download)))
        .service(resource("/registers/{id}").route(get().to(register::show)))
        .service(
            resource("/registers/{id}/{what}")
                .route(get().to(register_enter::show))
                .route(post().to(register_enter::enter)),
        )
        .service(resource("/discrepancies/{id}/ending").route(post().to(register::resolve)));
}

/// What a supervisor looks back on.
fn audit(house: &mut ServiceConfig) {
    house
        .service(resource("/overview").route(get().to(pages::overview::show)))
        .service(resource("/letters").route(get().to(pages::letters::show)).route(post().to(pages::letters::send)))
        .service(resource("/error-rate").route(get().to(pages::error_rate::show)))
        .service(resource("/letters/clock").route(post().to(pages::letters::trust)))
        .service(resource("/history").route(get().to(pages::history::show)))
        .service(resource("/history.csv").route(get().to(pages::history::download)))
        .service(resource("/history/unscheduled").route(get().to(pages::unscheduled::show)))
        .service(resource("/history/unscheduled.csv").route(get().to(pages::unscheduled::download)))
        .service(resource("/history/{n}").route(get().to(pages::history_entry::show)))
        .service(resource("/agency").route(get().to(pages::agency::show)).route(post().to(pages::agency::let_in_new)))
        .service(resource("/agency/known").route(post().to(pages::agency::let_in)))
        .service(resource("/agency/{id}/ending").route(post().to(pages::agency::let_out)));
}

/// What only administrators open.
fn administration(house: &mut ServiceConfig) {
    use pages::{
        limits, mar_letters, pack_codes, people, person, products, register_settings, settings, staff_list, unit,
    };
    house
        .service(resource("/products").route(get().to(products::show)).route(post().to(products::stock)))
        .service(resource("/products/barcodes").route(get().to(pack_codes::show)).route(post().to(pack_codes::code)))
        .service(resource("/people").route(get().to(people::show)).route(post().to(people::add)))
        .service(
            resource("/people/list")
                .app_data(PayloadConfig::new(staff_list::LARGEST_LIST))
                .route(get().to(staff_list::show))
                .route(post().to(staff_list::send)),
        )
        .service(resource("/people/roles").route(post().to(people::give)))
        .service(resource("/people/{id}").route(get().to(person::show)))
        .service(resource("/people/{id}/details").route(post().to(person::change)))
        .service(resource("/people/{id}/ending").route(post().to(person::end)))
        .service(resource("/people/{id}/password").route(post().to(person::password)))
        .service(resource("/people/{id}/closing").route(post().to(person::close)))
        .service(resource("/people/{id}/opening").route(post().to(person::reopen)))
        .service(resource("/settings/limits").route(get().to(limits::show)).route(post().to(limits::limit)))
        .service(
            resource("/settings/mar-letters").route(get().to(mar_letters::show)).route(post().to(mar_letters::letter)),
        )
        .service(resource("/settings/register").route(get().to(register_settings::show)))
        .service(resource("/settings/register/ordering").route(post().to(register_settings::order)))
        .service(resource("/settings/register/witness").route(post().to(register_settings::witness)))
        .service(resource("/settings").route(get().to(settings::show)).route(post().to(settings::change)))
        .service(resource("/settings/units/{id}").route(get().to(unit::show)).route(post().to(unit::save)));
}

/// How the server stands: how many threads answer, and how long it lets them finish when it is stopped.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    pub workers: usize,
    pub farewell_seconds: u64,
}

impl Default for Manner {
    fn default() -> Manner {
        Manner { workers: std::thread::available_parallelism().map_or(2, usize::from), farewell_seconds: 20 }
    }
}

/// The server on a listener that is already open. It runs once it is awaited or spawned.
pub fn server(
    hall: Hall,
    listener: TcpListener,
    tls: Option<rustls::ServerConfig>,
    manner: Manner,
) -> std::io::Result<Server> {
    let hall = Data::new(hall);
    let server = HttpServer::new(move || {
        App::new()
            .wrap(from_fn(guard::stand))
            .app_data(hall.clone())
            .app_data(PayloadConfig::new(LARGEST_FORM))
            .configure(routes)
    })
    .workers(manner.workers)
    .shutdown_timeout(manner.farewell_seconds)
    .disable_signals();
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

/// What the bell works with: how letters leave, the address their links begin with, and how often it rings.
#[derive(Debug, Clone)]
pub struct Ringing {
    pub post: Post,
    pub public_url: String,
    pub every: Duration,
    /// Where it lays the downtime packs.
    pub downtime: Vec<PathBuf>,
}

/// Runs the server and the bell until the machine tells them to stop (SIGTERM, or Ctrl-C at a terminal): then they
/// finish what they began, every client is told to close, and they go.
pub fn run(
    hall: Hall,
    listener: TcpListener,
    tls: Option<rustls::ServerConfig>,
    manner: Manner,
    ringing: Ringing,
) -> std::io::Result<()> {
    actix_web::rt::System::new().block_on(async move {
        let (stopping, db, unreckoned) = (hall.stopping.clone(), hall.db.clone(), hall.unreckoned.clone());
        let downtime = folders_of(ringing.downtime);
        let hall = Hall { folder: ringing.post.folder().cloned(), downtime: downtime.clone(), ..hall };
        let server = server(hall, listener, tls, manner)?;
        let handle = server.handle();
        let running = actix_web::rt::spawn(server);
        let (stop, stopped) = watch::channel(false);
        let bell =
            Bell::new(db, Mail::new(&ringing.post), ringing.public_url, stopped).laying(downtime).telling(unreckoned);
        let bell = actix_web::rt::spawn(bell.run(ringing.every));
        told_to_stop().await?;
        stopping.store(true, Ordering::Relaxed);
        tracing::info!("stopping");
        // Nobody listens any more when the bell has gone already.
        let _gone = stop.send(true);
        handle.stop(true).await;
        // A letter under way is finished, or taken up again after its lease.
        let _unfinished = tokio::time::timeout(Duration::from_secs(manner.farewell_seconds), bell).await;
        running.await?
    })
}

async fn told_to_stop() -> std::io::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    Ok(())
}

/// One line a request on standard error, where the machine collects it. `RUST_LOG` says how much.
pub fn log_to_stderr() {
    let much = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(much).with_writer(std::io::stderr).init();
}
