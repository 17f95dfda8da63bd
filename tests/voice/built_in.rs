//! The built-in voice through `greenroom voice-host built-in`.

use std::time::{Duration, Instant};

use greenroom::interview::Text;
use greenroom::ports::{Clip, Utterance, Voice};
use greenroom::speech::Level;
use greenroom::voice::built_in::{BuiltIn, Host, Renderer};
use greenroom::voice::timbre::{Accent, Timbre};

const PROMPT: &str = "Tell me about a time when you had to align several engineering teams behind one goal that none \
                      of them had chosen, and explain how you measured whether it had worked.";

pub fn own() -> Host {
    Host { program: env!("CARGO_BIN_EXE_greenroom").into(), arguments: vec!["voice-host".into(), "built-in".into()] }
}

fn spoken(renderer: &mut Renderer, timbre: Timbre, text: &str) -> Clip {
    renderer.render(timbre, &Text::clean(text)).unwrap_or_else(|error| panic!("{text:.40}: {error}"))
}

/// The median pitch of the voiced stretches, by autocorrelation over 40 ms between 70 and 400 Hz.
fn pitch(clip: &Clip) -> f64 {
    let rate = clip.rate as usize;
    let mut found = Vec::new();
    for window in clip.samples.chunks_exact(rate / 25) {
        let at = |lag: usize| -> f64 {
            window[lag..].iter().zip(window).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>()
                / (window.len() - lag) as f64
        };
        let best = (rate / 400..rate / 70).max_by(|&a, &b| at(a).total_cmp(&at(b))).unwrap();
        if at(0) > 1e6 && at(best) > 0.7 * at(0) {
            found.push(rate as f64 / best as f64);
        }
    }
    found.sort_by(f64::total_cmp);
    found[found.len() / 2]
}

#[test]
fn both_speakers_speak_at_once_without_clipping_and_in_their_own_pitch() {
    for (accent, lowest, highest) in [(Accent::Us, 140.0, 200.0), (Accent::Gb, 115.0, 200.0)] {
        let clip = spoken(&mut Renderer::new(own()), Timbre::plain(accent), PROMPT);
        assert_eq!(clip.rate, 16_000);
        let seconds = clip.duration().as_secs_f64();
        assert!((7.0..14.0).contains(&seconds), "31 words in {seconds} s");
        let level = Level::of(&clip.samples);
        assert!((-30.0..-10.0).contains(&level.rms().0), "{}", level.rms());
        assert!(level.peak().0 < -0.9 && level.clipped() == 0, "{}", level.peak());
        assert!(Level::of(&clip.samples[..800]).peak().0 > -46.0, "the first 50 ms are silent");
        let pitch = pitch(&clip);
        assert!((lowest..highest).contains(&pitch), "{pitch} Hz");
    }
}

#[test]
fn pitch_and_speed_make_other_people_of_the_speakers() {
    let mut renderer = Renderer::new(own());
    let plain = spoken(&mut renderer, Timbre::plain(Accent::Us), PROMPT);
    let deep = spoken(&mut renderer, Timbre { accent: Accent::Us, pitch: 75, speed: 100 }, PROMPT);
    let quick = spoken(&mut renderer, Timbre { accent: Accent::Us, pitch: 100, speed: 140 }, PROMPT);
    assert!(pitch(&deep) < 0.85 * pitch(&plain), "{} and {}", pitch(&deep), pitch(&plain));
    assert!(quick.duration() < plain.duration().mul_f64(0.8), "{:?} and {:?}", quick.duration(), plain.duration());
}

#[test]
fn the_same_text_sounds_the_same_whatever_was_spoken_before() {
    let mut one = Renderer::new(own());
    let first = spoken(&mut one, Timbre::plain(Accent::Us), PROMPT);
    spoken(&mut one, Timbre::plain(Accent::Gb), "Something else entirely?");
    let again = spoken(&mut one, Timbre::plain(Accent::Us), PROMPT);
    let elsewhere = spoken(&mut Renderer::new(own()), Timbre::plain(Accent::Us), PROMPT);
    assert!(first == again, "the second time it sounds different");
    assert!(first == elsewhere, "another renderer speaks it differently");
}

