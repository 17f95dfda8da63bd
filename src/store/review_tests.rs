use super::*;
use chrono::TimeZone;

const TAKE: &str = "takes/01-okr-alignment-1.wav";

fn at(second: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 9, 30, second).unwrap()
}

fn rate(folder: &Path, grade: Grade, second: u32) -> Result<Kept, ReviewError> {
    add_rating(folder, "okr-alignment", TAKE, grade, at(second))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_session_that_nobody_reviewed_has_an_empty_review_and_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let review = read(folder.path()).unwrap();
    assert!(review.ratings.is_empty() && review.notes.is_empty());
    assert!(names(folder.path()).is_empty());
}

#[test]
fn the_file_is_as_the_format_says() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(rate(folder.path(), Grade::Good, 1).unwrap(), Kept::default());
    let text = Text::clean("too long a start");
    add_note(folder.path(), TAKE, Duration::from_millis(12_500), &text, at(2)).unwrap();
    let expected = serde_json::json!({
        "schema": 1,
        "ratings": [{
            "question": "okr-alignment", "take": TAKE, "rating": "good", "at": "2026-11-21T09:30:01Z",
        }],
        "notes": [{ "file": TAKE, "at_s": 12.5, "text": "too long a start", "at": "2026-11-21T09:30:02Z" }],
    });
    let bytes = std::fs::read(folder.path().join(NAME)).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), expected);
    assert!(bytes.ends_with(b"}\n"));
    assert_eq!(names(folder.path()), [NAME, LOCK]);
}

#[test]
fn points_and_stories_are_kept_and_the_latest_of_a_take_count() {
    let folder = tempfile::tempdir().unwrap();
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    tick(folder.path(), "okr-alignment", TAKE, &ids(&["measurable", "trade-offs"]), at(1)).unwrap();
    tick(folder.path(), "okr-alignment", TAKE, &ids(&["measurable"]), at(2)).unwrap();
    tell(folder.path(), "okr-alignment", TAKE, Some("payments"), at(3)).unwrap();
    let review = read(folder.path()).unwrap();
    assert_eq!(review.ticked(TAKE), ["measurable"]);
    assert_eq!(review.story(TAKE), Some("payments"));
    assert_eq!((review.ticked("takes/02-another-1.wav"), review.story("takes/02-another-1.wav")), (&[][..], None));
    tell(folder.path(), "okr-alignment", TAKE, None, at(4)).unwrap();
    let review = read(folder.path()).unwrap();
    assert_eq!(review.story(TAKE), None);
    assert_eq!((review.ticks.len(), review.told.len()), (2, 2));
    let written: Value = serde_json::from_slice(&std::fs::read(folder.path().join(NAME)).unwrap()).unwrap();
    assert_eq!(written["told"][0]["story"], "payments");
    assert_eq!(written["told"][1]["story"], Value::Null);
    assert_eq!(written["ticks"][1]["points"], serde_json::json!(["measurable"]));
}

#[test]
fn the_latest_rating_counts_and_the_earlier_ones_stay() {
    let folder = tempfile::tempdir().unwrap();
    // A clock that was set back decides nothing.
    for (grade, second) in [(Grade::Again, 30), (Grade::Hard, 20), (Grade::Easy, 10)] {
        rate(folder.path(), grade, second).unwrap();
    }
    let review = read(folder.path()).unwrap();
    assert_eq!(review.rating(TAKE), Some(Grade::Easy));
    assert_eq!(review.rating("takes/02-another-1.wav"), None);
    let words: Vec<_> = review.ratings.iter().map(|rating| rating.rating.word()).collect();
    assert_eq!(words, ["again", "hard", "easy"]);
}

#[test]
fn what_another_program_wrote_beside_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let before =
        r#"{"coach":{"name":"Ada"},"notes":[{"file":"a","at_s":1,"text":"x","at":"b","by":"Ada"}],"schema":1}"#;
    std::fs::write(folder.path().join(NAME), before).unwrap();
    rate(folder.path(), Grade::Hard, 1).unwrap();
    let after: Value = serde_json::from_slice(&std::fs::read(folder.path().join(NAME)).unwrap()).unwrap();
    assert_eq!(after["coach"]["name"], "Ada");
    assert_eq!(after["notes"][0]["by"], "Ada");
    assert_eq!(after["ratings"][0]["rating"], "hard");
}

