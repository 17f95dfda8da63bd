//! The checks of the fuzz targets under the ordinary test command: over their seeds, and over a bounded number of
//! changes to each. `fuzz/README.md` says how to run them without a bound.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

#[path = "fuzz/checks/mod.rs"]
mod checks;

/// The seeds of a target, by their names.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds").join(target);
    let mut seeds: Vec<_> = fs::read_dir(&folder)
        .expect("every target has seeds")
        .map(|entry| entry.expect("it can be listed").path())
        .map(|path| (path.display().to_string(), fs::read(&path).expect("a seed can be read")))
        .collect();
    seeds.sort();
    seeds
}

fn check_of(target: &str) -> fn(&[u8]) {
    checks::ALL.iter().find(|(name, _)| *name == target).expect("there is such a target").1
}

/// Runs a check; a panic says which bytes it was.
fn run(target: &str, what: &str, bytes: &[u8]) {
    let check = check_of(target);
    let outcome = std::panic::catch_unwind(|| check(bytes));
    assert!(outcome.is_ok(), "{target} fails over {what}: {}", String::from_utf8_lossy(bytes));
}

fn replay(target: &str) {
    let seeds = seeds(target);
    assert!(seeds.len() >= 3, "{target} has few seeds");
    for (name, bytes) in seeds {
        run(target, &name, &bytes);
    }
}

/// A change of bytes, at a place that is counted modulo their length.
#[derive(Debug, Clone)]
enum Edit {
    Set(usize, u8),
    Insert(usize, Vec<u8>),
    Delete(usize, usize),
    Repeat(usize, usize, usize),
    Cut(usize),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        4 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        3 => (any::<usize>(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, new)| Edit::Insert(at, new)),
        3 => (any::<usize>(), 1..60_usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        2 => (any::<usize>(), 1..200_usize, any::<usize>()).prop_map(|(at, length, to)| Edit::Repeat(at, length, to)),
        1 => any::<usize>().prop_map(Edit::Cut),
    ];
    prop::collection::vec(edit, 1..8)
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let length = bytes.len();
        let place = |at: &usize| at % (length + 1);
        match edit {
            Edit::Set(at, byte) if length > 0 => bytes[at % length] = *byte,
            Edit::Set(..) => {}
            Edit::Insert(at, new) => drop(bytes.splice(place(at)..place(at), new.iter().copied())),
            Edit::Delete(at, count) => drop(bytes.drain(place(at)..(place(at) + count).min(length))),
            Edit::Repeat(at, count, to) => {
                let piece = bytes[place(at)..(place(at) + count).min(length)].to_vec();
                drop(bytes.splice(place(to)..place(to), piece));
            }
            Edit::Cut(at) => bytes.truncate(place(at)),
        }
    }
    bytes
}

fn mutate(target: &'static str, cases: u32) {
    let seeds = seeds(target);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The same cases every time: a test that fails fails again.
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let any_seed = prop::sample::select(seeds.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>());
    let outcome = TestRunner::new_with_rng(config, chance).run(&(any_seed, edits()), |(seed, edits)| {
        check_of(target)(&edited(seed, &edits));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{target}: {failure}"));
}

macro_rules! targets {
    ($($target:ident, $seeds:ident, $changes:ident, $cases:literal;)*) => {$(
        #[test]
        fn $seeds() {
            replay(stringify!($target));
        }

        #[test]
        fn $changes() {
            mutate(stringify!($target), $cases);
        }
    )*};
}

targets! {
    text, whatever_was_found_in_the_sanitiser_stays_mended, any_bytes_come_clean_out_of_the_sanitiser, 2_000;
    bank, whatever_was_found_in_banks_stays_mended, a_changed_bank_is_a_bank_or_has_flaws, 500;
    import, whatever_was_found_in_imports_stays_mended, whatever_is_imported_is_saved_and_read_as_it_was, 400;
    panel, whatever_was_found_in_panels_stays_mended, a_changed_panel_is_a_panel_or_has_flaws, 2_000;
    settings, whatever_was_found_in_settings_stays_mended, changed_settings_are_settings_or_have_flaws, 1_000;
    journal, whatever_was_found_in_journals_stays_mended, a_changed_journal_is_read_as_far_as_it_can_be, 1_000;
    wav, whatever_was_found_in_sound_stays_mended, a_changed_file_of_sound_holds_no_more_than_its_bytes, 1_000;
    session, whatever_was_found_in_sessions_stays_mended, a_changed_session_loses_no_sound_and_is_repaired_once, 200;
}