#[test]
fn hostile_texts_are_spoken_or_shown_and_harm_nothing() {
    let mut voice = BuiltIn::new(own(), Timbre::plain(Accent::Us));
    let texts = [
        "</volume></pitch><play file='/etc/passwd'/>play<saveSig file='/tmp/x'>".to_owned(),
        "<speed level='1'>slow<break time='999999s'/> & &amp; &#60;".to_owned(),
        "%s%s%n %x \\n \\0 {} $HOME `id` $(id)".to_owned(),
        "x".repeat(4_000),
        "no stops at all ".repeat(250),
        "1234567890".repeat(80),
        "1 2 3 4 5 6 7 8 9 0 ".repeat(40),
        "a.b.c.d.e-f-g@h/i:j;k,l!m?n".repeat(40),
        "Ünïcödé Ærøskøbing ẞß ÿ naïve Łódź 日本語 👍🏽 עברית e\u{301}\u{302}\u{303}".to_owned(),
        "ﬁ ﬂ ½ ² ³ © ® ° ± µ ¶ § ÷ × ¿ ¡".repeat(20),
        "?".repeat(3_000),
        "... --- ***".to_owned(),
        "日本語だけの文章".to_owned(),
        "A".to_owned(),
        "€5 £3.50 50% 10:30 12/31/1999 +1-800-555-0199 http://example.com/a?b=c#d".to_owned(),
        String::new(),
    ];
    for raw in texts {
        let began = Instant::now();
        match voice.utter(&Text::clean(&raw)) {
            Ok(Utterance::Clip(clip)) => {
                assert!(!Level::of(&clip.samples).all_zero(), "{raw:.40}");
                assert!(Level::of(&clip.samples).clipped() == 0, "{raw:.40}");
            }
            Ok(Utterance::Reading(_)) => assert!(raw.is_empty() || !raw.contains(|c: char| c.is_ascii_alphanumeric())),
            Ok(Utterance::Live(_)) => panic!("the built-in voice renders"),
            Err(error) => panic!("{raw:.40}: {error}"),
        }
        println!("{raw:.40}: {:?}", began.elapsed());
        assert!(began.elapsed() < Duration::from_secs(30), "{raw:.40} took {:?}", began.elapsed());
    }
}

