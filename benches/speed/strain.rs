//! The house under strain: ten times what it can do, told to stop in the middle of it, and kept at it for long.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use stepdown::store::doses::DoseFile;

use crate::measure::{Round, Times, ms, whole};
use crate::opened::Opened;
use crate::ward::{Ward, moment, record, record_at_last, saved};
use crate::wire::Visitor;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 1000)]
    residents: u32,
    /// So many record at once where more is asked than can be done.
    #[arg(long, default_value_t = 600)]
    crowd: usize,
    /// So many doses are recorded in the long run.
    #[arg(long, default_value_t = 100_000)]
    doses: usize,
    /// Only the long run.
    #[arg(long)]
    long_run: bool,
}

/// Enough of them to keep the house at its most.
const STAFF: usize = 32;

pub fn run(arguments: &Arguments) {
    if !arguments.long_run {
        too_much(arguments);
    }
    // A house in which every dose of every day is recorded.
    let folder = crate::folder();
    let url = format!("sqlite:{}", folder.path().join("stepdown.db").display());
    long_run(&url, folder.path(), &Ward::furnished(&url, arguments.residents, 8), arguments.doses);
}

fn too_much(arguments: &Arguments) {
    let folder = crate::folder();
    let url = format!("sqlite:{}", folder.path().join("stepdown.db").display());
    let ward = Ward::furnished(&url, arguments.residents, 8);
    let opened = Opened::over(&url, folder.path(), moment(0));
    let can = most(&opened, &ward.doses_of(0));
    overload(opened, &ward.doses_of(1), arguments.crowd, can);
    stopped(&url, folder.path(), &ward);
}

fn staff(opened: &Opened, many: usize) -> Vec<Visitor> {
    (0..many).map(|_| Visitor::signed_in(opened.at, "a.diallo")).collect()
}

/// What it can do: doses a second.
fn most(opened: &Opened, doses: &[DoseFile]) -> f64 {
    let round = Round::at_once(&mut staff(opened, STAFF), doses.len().min(4_000), |visitor, n| {
        record_at_last(visitor, &doses[n])
    });
    println!("\nwhat it can do: {} doses a second, p99 {}", whole(round.per_second), ms(round.times.p99()));
    round.per_second
}

/// How a post ended while too much was asked.
#[derive(Default)]
struct Ended {
    saved: Vec<Duration>,
    refused: Vec<Duration>,
    /// Refused, and not in the words that tell a nurse what to do.
    wrong: Vec<String>,
}

/// Ten times as many posts as can be answered, for some seconds; whoever is refused tries the next dose.
fn overload(mut opened: Opened, doses: &[DoseFile], crowd: usize, can: f64) {
    opened.set(moment(1));
    let mut visitors = staff(&opened, 2);
    visitors.extend((2..crowd).map(|n| visitors[n % 2].beside()).collect::<Vec<_>>());
    let waiting = Mutex::new(doses.iter().collect::<VecDeque<_>>());
    let pause = Duration::from_secs_f64(crowd as f64 / (can * 10.0));
    let (began, lasts) = (Instant::now(), Duration::from_secs(6));
    let each: Vec<Ended> = std::thread::scope(|scope| {
        let waiting = &waiting;
        // One after the other, as people come: all at once they would be turned away together, and then leave the house empty.
        let first = |n: usize| began + pause.mul_f64(n as f64 / crowd as f64);
        let hurry = |(n, visitor)| scope.spawn(move || hurried(visitor, waiting, pause, first(n), began + lasts));
        let running: Vec<_> = visitors.iter_mut().enumerate().map(hurry).collect();
        running.into_iter().map(|one| one.join().expect("no visitor fails")).collect()
    });
    let took = began.elapsed().as_secs_f64();
    let mut all = Ended::default();
    for one in each {
        all.saved.extend(one.saved);
        all.refused.extend(one.refused);
        all.wrong.extend(one.wrong);
    }
    let rate = |many: usize| whole(many as f64 / took);
    println!("\nasked for {} a second by {crowd} at once, for {took:.1} s", rate(all.saved.len() + all.refused.len()));
    let (saved, refused) = (Times::of(all.saved.clone()), Times::of(all.refused.clone()));
    println!("saved {} a second: half within {}, p99 {}", rate(all.saved.len()), ms(saved.middle()), ms(saved.p99()));
    println!(
        "refused {} a second: half within {}, p99 {}",
        rate(all.refused.len()),
        ms(refused.middle()),
        ms(refused.p99())
    );
    println!("refused in other words than 503, Retry-After and NOT saved: {}", all.wrong.len());
    all.wrong.iter().take(3).for_each(|wrong| println!("    {wrong}"));
    assert!(opened.stop().success(), "the house closes as it should");
}

