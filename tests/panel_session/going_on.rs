//! Sessions that were interrupted, and what `resume` makes of them.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::place::{Place, RATE, SILENT, noise, said, samples};
use crate::session::{Entry, Session, text};

/// How many raw frames there are to one of the session that nobody disturbed.
const FINER: u64 = 48_000 / RATE as u64;

/// What a candidate says from the first frame on, as raw frames.
fn heard() -> &'static [u8] {
    static HEARD: OnceLock<Vec<u8>> = OnceLock::new();
    HEARD.get_or_init(|| noise(150 * 48_000).iter().flat_map(|sample| sample.to_le_bytes()).collect())
}

/// A home in which `duo` was held, and how it went.
fn undisturbed() -> (Place, Session) {
    let place = Place::new();
    let session = place.holds("duo", &["--seed", "3"]);
    (place, session)
}

/// Waits until `holds`.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "not within half a minute: {what}");
        thread::park_timeout(Duration::from_millis(5));
    }
}

fn folders(place: &Place) -> Vec<PathBuf> {
    let entries = fs::read_dir(place.path("home/recordings"));
    entries.map(|all| all.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}

/// The only session of a home but `known`.
fn other_session(place: &Place, known: &Path) -> Option<PathBuf> {
    folders(place).into_iter().find(|folder| folder != known)
}

/// A program that hears what a test writes.
struct Listener {
    child: Child,
    stdin: Option<std::process::ChildStdin>,
}

/// Holds `duo` once more until it has heard what `before` had heard at this frame, and has written down what it did
/// until then.
fn heard_until(place: &Place, before: &Session, frame: u64) -> (Listener, PathBuf) {
    let options = ["panel", "duo", "--seed", "3", "--no-voice", "--input", "pcm:-"];
    let mut command = place.command(&[&options[..], &SILENT].concat());
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = piped.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(&heard()[..(2 * FINER * frame) as usize]).expect("it is listened to");
    let done = before.journal.iter().filter(|entry| entry.frame < frame).count();
    let take = before.journal[..done].iter().rfind(|entry| entry.event.ends_with("-take"));
    let open = take.filter(|entry| entry.event == "open-take");
    until("the session is as far as the other was", || {
        let Some(folder) = other_session(place, &before.path) else { return false };
        let lines = fs::read_to_string(folder.join("journal.jsonl")).unwrap_or_default().lines().count();
        let length = |entry: &Entry| fs::metadata(folder.join(text(&entry.what["file"]))).map_or(0, |file| file.len());
        // Reading times are whole frames of either rate.
        let said = |entry: &Entry| 44 + 2 * (FINER * (frame - entry.frame)).saturating_sub(100);
        lines >= done && open.is_none_or(|entry| length(entry) >= said(entry))
    });
    let folder = other_session(place, &before.path).expect("it was seen");
    (Listener { child, stdin: Some(stdin) }, folder)
}

impl Listener {
    fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it is dead");
    }

    /// Says no more, as a microphone does that is gone for good.
    fn falls_silent(mut self) {
        self.stdin = None;
        let status = self.child.wait().expect("it ends");
        assert_eq!(status.code(), Some(130), "it was interrupted");
    }
}

/// Goes on with a session to its end, in a boot of this name.
#[track_caller]
fn resumed(place: &Place, boot: &str, folder: &Path) -> Session {
    let options = ["resume", "--input", "wav:talk.wav", "--no-voice"];
    let mut command = place.command(&[&options[..], &SILENT].concat());
    let output = command.env("GREENROOM_BOOT_ID", boot).output().expect("the program starts");
    assert!(output.status.success(), "{}", said(&output));
    Session::read(folder)
}

/// What must hold of a session that was interrupted once, and went on to its end.
#[track_caller]
fn is_one_session(session: &Session, before: &Session) {
    assert_eq!(session.manifest["outcome"], "finished");
    let asked: Vec<(String, String)> = session.asked();
    assert_eq!(asked.iter().collect::<HashSet<_>>().len(), asked.len(), "nothing is asked twice: {asked:?}");
    // A session that was cut short in its opening opens again, in the panel's own words.
    let own = "Welcome. Let us begin.";
    let remarks = session.remarks().iter().map(|remark| text(&remark["text"]));
    let remarks: Vec<String> = remarks.filter(|text| text != own).collect();
    assert_eq!(remarks.iter().collect::<HashSet<_>>().len(), remarks.len(), "nothing is said twice: {remarks:?}");
    assert_eq!(asked.last().map(|(_, question)| question.as_str()), Some("own-questions"));
    assert!(session.turns().iter().all(|turn| turn["state"] == "answered"), "{:?}", session.turns());

    let resumed = session.journal.iter().position(|entry| entry.event == "resumed").expect("it was gone on with");
    let (first, second) = session.journal.split_at(resumed);
    let put = |entries: &[Entry]| -> Vec<(usize, u64)> {
        let place = |entry: &Entry| entry.what["turn"].as_u64().expect("a number") as usize;
        entries.iter().filter(|entry| entry.event == "put").map(|entry| (place(entry), entry.frame)).collect()
    };
    // What was asked before is what was asked when nobody interrupted, in the same words.
    let (known, later) = (put(first).len(), put(second));
    assert_eq!(asked[..known], before.asked()[..known]);
    for turn in 0..known {
        assert_eq!(session.turns()[turn]["prompt"], before.turns()[turn]["prompt"]);
    }
    // What was spent is spent: as much as it was, to within what the estimates of words that were said are off.
    let rate = session.rate() as f64;
    let stopped = first.iter().map(|entry| entry.frame).max().expect("there are lines") as f64 / 48_000.0;
    // A question that was not answered is asked once more; what was said before it is not given back.
    let kept = first.iter().rfind(|entry| ["speak", "close-take"].contains(&&*entry.event));
    let kept = kept.map_or(0.0, |entry| entry.frame as f64 / 48_000.0);
    for (turn, frame) in later {
        let clock = session.turns()[turn]["clock_s"].as_f64().expect("a number");
        let spent = clock - frame as f64 / rate;
        assert!(spent >= kept - 0.01, "{spent} s are spent, and {kept} s had passed for good");
        assert!(spent <= stopped + 15.0, "{spent} s are spent, and it stopped at {stopped} s");
        let end = spent + session.ends_at() as f64 / rate;
        assert!(end * rate <= session.length() as f64, "it ends at {end} s");
    }
}

