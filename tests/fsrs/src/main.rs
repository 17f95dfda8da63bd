//! Prints what the crate fsrs makes of review histories: `tests/schedule/` holds greenroom's own computation against
//! it. With `--compare COUNT` it prints nothing, and compares so many other histories itself.
//!
//! A line is a history, what is left after it, the chance of still knowing it 1, 10 and 100 days later, and the
//! intervals for 0.90 and 0.95.

use fsrs::{DEFAULT_PARAMETERS, FSRS, FSRSItem, FSRSReview, MemoryState, current_retrievability};

#[path = "../../../src/interview/mod.rs"]
#[allow(dead_code, unused_imports)]
mod interview;

use interview::draw::Lots;
use interview::schedule::Memory;
use interview::{Grade, Seed};

/// How many histories are printed.
const COUNT: usize = 400;

/// Days between reviews: the same day, the next ones, weeks, years.
const GAPS: [u32; 14] = [0, 0, 0, 1, 1, 2, 3, 4, 7, 12, 30, 90, 400, 3_000];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            println!(
                "# fsrs 6.6.2 with its default parameters; made by: cargo run --manifest-path tests/fsrs/Cargo.toml > tests/golden/fsrs-6.tsv"
            );
            println!(
                "# days-since-the-last-review:rating …\tstability\tdifficulty\tR(1)\tR(10)\tR(100)\tI(0.90)\tI(0.95)"
            );
            let mut lots = Lots::new(Seed(6));
            for _ in 0..COUNT {
                let history = history(&mut lots);
                let reviews: Vec<String> = history.iter().map(|(days, rating)| format!("{days}:{rating}")).collect();
                let values: Vec<String> = theirs(&history).iter().map(f32::to_string).collect();
                println!("{}\t{}", reviews.join(" "), values.join("\t"));
            }
        }
        ["--compare", count] => {
            let mut lots = Lots::new(Seed(7));
            let mut worst = 0.0_f64;
            for _ in 0..count.parse().expect("a number") {
                let history = history(&mut lots);
                for (theirs, ours) in theirs(&history).into_iter().zip(ours(&history)) {
                    let theirs = f64::from(theirs);
                    let apart = (theirs - ours).abs() / theirs.abs();
                    assert!(apart < 1e-3, "{history:?}: {theirs} {ours}");
                    worst = worst.max(apart);
                }
            }
            println!("the most that any value is apart: {worst:.2e} of it");
        }
        _ => eprintln!("nothing, or --compare COUNT"),
    }
}

fn history(lots: &mut Lots) -> Vec<(u32, u32)> {
    let length = 1 + lots.below(12);
    let review = |at: u64, lots: &mut Lots| {
        let gap = GAPS[lots.below(GAPS.len() as u64) as usize];
        (if at == 0 { 0 } else { gap }, 1 + lots.below(4) as u32)
    };
    (0..length).map(|at| review(at, lots)).collect()
}

fn theirs(history: &[(u32, u32)]) -> [f32; 7] {
    let fsrs = FSRS::default();
    let reviews = history.iter().map(|(days, rating)| FSRSReview { rating: *rating, delta_t: *days }).collect();
    let state: MemoryState = fsrs.memory_state(FSRSItem { reviews }, None).expect("it is a history");
    let chance = |days: f32| current_retrievability(state, days, DEFAULT_PARAMETERS[20]);
    let interval = |retention: f32| fsrs.next_interval(Some(state.stability), retention, 3);
    [state.stability, state.difficulty, chance(1.0), chance(10.0), chance(100.0), interval(0.9), interval(0.95)]
}

fn ours(history: &[(u32, u32)]) -> [f64; 7] {
    let grade = |rating: u32| Grade::ALL[rating as usize - 1];
    let mut memory = Memory::first(grade(history[0].1));
    for (days, rating) in &history[1..] {
        memory = memory.answered(*days, grade(*rating));
    }
    let chance = |days| memory.retrievability(days);
    let interval = |retention| memory.interval(retention);
    [memory.stability, memory.difficulty, chance(1), chance(10), chance(100), interval(0.9), interval(0.95)]
}