#[test]
fn a_damaged_review_is_put_aside_whole_and_never_written_over() {
    let nested = format!("{{\"schema\":1,\"x\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let large = " ".repeat(LARGEST as usize + 1);
    let broken = [
        "",
        "{",
        "null",
        "\0\0\0\0",
        "[1]",
        "{}",
        r#"{"schema":0}"#,
        r#"{"schema":"1"}"#,
        r#"{"schema":1,"ratings":[{"question":"a","take":"b","rating":"superb","at":"c"}]}"#,
        r#"{"schema":1,"ratings":{}}"#,
        &nested,
        &large,
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    for (number, broken) in broken.into_iter().enumerate() {
        std::fs::write(&path, broken).unwrap();
        let error = read(folder.path()).unwrap_err();
        assert!(matches!(error, ReviewError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains(NAME) && !error.to_string().contains('\n'), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), broken.as_bytes(), "reading changes nothing");

        let aside = rate(folder.path(), Grade::Good, 1).unwrap().aside.expect("it stood in the way");
        let expected = if number == 0 { format!("{NAME}.aside") } else { format!("{NAME}.aside-{}", number + 1) };
        assert_eq!(aside, expected);
        assert_eq!(std::fs::read(folder.path().join(aside)).unwrap(), broken.as_bytes());
        assert_eq!(read(folder.path()).unwrap().ratings.len(), 1);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_put_aside_and_leads_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("another's");
    std::fs::write(&target, "{\"schema\":1}").unwrap();
    let pipe = std::ffi::CString::new(path.as_os_str().as_encoded_bytes()).unwrap();
    let obstacles: [&dyn Fn(); 3] = [
        &|| std::fs::create_dir(&path).unwrap(),
        &|| std::os::unix::fs::symlink(&target, &path).unwrap(),
        // SAFETY: the name is a valid C string that outlives the call.
        &|| assert_eq!(unsafe { libc::mkfifo(pipe.as_ptr(), 0o600) }, 0),
    ];
    for obstacle in obstacles {
        obstacle();
        assert!(matches!(read(folder.path()), Err(ReviewError::Damaged { .. })));
        assert!(rate(folder.path(), Grade::Good, 1).unwrap().aside.is_some());
        assert_eq!(read(folder.path()).unwrap().ratings.len(), 1);
        std::fs::remove_file(&path).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "{\"schema\":1}");
}

#[test]
fn the_review_of_a_newer_greenroom_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let newer = r#"{"schema":2,"ratings":"in another form"}"#;
    std::fs::write(folder.path().join(NAME), newer).unwrap();
    assert!(matches!(read(folder.path()), Err(ReviewError::Newer { schema: 2, .. })));
    assert!(matches!(rate(folder.path(), Grade::Good, 1), Err(ReviewError::Newer { .. })));
    assert_eq!(std::fs::read_to_string(folder.path().join(NAME)).unwrap(), newer);
}

#[test]
fn a_review_never_becomes_too_large_to_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let pad = "x".repeat(LARGEST as usize - 100);
    let full = format!("{{\"schema\":1,\"pad\":\"{pad}\"}}");
    std::fs::write(folder.path().join(NAME), &full).unwrap();
    assert!(matches!(rate(folder.path(), Grade::Good, 1), Err(ReviewError::Full { .. })));
    assert_eq!(std::fs::read_to_string(folder.path().join(NAME)).unwrap(), full);
}

#[test]
fn text_comes_in_clean_and_goes_out_clean() {
    let folder = tempfile::tempdir().unwrap();
    add_rating(folder.path(), "a\u{1b}]52;c;x\u{7}", "t\r\nakes", Grade::Easy, at(1)).unwrap();
    let review = read(folder.path()).unwrap();
    assert_eq!((review.ratings[0].question.as_str(), review.ratings[0].take.as_str()), ("a]52;c;x", "t akes"));
    let hostile = r#"{"schema":1,"notes":[{"file":"a","at_s":1,"text":"\u001b[2Jx\u202e","at":"b"}]}"#;
    std::fs::write(folder.path().join(NAME), hostile).unwrap();
    assert_eq!(read(folder.path()).unwrap().notes[0].text().as_str(), "[2Jx");
}

#[test]
fn many_who_rate_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for person in 0..8 {
            let folder = folder.path();
            scope.spawn(move || {
                for number in 0..10 {
                    let take = format!("takes/{person}-{number}.wav");
                    add_rating(folder, "a", &take, Grade::Good, at(number)).unwrap();
                    // Whoever reads meanwhile reads a whole review.
                    assert_eq!(read(folder).unwrap().rating(&take), Some(Grade::Good));
                }
            });
        }
    });
    assert_eq!(read(folder.path()).unwrap().ratings.len(), 80);
    assert_eq!(names(folder.path()), [NAME, LOCK]);
}