/// The instants at which a session may be interrupted.
fn instants(before: &Session) -> Vec<(&'static str, u64)> {
    let at = |event: &str, which: usize| before.events(event)[which].frame;
    let second = u64::from(RATE);
    vec![
        ("the opening", at("remark", 0) + second / 2),
        ("a question", at("speak", 0) + second / 2),
        ("the time to think", at("open-take", 0) - second / 2),
        ("the first frames of an answer", at("open-take", 0) + 100),
        ("an answer", at("open-take", 0) + 2 * second + 1_234),
        ("an interruption", at("close-take", 0) + second),
        ("the question of a follow-up", at("speak", 1) + second / 3),
        ("the answer to a follow-up", at("open-take", 1) + second),
        ("a hand-over", at("put", 3) + second),
        ("an answer to another", at("open-take", 3) + 12_345),
        ("one's own questions", at("open-take", 6) + 3 * second),
        ("the last words", at("close-take", 6) + second),
    ]
}

#[test]
fn killed_at_any_instant_a_session_goes_on_where_it_was() {
    let (place, before) = undisturbed();
    for (what, frame) in instants(&before) {
        println!("killed in {what}");
        let (program, folder) = heard_until(&place, &before, frame);
        program.kill();
        let session = resumed(&place, "one", &folder);
        is_one_session(&session, &before);
        // The answer that was cut short is kept, and the question was asked once more.
        let cut: Vec<usize> = (0..session.turns().len())
            .filter(|turn| session.turns()[*turn]["takes"].as_array().is_some_and(|takes| takes.len() > 1))
            .collect();
        assert_eq!(cut.len(), usize::from(what.contains("answer") || what.contains("own")), "{what}: {cut:?}");
        for turn in cut {
            let takes = session.turns()[turn]["takes"].as_array().expect("takes");
            assert_eq!((takes.len(), &takes[0]["end"]), (2, &"interrupted".into()), "{what}: {takes:?}");
            let kept = samples(&folder.join(text(&takes[0]["file"])));
            let began = takes[0]["started_frame"].as_u64().expect("a number") as usize;
            let bytes: Vec<u8> = kept.iter().flat_map(|sample| sample.to_le_bytes()).collect();
            assert!(bytes == heard()[2 * began..2 * began + bytes.len()], "{what}: what was said is kept");
            assert!(began + kept.len() + 100 >= (FINER * frame) as usize, "{what}: all of it");
        }
        fs::remove_dir_all(&folder).expect("it can be removed");
    }
}

#[test]
fn a_question_that_was_cut_short_may_still_be_followed_up() {
    let (place, before) = undisturbed();
    let (program, folder) = heard_until(&place, &before, before.events("open-take")[0].frame + u64::from(RATE));
    program.kill();
    let session = resumed(&place, "one", &folder);
    assert_eq!(session.questions()[..2], ["path", "path/less"].map(str::to_owned));
    assert_eq!(session.questions(), before.questions());
}

#[test]
fn after_a_power_cut_too_and_what_was_not_synced_is_put_aside() {
    let (place, before) = undisturbed();
    let opened = before.events("open-take")[6].frame;
    let (program, folder) = heard_until(&place, &before, opened + 10 * u64::from(RATE));
    let take = folder.join(text(&before.take(6)["file"]));
    program.kill();
    // What the power takes is what was not synced: the header names less than there is.
    let mut bytes = fs::read(&take).expect("the take is there");
    let named = 4 * 48_000u32;
    bytes[40..44].copy_from_slice(&(2 * named).to_le_bytes());
    fs::write(&take, &bytes).expect("it can be written");
    let session = resumed(&place, "two", &folder);
    is_one_session(&session, &before);
    let takes = session.turns()[6]["takes"].as_array().expect("takes");
    assert_eq!((&takes[0]["end"], &takes[0]["frames"]), (&"interrupted".into(), &Value::from(named)));
    assert_eq!(
        fs::read(take.with_extension("wav.tail")).expect("the rest is kept").len(),
        bytes.len() - 44 - 8 * 48_000
    );
}

#[test]
fn when_the_microphone_is_gone_for_good_it_is_saved_and_gone_on_with() {
    let (place, before) = undisturbed();
    for at in [before.events("open-take")[2].frame + 9_000, before.events("remark")[1].frame + 4_000] {
        let (program, folder) = heard_until(&place, &before, at);
        program.falls_silent();
        let session = Session::read(&folder);
        assert_eq!(session.manifest["outcome"], "interrupted");
        is_one_session(&resumed(&place, "one", &folder), &before);
        fs::remove_dir_all(&folder).expect("it can be removed");
    }
}