#[test]
fn a_first_prompt_is_rendered_soon_after_the_start() {
    let began = Instant::now();
    let mut renderer = Renderer::new(own());
    let clip = spoken(&mut renderer, Timbre::plain(Accent::Us), PROMPT);
    let took = began.elapsed();
    println!("from the start of the host to {:.1} s of speech: {took:?}", clip.duration().as_secs_f64());
    // Far above what it takes (BENCHMARKS.md), because tests share the machine; far below what anyone would wait.
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[cfg(unix)]
mod broken {
    use super::*;
    use crate::script;
    use greenroom::ports::VoiceError;
    use greenroom::voice::Chain;
    use greenroom::voice::worker::Worker;
    use std::process::Command;

    fn exists(process: u32) -> bool {
        Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().unwrap().status.success()
    }

    fn host_of(program: std::path::PathBuf) -> Host {
        Host { program, arguments: Vec::new() }
    }

    #[test]
    fn a_host_that_crashes_is_replaced_and_the_text_is_spoken() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("crashed-once");
        let body = format!(
            "[ -e {mark} ] && exec {own} voice-host built-in\ntouch {mark}; head -c 20 >/dev/null; kill -SEGV $$",
            mark = mark.display(),
            own = env!("CARGO_BIN_EXE_greenroom")
        );
        let mut renderer = Renderer::new(host_of(script(folder.path(), "host", &body)));
        let clip = spoken(&mut renderer, Timbre::plain(Accent::Us), "Still here.");
        assert!(mark.exists() && clip.duration() > Duration::from_millis(300));
    }

    #[test]
    fn a_host_that_always_crashes_gives_way_to_the_next_voice_with_one_notice() {
        let folder = tempfile::tempdir().unwrap();
        let count = folder.path().join("starts");
        let program = script(folder.path(), "host", &format!("echo x >> {}; exit 1", count.display()));
        let mut chain = Chain::of(vec![Box::new(BuiltIn::new(host_of(program), Timbre::plain(Accent::Us)))]);
        let (utterance, notice) = chain.utter(&Text::clean("Hello."));
        assert!(matches!(utterance, Utterance::Reading(_)));
        assert!(notice.unwrap().contains("ended twice"), "the notice says why");
        assert!(chain.utter(&Text::clean("Hello.")).1.is_none());
        assert_eq!(std::fs::read_to_string(count).unwrap().lines().count(), 2);
    }

    #[test]
    fn a_host_that_hangs_is_ended_and_reaped_within_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let number = folder.path().join("number");
        let program = script(folder.path(), "host", &format!("echo $$ > {}; sleep 300", number.display()));
        let mut renderer = Renderer::new(host_of(program)).with_start(Duration::from_millis(700));
        let began = Instant::now();
        let result = renderer.render(Timbre::plain(Accent::Us), &Text::clean("Hello."));
        assert!(matches!(result, Err(VoiceError::TooSlow { .. })), "{result:?}");
        assert!(began.elapsed() < Duration::from_secs(4));
        assert!(!exists(std::fs::read_to_string(number).unwrap().trim().parse().unwrap()));
    }

    #[test]
    fn a_host_that_sends_nonsense_is_a_failure_and_takes_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        for (name, body) in [
            ("text", "echo not a packet at all"),
            ("huge", "printf '\\001\\377\\377\\377\\377'; sleep 1"),
            ("short", "printf '\\001\\003\\000\\000\\000abc'"),
            ("refusal", "printf '\\002\\003\\000\\000\\000\\033[m'"),
        ] {
            let mut renderer = Renderer::new(host_of(script(folder.path(), name, body)));
            let result = renderer.render(Timbre::plain(Accent::Us), &Text::clean("Hello."));
            assert!(matches!(&result, Err(VoiceError::Failed { reason, .. }) if !reason.contains('\u{1b}')), "{name}");
        }
    }

    #[test]
    fn a_host_that_is_missing_is_told_with_a_remedy() {
        let mut renderer = Renderer::new(host_of("/nowhere/greenroom".into()));
        let result = renderer.render(Timbre::plain(Accent::Us), &Text::clean("Hello."));
        assert!(matches!(result, Err(VoiceError::Absent { .. })), "{result:?}");
    }

    #[test]
    fn a_host_that_is_killed_while_it_waits_is_replaced() {
        let mut renderer = Renderer::new(own());
        spoken(&mut renderer, Timbre::plain(Accent::Us), "One.");
        let waiting = renderer.waiting(Accent::Us).expect("the next host waits");
        assert!(Command::new("kill").args(["-9", &waiting.to_string()]).status().unwrap().success());
        spoken(&mut renderer, Timbre::plain(Accent::Us), "Two.");
        assert!(!exists(waiting));
    }

    #[test]
    fn the_host_ends_with_its_input_and_leaves_no_file_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.args(["voice-host", "built-in"]).env("TMPDIR", folder.path());
        let worker = Worker::start(command, 1 << 20).unwrap();
        worker.send(greenroom::voice::timbre::WARM, Timbre::plain(Accent::Us).request(""));
        let number = worker.id();
        drop(worker);
        assert!(!exists(number));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_for_temporary_files_with_a_very_long_name_does_not_overrun_pico() {
        let mut folder = tempfile::tempdir().unwrap().keep();
        let root = folder.clone();
        while folder.as_os_str().len() < 600 {
            folder.push("d".repeat(100));
        }
        std::fs::create_dir_all(&folder).unwrap();
        let program = "/usr/bin/env".into();
        let arguments = vec![
            format!("TMPDIR={}", folder.display()),
            env!("CARGO_BIN_EXE_greenroom").into(),
            "voice-host".into(),
            "built-in".into(),
        ];
        let result = Renderer::new(Host { program, arguments }).render(Timbre::plain(Accent::Us), &Text::clean("Hi."));
        std::fs::remove_dir_all(root).unwrap();
        assert!(
            matches!(&result, Err(VoiceError::Failed { reason, .. }) if reason.contains("temporary")),
            "{result:?}"
        );
    }
}
