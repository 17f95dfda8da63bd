//! The microphone goes away in the middle of an answer, and comes back.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{LONG, Program, TOLD, report, samples, session};
use crate::sound::{peak, unbroken};
use crate::support::rig::{RATE, Rig, Running, noise, until, write_wav};

/// As much of an answer is said before the microphone goes.
const SAID: Duration = Duration::from_millis(1_500);

/// Lets something else sound from the speaker.
fn sound(rig: &Rig) -> Sounding {
    let wav = rig.folder().join("sound.wav");
    write_wav(&wav, &noise(30 * RATE as usize, 22), RATE);
    let mut command = Command::new("paplay");
    rig.use_in(&mut command);
    let child = command.arg("--device=speaker").arg(wav).stderr(Stdio::null()).spawn().expect("paplay starts");
    until("it sounds", LONG, || {
        rig.ask(&["list", "short", "sink-inputs"]).is_some_and(|list| list.lines().count() >= 3)
    });
    Sounding(child)
}

struct Sounding(Child);

impl Drop for Sounding {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A candidate who never stops.
pub struct Talk {
    pub noise: Vec<i16>,
    wav: std::path::PathBuf,
    talking: Option<Running>,
}

impl Talk {
    /// Begins to talk.
    pub fn begin(rig: &Rig) -> Talk {
        let noise = noise(30 * RATE as usize, 21);
        let wav = rig.folder().join("talk.wav");
        write_wav(&wav, &noise, RATE);
        let talking = Some(rig.say(&wav));
        Talk { noise, wav, talking }
    }

    /// Says nothing more.
    pub fn stop(&mut self) {
        drop(self.talking.take());
    }

    fn again(&mut self, rig: &Rig) {
        drop(self.talking.take());
        self.talking = Some(rig.say(&self.wav));
    }
}

/// How the microphone sounds when it is back.
#[derive(PartialEq)]
enum Back {
    AsBefore,
    /// Through another rate, so that no sample is the same.
    Resampled,
}

fn lost_and_found(host: &str, lose: impl FnOnce(&mut Rig), find: impl FnOnce(&mut Rig, &mut Talk)) {
    lost_and_back(host, lose, find, &Back::AsBefore);
}

fn lost_and_back(host: &str, lose: impl FnOnce(&mut Rig), find: impl FnOnce(&mut Rig, &mut Talk), sounds: &Back) {
    let mut rig = Rig::start();
    let mut talk = Talk::begin(&rig);
    let mut program = Program::rehearse(&rig, "1", &["--host", host]);
    let (answering, _) = program.expect("Answer now", LONG);
    let first = session(&rig).join("takes/01-why-1.wav");
    let written = || std::fs::metadata(&first).map_or(0, |file| file.len()) / 2 * 1_000 / u64::from(RATE);
    until("something is said", LONG, || u128::from(written()) > SAID.as_millis());
    // Were the speaker recorded in the microphone's place, this would be in a take.
    let _sounding = sound(&rig);

    lose(&mut rig);
    let gone = Instant::now();
    let (told, line) = program.expect("Held:", LONG);
    let told_after = told.saturating_duration_since(gone);
    assert!(told_after <= TOLD, "told only after {told_after:?}: {line}");
    let take = samples(&first);
    unbroken(&take, &talk.noise);
    let (kept, spoken) = (take.len() as f64 / f64::from(RATE), gone.duration_since(answering).as_secs_f64());
    assert!(kept > spoken - 0.5, "{kept} s are kept of {spoken} s");
    println!("{host}: told after {} ms, {kept:.2} s kept of {spoken:.2} s: {line}", told_after.as_millis());
    program.says_nothing(Duration::from_secs(1));
    let bytes = std::fs::read(&first).expect("the take is there");

    find(&mut rig, &mut talk);
    let found = Instant::now();
    let (back, _) = program.expect("The microphone is back", LONG);
    println!("{host}: back after {} ms", back.saturating_duration_since(found).as_millis());
    program.expect("Going on.", LONG);
    program.expect("Answer now", LONG);
    program.expect("Time is up", LONG);
    program.succeeds(LONG);

    let report = report(&rig);
    let takes = report["turns"][0]["takes"].as_array().expect("takes");
    assert_eq!(takes.len(), 2, "{report}");
    assert_eq!((&takes[0]["end"], &takes[0]["dropped"]), (&"capture-lost".into(), &0.into()), "{report}");
    assert_eq!(takes[0]["frames"], take.len());
    assert_eq!((&takes[1]["end"], &takes[1]["dropped"]), (&"time-up".into(), &0.into()), "{report}");
    assert_eq!(takes[1]["frames"], 3 * RATE);
    assert_eq!((&report["outcome"], &report["turns"][0]["state"]), (&"finished".into(), &"answered".into()));
    let second = samples(&session(&rig).join(takes[1]["file"].as_str().expect("a file")));
    match sounds {
        Back::AsBefore => _ = unbroken(&second, &talk.noise),
        Back::Resampled => assert!(peak(&second) > 4_000, "of peak {}", peak(&second)),
    }
    assert_eq!(std::fs::read(&first).expect("the take is there"), bytes, "the first take is not touched again");
}

#[test]
fn a_microphone_removed_in_an_answer_is_told_and_the_session_goes_on_with_it_alone() {
    lost_and_found("pulse", |rig| rig.unplug_mic(), |rig, _| rig.plug_mic());
}

#[test]
fn a_server_killed_in_an_answer_is_told_and_the_session_goes_on() {
    lost_and_found("pulse", Rig::kill_server, |rig, talk| {
        rig.start_server();
        talk.again(rig);
    });
}

#[test]
fn a_server_that_hangs_in_an_answer_is_told_and_the_session_goes_on() {
    lost_and_found(
        "pulse",
        |rig| rig.freeze_server(),
        |rig, talk| {
            rig.thaw_server();
            talk.again(rig);
        },
    );
}

#[test]
fn over_the_alsa_host_too_a_server_killed_in_an_answer_is_told_and_the_session_goes_on() {
    lost_and_found("alsa", Rig::kill_server, |rig, talk| {
        rig.start_server();
        talk.again(rig);
    });
}

#[test]
fn a_microphone_that_comes_back_at_another_rate_has_a_new_take() {
    lost_and_back("pulse", |rig| rig.unplug_mic(), |rig, _| rig.plug_mic_at("44100"), &Back::Resampled);
}

#[test]
fn a_source_suspended_in_an_answer_is_told_and_the_session_goes_on() {
    lost_and_found("pulse", |rig| rig.suspend_mic(true), |rig, _| rig.suspend_mic(false));
}

#[test]
fn over_the_alsa_host_too_a_removed_microphone_is_told_and_the_session_goes_on_with_it_alone() {
    lost_and_found("alsa", |rig| rig.unplug_mic(), |rig, _| rig.plug_mic());
}
