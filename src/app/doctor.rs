//! `greenroom doctor`: what there is, what is wrong, and what to do about it.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::checkup::{self, Checkup};
use super::cli::{Doctor, End, Sound};
use super::ends::{Choice, Input, Output};
use super::finding::{self, Finding};
use super::library::Library;
use super::rehearse::voice_settings;
use super::report::SCHEMA;
use super::{hint, print};
use crate::audio::device::{self, Survey};
use crate::interview::text;
use crate::store::banks::Source;
use crate::store::flaw::FileFlaws;
use crate::store::home::{FoundBy, Home};
use crate::store::space;
use crate::voice::{self, VoiceReport};

/// Less room than this is worth a word: about an hour and a half of answers.
const LITTLE_ROOM: u64 = 1 << 29;

/// Runs the command.
///
/// # Errors
/// Where something is wrong; everything was looked at all the same.
pub fn run(options: &Doctor, home: Option<&Path>) -> Result<()> {
    let sound = Sound {
        input: options.input.clone(),
        output: options.output.clone(),
        host: options.host.clone(),
        voice: options.voice.clone(),
        ..Sound::default()
    };
    let (library, wrong) = Library::examine(home)?;
    let choice = Choice::of(&sound, &library.config)?;
    if let Some(end) = options.has {
        wrong.iter().for_each(print::aside);
        return has(end, &choice);
    }
    let mut findings = folders(&library, &wrong);
    let survey = device::survey(choice.host.as_deref());
    findings.extend(systems(&survey));
    if !options.json {
        finding::show(&findings)?;
        print::line("\nTesting the microphone for three seconds: say a sentence, then be quiet.")?;
    }
    let checked = checkup::run(&choice);
    let mut heard = microphone(&checked, &choice);
    let voices = voice::survey(&voice_settings(&sound, &library.config, &Output::Device(None)));
    heard.extend(voices.iter().map(speaks));
    if !options.json {
        finding::show(&heard)?;
    }
    findings.extend(heard);
    let faults = findings.iter().filter(|finding| finding.is_fault()).count();
    if options.json {
        print::json(&whole(&library, &survey, &checked, &voices, &findings))?;
    }
    match faults {
        0 => {
            if !options.json {
                print::line(format_args!("\nAll is well: {}", hint::again(&library.home, "rehearse")))?;
            }
            Ok(())
        }
        1 => bail!("one thing needs attention"),
        faults => bail!("{faults} things need attention"),
    }
}

fn has(end: End, choice: &Choice) -> Result<()> {
    match end {
        End::Microphone => {
            let capture = choice.open_capture(1)?;
            print::line(format_args!("microphone: {}", capture.name()))?;
        }
        End::Speaker => {
            let (playback, missing) = choice.open_playback(crate::interview::SampleRate::STANDARD)?;
            if let Some(missing) = missing {
                bail!(missing);
            }
            print::line(format_args!("speaker: {}", playback.name()))?;
        }
    }
    Ok(())
}

fn folders(library: &Library, wrong: &[FileFlaws]) -> Vec<Finding> {
    let home = &library.home;
    let by = match home.found {
        FoundBy::Flag => "named by --home",
        FoundBy::Variable => "named by GREENROOM_HOME",
        FoundBy::Checkout => "the checkout around this folder",
        FoundBy::Platform => "the usual place on this system",
    };
    let mut findings = vec![Finding::well("home", format!("{} ({by})", text::path(&home.root)))];
    findings.extend(wrong.iter().map(|flaws| mend("settings", flaws)));
    findings.push(match home.prepare_recordings() {
        Ok(()) => recordings(home),
        Err(error) => Finding::told("recordings", error.to_string()),
    });
    if let Some(free) = space::free(&home.recordings()) {
        let minutes = free / (48_000 * 2 * 60);
        let detail = format!("{} MB free, about {minutes} minutes of answers", free / 1_000_000);
        findings.push(if free < LITTLE_ROOM {
            Finding::ill("disk", detail, "make room, or delete sessions with `greenroom sessions delete`")
        } else {
            Finding::well("disk", detail)
        });
    }
    for entry in library.banks.list() {
        let what = format!("bank {}", entry.id);
        let source = match &entry.source {
            Source::BuiltIn => "built in".to_owned(),
            Source::File(path) => text::path(path).to_string(),
        };
        findings.push(match entry.flaws {
            None => Finding::well(&what, format!("{} questions, {source}", entry.questions)),
            Some(flaws) => mend(&what, &flaws),
        });
    }
    let remedy = "make it a folder that you may read";
    let panels = library.panels();
    for entry in panels.list() {
        let what = format!("panel {}", entry.id);
        let source = match &entry.source {
            Source::BuiltIn => "built in".to_owned(),
            Source::File(path) => text::path(path).to_string(),
        };
        findings.push(match entry.flaws {
            None => Finding::well(&what, format!("{} on it, {source}", entry.panelists)),
            Some(flaws) => {
                let remedy = "mend the file; `greenroom panels check` checks it";
                Finding::ill(&what, flaws.to_string(), remedy)
            }
        });
    }
    findings.extend(panels.trouble().map(|trouble| Finding::ill("panels", trouble.to_string(), remedy)));
    findings.extend(library.banks.trouble().map(|trouble| Finding::ill("banks", trouble.to_string(), remedy)));
    findings
}

