//! The promise of a rating: one that was acknowledged is there, whenever the program that took it is killed.
//!
//! The test runs itself once more as the program that rates, and kills that one.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::Utc;
use greenroom::interview::Text;
use greenroom::store::review::{self, Grade};
use proptest::prelude::*;

const FOLDER: &str = "GREENROOM_TEST_RATES_IN";
const NAME: &str = "GREENROOM_TEST_RATES_AS";

/// The program that is killed; does nothing when it is run as a test.
#[test]
fn a_program_that_rates_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let name = std::env::var(NAME).expect("it has a name");
    let folder = Path::new(&folder);
    let mut out = std::io::stdout();
    // No test waits for as many: a program that nobody kills ends by itself.
    for number in 0..2_000 {
        let grade = [Grade::Again, Grade::Hard, Grade::Good, Grade::Easy][number % 4];
        review::add_rating(folder, &name, &format!("takes/{number}.wav"), grade, Utc::now()).expect("room on the disk");
        let text = Text::clean(&format!("{name} {number}"));
        review::add_note(folder, "takes/a.wav", Duration::ZERO, &text, Utc::now()).expect("room on the disk");
        // One write, so that a line that is read is a line that was finished.
        out.write_all(format!("rated {number}\n").as_bytes()).expect("the test reads it");
    }
}

fn rater(folder: &Path, name: &str) -> Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "a_program_that_rates_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(NAME, name)
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test runs again")
}

/// Reads what a program acknowledges, kills it a moment after `enough`, and gives how much it acknowledged in all.
fn kill_after(program: &mut Child, enough: usize, moment: Duration) -> usize {
    let mut acknowledged = 0;
    let mut killed = false;
    for line in BufReader::new(program.stdout.take().expect("it is piped")).lines() {
        let line = line.expect("lines of text");
        let Some((_, number)) = line.rsplit_once("rated ") else { continue };
        acknowledged = number.parse::<usize>().expect("a number") + 1;
        if acknowledged >= enough && !killed {
            // A rating takes about a millisecond: where in it the program dies is the point.
            std::thread::sleep(moment);
            program.kill().expect("it runs");
            killed = true;
        }
    }
    program.wait().expect("it is dead");
    acknowledged
}

/// How many ratings and notes of a program there are; they are the first of those that it gave, in their order.
fn kept(folder: &Path, name: &str) -> (usize, usize) {
    let review = review::read(folder).expect("it is whole");
    let ratings: Vec<_> = review.ratings.iter().filter(|rating| rating.question == name).collect();
    for (number, rating) in ratings.iter().enumerate() {
        assert_eq!(rating.take, format!("takes/{number}.wav"));
    }
    let notes: Vec<_> = review.notes.iter().map(|note| note.text().to_string()).collect();
    let notes: Vec<_> = notes.iter().filter(|text| text.split(' ').next() == Some(name)).collect();
    for (number, text) in notes.iter().enumerate() {
        assert_eq!(**text, format!("{name} {number}"));
    }
    (ratings.len(), notes.len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn what_was_acknowledged_is_there_after_a_kill(enough in 1usize..30, moment in 0u64..3_000) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut program = rater(folder.path(), "first");
        let acknowledged = kill_after(&mut program, enough, Duration::from_micros(moment));
        let (ratings, notes) = kept(folder.path(), "first");
        prop_assert!(ratings >= acknowledged && notes >= acknowledged, "{ratings}, {notes} of {acknowledged}");
        prop_assert!(ratings <= acknowledged + 2, "and nothing was made up: {ratings} of {acknowledged}");
        // The lock of the dead stands in nobody's way.
        review::add_rating(folder.path(), "after", "takes/0.wav", Grade::Good, Utc::now()).expect("nobody has it");
        prop_assert_eq!(kept(folder.path(), "after").0, 1);
    }
}

#[test]
fn a_program_that_is_killed_costs_another_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut first, mut second) = (rater(folder.path(), "first"), rater(folder.path(), "second"));
    std::thread::scope(|scope| {
        let first = scope.spawn(|| kill_after(&mut first, 10, Duration::ZERO));
        let second = scope.spawn(|| kill_after(&mut second, 40, Duration::ZERO));
        let (first, second) = (first.join().expect("its checks"), second.join().expect("its checks"));
        assert!(kept(folder.path(), "first").0 >= first && first >= 10);
        assert!(kept(folder.path(), "second").0 >= second && second >= 40);
    });
}