#[test]
fn what_a_killed_program_left_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".review-abc123"), "{").unwrap();
    rate(folder.path(), Grade::Good, 1).unwrap();
    assert_eq!(names(folder.path()), [NAME, LOCK]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    rate(folder.path(), Grade::Good, 1).unwrap();
    for name in [NAME, LOCK] {
        assert_eq!(folder.path().join(name).metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_rating_that_cannot_be_kept_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone");
    let error = rate(&gone, Grade::Good, 1).unwrap_err();
    assert!(error.to_string().contains("gone"), "{error}");
}

fn tap(folder: &Path, file: &str, tenths: u64, second: u32) -> Kept {
    count(folder, &[Counting::tap(file, Duration::from_millis(100 * tenths), at(second))]).unwrap()
}

fn take_back(folder: &Path, file: &str, tenths: u64, second: u32) -> Kept {
    count(folder, &[Counting::take_back(file, Duration::from_millis(100 * tenths), at(second))]).unwrap()
}

fn tapped(folder: &Path, file: &str) -> Vec<f64> {
    read(folder).unwrap().taps_of(file).map(|tap| tap.at_s).collect()
}

#[test]
fn filler_words_that_were_counted_are_found_by_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (file, tenths) in [(TAKE, 125), (TAKE, 20), ("takes/02-b-1.wav", 7), (TAKE, 300)] {
        assert_eq!(tap(path, file, tenths, 1), Kept::default());
    }
    assert_eq!(tapped(path, TAKE), [2.0, 12.5, 30.0]);
    assert_eq!(tapped(path, "takes/02-b-1.wav"), [0.7]);
    let text = std::fs::read_to_string(path.join(NAME)).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(whole["taps"][0], serde_json::json!({ "file": TAKE, "at_s": 12.5, "at": "2026-11-21T09:30:01Z" }));
}

#[test]
fn the_tap_that_is_meant_is_taken_back_and_none_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let parts = [TAKE, "takes/01-okr-alignment-1.2.wav"];
    tap(path, parts[1], 50, 1);
    tap(path, parts[0], 90, 2);
    tap(path, parts[0], 10, 3);
    tap(path, "takes/02-b-1.wav", 1, 4);
    take_back(path, parts[0], 90, 5);
    assert_eq!((tapped(path, parts[0]), tapped(path, parts[1])), (vec![1.0], vec![5.0]));
    take_back(path, parts[1], 50, 6);
    let before = std::fs::read(path.join(NAME)).unwrap();
    // One that was never kept takes no other with it.
    take_back(path, parts[0], 20, 7);
    take_back(path, parts[1], 50, 7);
    assert_eq!(std::fs::read(path.join(NAME)).unwrap(), before, "nothing is written for nothing");
    assert_eq!((tapped(path, parts[0]), tapped(path, "takes/02-b-1.wav")), (vec![1.0], vec![0.1]));
    let review = read(path).unwrap();
    assert_eq!(review.taps.len(), 4);
    assert_eq!(review.taps[1].taken_back.as_deref(), Some("2026-11-21T09:30:05Z"));
    // What was taken back is counted anew where it is tapped anew.
    tap(path, parts[0], 90, 9);
    assert_eq!(tapped(path, parts[0]), [1.0, 9.0]);
}

#[test]
fn many_taps_are_one_change_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let tap = |tenths: u64| Counting::tap(TAKE, Duration::from_millis(100 * tenths), at(1));
    let back = |tenths: u64| Counting::take_back(TAKE, Duration::from_millis(100 * tenths), at(2));
    count(path, &[tap(10), tap(20), tap(20), back(20), back(30), tap(30)]).unwrap();
    assert_eq!(tapped(path, TAKE), [1.0, 2.0, 3.0]);
    assert_eq!(read(path).unwrap().taps.len(), 4);
}

#[test]
fn nothing_to_take_back_begins_no_review_and_moves_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    take_back(path, TAKE, 0, 1);
    assert!(names(path).is_empty());
    std::fs::write(path.join(NAME), "{").unwrap();
    take_back(path, TAKE, 0, 1);
    assert_eq!(names(path), [NAME]);
    std::fs::write(path.join(NAME), r#"{"schema": 2}"#).unwrap();
    let refused = count(path, &[Counting::take_back(TAKE, Duration::ZERO, at(1))]);
    assert!(matches!(refused, Err(ReviewError::Newer { .. })));
}

#[test]
fn taps_keep_what_others_wrote_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let text = r#"{"schema": 1, "colour": "red", "ratings": [], "notes": [],
        "taps": [{"file": "takes/01-okr-alignment-1.wav", "at_s": -4e300, "at": "then", "word": "um"}]}"#;
    std::fs::write(path.join(NAME), text).unwrap();
    assert_eq!(read(path).unwrap().taps_of(TAKE).map(Tap::place).collect::<Vec<_>>(), [Duration::ZERO]);
    add_note(path, TAKE, Duration::from_secs(3), &Text::clean(""), at(1)).unwrap();
    take_back(path, TAKE, 0, 2);
    let whole: Value = serde_json::from_slice(&std::fs::read(path.join(NAME)).unwrap()).unwrap();
    assert_eq!((&whole["colour"], &whole["taps"][0]["word"]), (&"red".into(), &"um".into()));
    assert_eq!(whole["taps"][0]["taken_back"], "2026-11-21T09:30:02Z");
    assert_eq!(whole["notes"][0]["text"], "", "a place may be marked without a word");
}
