//! Two programs on one session, and a lock whose owner is dead.

use std::thread;
use std::time::{Duration, Instant};

use crate::place::Place;
use crate::program::{LONG, Told, words};
use crate::report::worst;

const TIMES: usize = 5;
const REFUSED: f64 = 4.0;

/// Runs the torture.
pub fn run(place: &Place) -> Told<()> {
    let schedule = place.schedule(2, 6.0);
    let results = thread::scope(|scope| {
        let running: Vec<_> = (0..TIMES).map(|number| scope.spawn(move || one(place, schedule, number))).collect();
        running.into_iter().map(|one| one.join().expect("no session panics")).collect::<Vec<_>>()
    });
    let (mut refused, mut wrong) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok((seconds, found)) => {
                refused.push(seconds);
                wrong.extend(found);
            }
            Err(error) => wrong.push(error),
        }
    }
    let of = format!("{TIMES} sessions");
    place.report.seconds("two, second program", "until it was refused, at worst", worst(refused), REFUSED);
    place.report.none(
        "two, second program and stale lock",
        &of,
        &wrong,
        "refused with the reason; resumed at once after kill -9",
    );
    Ok(())
}

fn one(place: &Place, schedule: crate::folder::Schedule, number: usize) -> Told<(f64, Vec<String>)> {
    let name = format!("two-{number}");
    let mut live = place.live(&name, place.home(&name)?, schedule, |_| {})?;
    live.run.expect(&["Answer now"], LONG)?;
    let session = live.home.session().ok_or("there is no session")?;
    let input = format!("pcm:{}", place.answers().display());
    let mut wrong = Vec::new();
    let mut took = Vec::new();
    let second: [&[&str]; 2] = [
        &["resume", &session.name(), "--no-voice", "--output", "none", "--plain", "--fast", "--input", &input],
        &["sessions", "repair", &session.name()],
    ];
    for arguments in second {
        let asked = Instant::now();
        let output = live.home.run(arguments)?;
        took.push(asked.elapsed().as_secs_f64());
        let said = words(&output);
        if output.status.code() != Some(1) || !said.contains("in use") {
            wrong.push(format!("{name}, {}: {said}", arguments[0]));
        }
    }
    live.wait_until(live.began.elapsed() + Duration::from_millis(500));
    if !live.run.runs() {
        wrong.push(format!("{name}: the first one did not survive the second: {}", live.run.said()));
    }
    live.run.kill();
    wrong.extend(crate::full::resumed(&live.home, &session, &place.answers()));
    Ok((worst(took), wrong))
}
