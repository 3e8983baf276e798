//! `cargo xtask simulate`: many histories, or the story of one.

use std::{
    panic,
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use clap::Parser;
use simulation::{
    history::Tally,
    run::{Broken, run},
    story::Story,
};

/// How often it is said how far it has come.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Plays histories of devices and relays in which everything goes wrong, and
/// checks that nothing is lost.
#[derive(Parser)]
#[command(name = "cargo xtask simulate", bin_name = "cargo xtask simulate")]
struct Arguments {
    /// How many histories
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Play this one seed alone, and tell it step by step
    #[arg(long, value_name = "SEED")]
    story: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let broken = match arguments.story {
        Some(seed) => run(seed, Story::Told).err().into_iter().collect(),
        None => many(arguments.from, arguments.seeds),
    };
    for Broken { seed, how } in &broken {
        println!("seed {seed}: {how}");
        println!("  cargo xtask simulate --story {seed}");
    }
    ExitCode::from(u8::from(!broken.is_empty()))
}

/// Plays all seeds on all cores; those that broke a promise.
fn many(from: u64, seeds: u64) -> Vec<Broken> {
    // What a history says when it breaks is shown at the end, once.
    panic::set_hook(Box::new(|_| {}));
    let began = Instant::now();
    let next = AtomicU64::new(0);
    let results = Mutex::new((Tally::default(), Vec::new()));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= seeds {
                        return;
                    }
                    let played = run(from + at, Story::Silent);
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    match played {
                        Ok(tally) => results.0.add_all(&tally),
                        Err(broken) => {
                            println!("seed {}: {}", broken.seed, broken.how);
                            results.1.push(broken);
                        }
                    }
                }
            });
        }
        scope.spawn(|| say_how_far(&next, seeds, began));
    });
    let (tally, broken) = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{seeds} histories in {:.0?} on {cores} cores, of which {} broke a promise",
        began.elapsed(),
        broken.len()
    );
    for (what, times) in &tally.0 {
        println!("{times:>12}  {what}");
    }
    broken
}

fn say_how_far(next: &AtomicU64, seeds: u64, began: Instant) {
    let mut said = Instant::now();
    loop {
        let done = next.load(Ordering::Relaxed).min(seeds);
        if done == seeds {
            return;
        }
        if said.elapsed() >= SAY_EVERY {
            said = Instant::now();
            let left = began.elapsed().as_secs_f64() * (seeds - done) as f64 / done.max(1) as f64;
            println!("{done} of {seeds}, {left:.0} s more");
        }
        thread::sleep(Duration::from_millis(100));
    }
}