fn hurried(
    visitor: &mut Visitor,
    waiting: &Mutex<VecDeque<&DoseFile>>,
    pause: Duration,
    mut next: Instant,
    until: Instant,
) -> Ended {
    let mut ended = Ended::default();
    while Instant::now() < until {
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        next += pause;
        let Some(dose) = waiting.lock().expect("nobody panics").pop_front() else { break };
        let began = Instant::now();
        let (_, answer) = record(visitor, dose);
        match answer {
            Ok(answer) if saved(&answer) => ended.saved.push(began.elapsed()),
            Ok(answer) => {
                ended.refused.push(began.elapsed());
                let told = answer.status == 503 && answer.header("retry-after").is_some();
                if !told || !answer.text().contains("NOT saved") {
                    ended.wrong.push(format!(
                        "{}: {}",
                        answer.status,
                        answer.text().chars().take(300).collect::<String>()
                    ));
                }
                waiting.lock().expect("nobody panics").push_back(dose);
            }
            Err(why) => ended.wrong.push(why.to_string()),
        }
    }
    ended
}

/// Told to stop while everybody records: what was answered as saved is there.
fn stopped(url: &str, folder: &Path, ward: &Ward) {
    let opened = Opened::over(url, folder, moment(2));
    let (doses, mut visitors) = (ward.doses_of(2), staff(&opened, STAFF));
    let waiting = Mutex::new(doses.iter().collect::<VecDeque<_>>());
    let record_all = |visitor: &mut Visitor| {
        let mut kept = Vec::new();
        while let Some(dose) = { waiting.lock().expect("nobody panics").pop_front() } {
            match record(visitor, dose) {
                (form, Ok(answer)) if saved(&answer) => kept.push((dose.id.clone(), form)),
                (_, Ok(_)) => {}
                (_, Err(_)) => break,
            }
        }
        kept
    };
    let (kept, took) = std::thread::scope(|scope| {
        let running: Vec<_> = visitors.iter_mut().map(|visitor| scope.spawn(|| record_all(visitor))).collect();
        std::thread::sleep(Duration::from_millis(1_500));
        let began = Instant::now();
        assert!(opened.stop().success(), "the house closes as it should");
        let took = began.elapsed();
        let kept: Vec<_> = running.into_iter().flat_map(|one| one.join().expect("no visitor fails")).collect();
        (kept, took)
    });
    let lost = kept.iter().filter(|(dose, form)| !ward.holds(dose, form)).count();
    println!(
        "\ntold to stop under load: gone after {:.2} s; {} answered as saved, {lost} of them lost",
        took.as_secs_f64(),
        kept.len()
    );
}

/// Day after day: what the process holds in memory, and how long its write-ahead log gets.
fn long_run(url: &str, folder: &Path, ward: &Ward, wanted: usize) {
    let mut opened = Opened::ringing(url, folder, moment(0), 5);
    let (log, longest, over) = (folder.join("stepdown.db-wal"), AtomicU64::new(0), AtomicBool::new(false));
    let (mut done, mut first, began) = (0, None, Instant::now());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                longest.fetch_max(log.metadata().map_or(0, |file| file.len()), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        for n in 0.. {
            opened.set(moment(n));
            let (mut visitors, doses) = (staff(&opened, STAFF), laid_out(ward, n));
            let round = Round::at_once(&mut visitors, doses.len(), |visitor, n| record_at_last(visitor, &doses[n]));
            done += doses.len();
            // By then everything that is kept once is there.
            if done * 10 >= wanted {
                first.get_or_insert(opened.memory());
            }
            let log = longest.load(Ordering::Relaxed) >> 20;
            eprint!("\r{done} doses, {} a second, {} kB, log {log} MiB ", whole(round.per_second), opened.memory().0);
            if done >= wanted {
                break;
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    let (last, first) = (opened.memory(), first.unwrap_or_default());
    let growth = (last.0 as f64 / first.0 as f64 - 1.0) * 100.0;
    println!("\n{} doses in {:.0} s", whole(done as f64), began.elapsed().as_secs_f64());
    println!(
        "memory after a tenth of them {} kB, at the end {} kB ({growth:+.1} %), at most {} kB",
        first.0, last.0, last.1
    );
    println!("write-ahead log at most {:.1} MiB", longest.into_inner() as f64 / 1024.0 / 1024.0);
    assert!(opened.stop().success(), "the house closes as it should");
}

/// The doses of a day, once the bell has laid all of them out.
fn laid_out(ward: &Ward, n: u32) -> Vec<DoseFile> {
    loop {
        let doses = ward.doses_of(n);
        if doses.len() == ward.house.plans.len() * 8 {
            return doses;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