/// A file that somebody has to mend.
fn mend(what: &str, flaws: &FileFlaws) -> Finding {
    Finding::ill(what, flaws.to_string(), "mend the file; `greenroom questions check` checks it")
}

/// Who may look into the folder of the recordings.
fn recordings(home: &Home) -> Finding {
    let path = text::path(&home.recordings()).to_string();
    match home.recordings_are_private() {
        Some(true) => Finding::well("recordings", format!("{path}, readable by you alone")),
        Some(false) => {
            let remedy = format!("chmod 700 '{path}', or name a home on a disk that knows owners with --home");
            Finding::ill("recordings", format!("{path} is readable by others on this machine"), remedy)
        }
        None => Finding::well("recordings", path),
    }
}

fn systems(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    for host in &survey.hosts {
        let used = if survey.chosen.as_ref() == Some(&host.name) { " (used)" } else { "" };
        findings.push(match &host.fault {
            None => Finding::well("sound system", format!("{}{used}: answers", host.name)),
            // Another is used; where none can be, that is told below.
            Some(fault) => Finding::note("sound system", format!("{}{used}: {fault}", host.name)),
        });
    }
    for (what, devices) in [("microphone", &survey.inputs), ("speaker", &survey.outputs)] {
        for seen in devices.iter().filter(|seen| !seen.monitor) {
            let default = if seen.default { " (default)" } else { "" };
            let detail = format!("{}{default}", seen.name);
            findings.push(if seen.muted && seen.default {
                Finding::ill(what, format!("{detail} is muted"), "unmute it in the system's sound settings")
            } else {
                Finding::well(what, detail)
            });
        }
    }
    for error in &survey.errors {
        findings.push(Finding::told("sound system", error.to_string()));
    }
    findings
}

fn microphone(checked: &Result<Checkup>, choice: &Choice) -> Vec<Finding> {
    let what = "microphone test";
    let checkup = match checked {
        Ok(checkup) => checkup,
        Err(error) => return vec![Finding::told(what, format!("{error:#}"))],
    };
    let floor = checkup.noise_floor.map_or_else(|| "unknown".to_owned(), |floor| floor.to_string());
    let detail = format!("{}: peak {}, noise floor {floor}", checkup.name, checkup.level.peak());
    let mut findings = Vec::new();
    if checkup.level.all_zero() {
        let remedy = if cfg!(target_os = "macos") {
            "allow your terminal to use the microphone in System Settings, Privacy & Security"
        } else {
            "unmute it, or choose another with --input NAME"
        };
        findings.push(Finding::ill(what, format!("{}: only digital silence", checkup.name), remedy));
    } else if checkup.level.clipped() > 0 {
        let clipped = checkup.level.clipped();
        let remedy = "turn the microphone's level down, or move away from it";
        findings.push(Finding::ill(what, format!("{detail}, {clipped} samples too loud"), remedy));
    } else if checkup.level.peak() < checkup::FAINT {
        let remedy = "if you spoke: turn the microphone's level up, or move closer";
        findings.push(Finding::ill(what, format!("{detail}, nobody is heard"), remedy));
    } else {
        findings.push(Finding::well(what, detail));
    }
    if checkup.dropped > 0 {
        let remedy = "close programs that keep this machine busy";
        findings.push(Finding::ill(what, format!("{} frames were lost", checkup.dropped), remedy));
    }
    // Digital silence is told once, above.
    let notices = checkup.notices.iter().filter(|_| !checkup.level.all_zero());
    findings.extend(notices.map(|notice| Finding::told(what, notice)));
    if matches!(choice.input, Input::Device(_)) {
        findings.push(match &checkup.leakage {
            Err(reason) => Finding::note("speaker leakage", format!("not measured: {reason}")),
            Ok(leakage) if leakage.is_heard() => Finding::ill(
                "speaker leakage",
                format!("the microphone hears the speaker at {}", leakage.tone),
                "use headphones, so that the question is not recorded with your answer",
            ),
            Ok(_) => Finding::well("speaker leakage", "the microphone does not hear the speaker"),
        });
    }
    findings
}

fn speaks(report: &VoiceReport) -> Finding {
    match &report.state {
        Ok(()) => Finding::well("voice", format!("{}: {}", report.name, report.detail)),
        Err(remedy) if report.chosen => Finding::told("voice", format!("{}, which was chosen: {remedy}", report.name)),
        // There are others.
        Err(remedy) => Finding::note("voice", format!("{}: not here ({remedy})", report.name)),
    }
}

