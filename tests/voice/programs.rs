//! The voices that are other people's programs.
#![cfg(unix)]

use std::path::Path;
use std::time::{Duration, Instant};

use greenroom::interview::Text;
use greenroom::ports::{Utterance, Voice, VoiceError};
use greenroom::voice::command::UserCommand;
use greenroom::voice::{Chain, VoiceSettings, survey};

use crate::script;

/// A second of a tone in a WAV file whose lengths are those of a pipe.
fn piped_tone(path: &Path) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 22_050,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for n in 0..22_050 {
        writer.write_sample(((f64::from(n) * 0.1).sin() * 9_000.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    bytes[4..8].fill(0xFF);
    bytes[40..44].fill(0xFF);
    std::fs::write(path, bytes).unwrap();
}

fn voice(program: &Path, arguments: &[&str]) -> UserCommand {
    let mut configured = vec![program.to_str().unwrap().to_owned()];
    configured.extend(arguments.iter().map(|&argument| argument.to_owned()));
    UserCommand::find(&configured).unwrap()
}

#[test]
fn a_command_gets_the_text_and_its_own_arguments_and_its_sound_is_played() {
    let folder = tempfile::tempdir().unwrap();
    let (tone, heard) = (folder.path().join("tone.wav"), folder.path().join("heard"));
    piped_tone(&tone);
    let body = format!("echo \"$#:$1\" > {h}; cat >> {h}; cat {t}", h = heard.display(), t = tone.display());
    let mut voice = voice(&script(folder.path(), "speak", &body), &["--model; rm -rf $HOME `id`"]);
    assert_eq!(voice.name(), "command (speak)");
    let Ok(Utterance::Clip(clip)) = voice.utter(&Text::clean("Say $(this) \"exactly\".")) else { panic!("no clip") };
    assert_eq!(clip.rate, 22_050);
    assert!((clip.duration().as_secs_f64() - 1.0).abs() < 0.05, "{:?}", clip.duration());
    let heard = std::fs::read_to_string(heard).unwrap();
    assert_eq!(heard, "1:--model; rm -rf $HOME `id`\nSay $(this) \"exactly\".\n");
}

#[test]
fn a_command_that_fails_writes_no_sound_or_hangs_gives_way_within_its_time() {
    let folder = tempfile::tempdir().unwrap();
    for (name, body) in [
        ("bad", "exit 1"),
        ("mute", "cat >/dev/null"),
        ("html", "echo '<html>'"),
        ("hang", "sleep 300"),
        ("spawn", "sleep 300 & sleep 300"),
    ] {
        let mut voice = voice(&script(folder.path(), name, body), &[]).with_patience(Duration::from_millis(600));
        let began = Instant::now();
        let result = voice.utter(&Text::clean("Hello."));
        assert!(matches!(result, Err(VoiceError::Failed { .. } | VoiceError::TooSlow { .. })), "{name}");
        assert!(began.elapsed() < Duration::from_secs(5), "{name}");
    }
}

#[test]
fn a_configured_command_speaks_first_and_the_built_in_voice_stands_in_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(folder.path(), "broken", "exit 1").to_str().unwrap().to_owned();
    let mut chain = Chain::choose(&VoiceSettings { command: Some(vec![program]), ..VoiceSettings::default() }).unwrap();
    assert_eq!(chain.speaking(), "command (broken)");
    let (utterance, notice) = chain.utter(&Text::clean("Hello there."));
    if !cfg!(target_os = "macos") {
        assert!(matches!(utterance, Utterance::Clip(_)));
        assert_eq!(chain.speaking(), "built-in (en-US)");
    }
    assert!(notice.unwrap().contains("command (broken) failed: it ended with exit status: 1"));
}

#[test]
fn a_survey_tries_every_voice_and_says_what_to_do_about_those_that_are_absent() {
    let settings = VoiceSettings {
        name: Some("robot".into()),
        command: Some(vec!["no-such-program-at-all".into()]),
        ..VoiceSettings::default()
    };
    let reports = survey(&settings);
    let state = |name: &str| &reports.iter().find(|report| report.name == name).unwrap().state;
    assert_eq!(state("built-in"), &Ok(()));
    assert_eq!(state("built-in-gb"), &Ok(()));
    assert!(state("command").as_ref().is_err_and(|remedy| remedy.contains("PATH")));
    assert!(state("robot").as_ref().is_err_and(|remedy| remedy.contains("choose one of")));
    let chosen: Vec<&str> = reports.iter().filter(|each| each.chosen).map(|each| each.name.as_str()).collect();
    assert_eq!(chosen, ["robot"]);
    assert!(
        reports.iter().any(|report| report.name == "espeak") && reports.iter().any(|report| report.name == "system")
    );
}