fn whole(
    library: &Library,
    survey: &Survey,
    checked: &Result<Checkup>,
    voices: &[VoiceReport],
    findings: &[Finding],
) -> Value {
    let devices = |devices: &[device::Seen]| -> Vec<Value> {
        devices
            .iter()
            .map(|seen| {
                json!({
                    "id": seen.id, "name": seen.name, "default": seen.default, "monitor": seen.monitor,
                    "muted": seen.muted, "rate": seen.rate, "channels": seen.channels,
                })
            })
            .collect()
    };
    let number = |level: f32| level.is_finite().then_some(level);
    let microphone = match checked {
        Err(error) => json!({ "error": format!("{error:#}") }),
        Ok(checkup) => json!({
            "name": checkup.name,
            "rate": checkup.rate.0,
            "peak_dbfs": number(checkup.level.peak().0),
            "noise_dbfs": checkup.noise_floor.and_then(|floor| number(floor.0)),
            "clipped_samples": checkup.level.clipped(),
            "all_zero": checkup.level.all_zero(),
            "dropped": checkup.dropped,
            "leakage_dbfs": checkup.leakage.as_ref().ok().and_then(|leakage| number(leakage.tone.0)),
        }),
    };
    json!({
        "schema": SCHEMA,
        "ok": findings.iter().all(|finding| !finding.is_fault()),
        "home": library.home.root.to_string_lossy(),
        "host": survey.chosen,
        "hosts": survey.hosts.iter().map(|host| json!({ "name": host.name, "fault": host.fault })).collect::<Vec<_>>(),
        "inputs": devices(&survey.inputs),
        "outputs": devices(&survey.outputs),
        "voices": voices.iter().map(|report| json!({
            "name": report.name, "detail": report.detail, "chosen": report.chosen, "ok": report.state.is_ok(),
            "remedy": report.state.as_ref().err(),
        })).collect::<Vec<_>>(),
        "microphone": microphone,
        "findings": findings.iter().map(Finding::json).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::finding::State;

    fn home() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        std::fs::create_dir_all(home.join("questions")).unwrap();
        (folder, home)
    }

    fn look(home: &Path) -> Vec<Finding> {
        let (library, wrong) = Library::examine(Some(home)).unwrap();
        folders(&library, &wrong)
    }

    #[test]
    fn files_with_mistakes_are_faults_and_everything_else_is_looked_at_all_the_same() {
        let (_folder, home) = home();
        assert!(look(&home).iter().all(|finding| finding.state == State::Well));
        std::fs::write(home.join("config.toml"), "voise = \"x\"\n").unwrap();
        std::fs::write(home.join("questions/formats.toml"), "[[format]]\n").unwrap();
        std::fs::write(home.join("stories.toml"), "[[story]]\n").unwrap();
        let findings = look(&home);
        let faults: Vec<&Finding> = findings.iter().filter(|finding| finding.is_fault()).collect();
        assert_eq!(faults.len(), 3);
        for (fault, file) in faults.iter().zip(["config.toml:1:1:", "formats.toml:", "stories.toml:"]) {
            assert!(fault.detail.contains(file), "{fault:?}");
        }
        assert!(findings.iter().any(|finding| finding.what == "bank vp-engineering" && !finding.is_fault()));
    }

    #[test]
    fn banks_that_cannot_be_looked_for_are_a_fault() {
        let (_folder, home) = home();
        std::fs::remove_dir(home.join("questions")).unwrap();
        std::fs::write(home.join("questions"), "no folder").unwrap();
        assert!(look(&home).iter().any(|finding| finding.what == "banks" && finding.is_fault()));
    }

    #[test]
    fn only_the_voice_that_was_chosen_is_missed() {
        let report = |chosen: bool, state: Result<(), String>| {
            speaks(&VoiceReport { name: "robot".to_owned(), detail: "D".to_owned(), chosen, state })
        };
        let absent = || Err("choose one of built-in".to_owned());
        assert_eq!(report(true, Ok(())).state, State::Well);
        assert_eq!(report(false, absent()).state, State::Note);
        let missed = report(true, absent());
        assert!(missed.is_fault() && missed.detail.contains("choose one of built-in"), "{missed:?}");
    }

    #[test]
    fn a_sound_system_that_is_not_used_is_no_fault_when_it_does_not_run() {
        let host = |name: &str, fault: Option<&str>| device::HostSeen {
            name: name.to_owned(),
            fault: fault.map(str::to_owned),
        };
        let hosts = vec![host("pulse", Some("no server")), host("alsa", None)];
        let survey = Survey { hosts, chosen: Some("alsa".to_owned()), ..Survey::default() };
        let states: Vec<State> = systems(&survey).iter().map(|finding| finding.state).collect();
        assert_eq!(states, [State::Note, State::Well]);
    }
}
