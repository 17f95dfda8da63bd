//! The voices of a panel, as they are heard: nobody is taken for somebody else, and nobody changes.

use std::sync::Arc;

use greenroom::interview::panel::estimate::spoken;
use greenroom::interview::panel::voicing::{APART, SEATS, Voicing};
use greenroom::interview::{Bank, Panel, Text};
use greenroom::ports::{Clip, Utterance, Voice};
use greenroom::store::banks::Banks;
use greenroom::store::format_file::formats;
use greenroom::store::home::Home;
use greenroom::store::panels::Panels;
use greenroom::voice::built_in::Renderer;
use greenroom::voice::espeak::Espeak;
use greenroom::voice::timbre::Timbre;
use greenroom::voice::{Chain, VoiceSettings, cast};

use crate::pitch;

/// Three prompts, of about 25 s together.
const PROMPTS: [&str; 3] = [
    "Tell me about a time when you had to align several engineering teams behind one goal that none of them had \
     chosen, and explain how you measured whether it had worked.",
    "How do you decide what not to build, and who hears about it first?",
    "Walk me through a serious outage. What did you do in the first hour, and what changed afterwards?",
];

fn seats(count: usize) -> Vec<Voicing> {
    (0..count).map(Voicing::of_seat).collect()
}

fn banks() -> Banks {
    Banks::built_in(formats(None).unwrap())
}

/// The built-in panels, and a full table where no panel says anything of its voices.
fn panels() -> Vec<(String, Vec<Voicing>)> {
    let folder = tempfile::tempdir().unwrap();
    let panels = Panels::open(&Home::find(Some(folder.path())).unwrap(), &banks());
    let voicings = |panel: Panel| panel.panelists.into_iter().map(|panelist| panelist.voicing).collect::<Vec<_>>();
    let mut all: Vec<(String, Vec<Voicing>)> =
        panels.list().iter().map(|entry| (entry.id.clone(), voicings(panels.get(&entry.id).unwrap()))).collect();
    assert!(all.len() >= 5, "the built-in panels are there");
    all.push(("the seats".to_owned(), seats(SEATS)));
    all
}

fn named(name: &str) -> VoiceSettings {
    VoiceSettings { name: Some(name.to_owned()), rendered: true, ..VoiceSettings::default() }
}

fn clip(chain: &mut Chain, text: &str) -> Arc<Clip> {
    match chain.utter(&Text::clean(text)) {
        (Utterance::Clip(clip), None) => clip,
        (_, notice) => panic!("{text:.40}: {notice:?}"),
    }
}

/// The median fundamental of a voice over the three prompts, in Hz.
fn fundamental(chain: &mut Chain) -> f64 {
    let clips = PROMPTS.map(|text| clip(chain, text));
    pitch::median(clips.iter().map(|clip| (clip.rate, &clip.samples[..]))).expect("a voice has a pitch")
}

/// Holds that every two of a panel are far enough apart, in the voice of a name.
fn tell_apart(voice: &str) {
    let mut known: Vec<(Voicing, f64)> = Vec::new();
    for (panel, voicings) in panels() {
        let chains = cast(&named(voice), &voicings).unwrap();
        let heard: Vec<(String, f64)> = voicings
            .iter()
            .zip(chains)
            .map(|(voicing, mut chain)| {
                // Panels that say nothing of their voices share the seats.
                let before = known.iter().find(|(other, _)| other == voicing).map(|(_, hertz)| *hertz);
                let hertz = before.unwrap_or_else(|| fundamental(&mut chain));
                known.push((voicing.clone(), hertz));
                (chain.speaking(), hertz)
            })
            .collect();
        println!(
            "{panel}: {}",
            heard.iter().map(|(name, hertz)| format!("{name} {hertz:.0} Hz, ")).collect::<String>()
        );
        for (place, (one, high)) in heard.iter().enumerate() {
            for (other, low) in &heard[..place] {
                let apart = pitch::semitones(*high, *low).abs();
                assert!(apart >= APART, "{panel}: {one} and {other} are {apart:.2} semitones apart");
            }
        }
    }
}

#[test]
fn no_two_of_a_panel_are_nearer_than_two_semitones_in_the_built_in_voice() {
    tell_apart("built-in");
}

#[test]
fn no_two_of_a_panel_are_nearer_than_two_semitones_in_espeaks_variants() {
    if Espeak::find("en-us").is_err() {
        println!("skipped: espeak-ng is not installed");
        return;
    }
    tell_apart("espeak");
}

#[test]
fn a_panelist_keeps_the_voice_through_the_session_and_over_sessions() {
    let mut kinds = vec!["built-in"];
    if Espeak::find("en-us").is_ok() {
        kinds.push("espeak");
    }
    for kind in kinds {
        let mut session = cast(&named(kind), &seats(SEATS)).unwrap();
        let first: Vec<Arc<Clip>> = session.iter_mut().map(|chain| clip(chain, PROMPTS[1])).collect();
        session.iter_mut().rev().for_each(|chain| drop(clip(chain, "Something else entirely?")));
        let mut another = cast(&named(kind), &seats(SEATS)).unwrap();
        for (place, sound) in first.iter().enumerate() {
            assert!(clip(&mut session[place], PROMPTS[1]) == *sound, "{kind}: seat {place} changes in the session");
            assert!(clip(&mut another[place], PROMPTS[1]) == *sound, "{kind}: seat {place} changes over sessions");
            assert!(first[..place].iter().all(|other| other != sound), "{kind}: seat {place} sounds like another");
        }
    }
}

#[test]
fn the_name_of_a_voice_chooses_the_kind_and_the_panel_says_who_sounds_how() {
    let speaking =
        |name: &str| -> Vec<String> { cast(&named(name), &seats(3)).unwrap().iter().map(Chain::speaking).collect() };
    let built_in = ["built-in (en-US)", "built-in (en-GB, pitch 66 %)", "built-in (en-GB, pitch 117 %)"];
    assert_eq!(speaking("built-in"), built_in);
    assert_eq!(speaking("built-in-gb"), built_in);
    assert_eq!(speaking("none"), ["none"; 3]);
    assert!(cast(&named("robot"), &seats(3)).is_err_and(|error| error.to_string().contains("choose one of")));
    assert!(cast(&named("command"), &seats(3)).is_err_and(|error| error.to_string().contains("config.toml")));
    if Espeak::find("en-us").is_ok() {
        let panel: Vec<String> = seats(3).into_iter().map(|seat| format!("espeak ({})", seat.espeak)).collect();
        assert_eq!(speaking("espeak"), panel);
        let chosen = ["espeak (en-029+f1)", "espeak (en-029+m7)", "espeak (en-029+f5)"];
        assert_eq!(speaking("espeak:en-029+f3"), chosen);
    }
}

/// A prompt is reckoned with before anybody speaks it. All 310 of both banks were measured once: with the built-in
/// voice at a speed of 95 % the slowest takes 0.86 of what is reckoned, at 88 % 0.92, and with espeak-ng's variants
/// less than 0.8. Here it is those whose words are longest.
#[test]
fn no_prompt_takes_longer_than_is_reckoned_with() {
    let banks = banks();
    let prompts = |bank: Bank| {
        bank.questions.into_iter().flat_map(|it| {
            let follow_ups: Vec<Text> = it.follow_ups.into_iter().map(|each| each.prompt).collect();
            std::iter::once(it.prompt).chain(follow_ups)
        })
    };
    let mut texts: Vec<Text> =
        ["vp-engineering", "behavioral"].into_iter().flat_map(|id| prompts(banks.get(id).unwrap())).collect();
    texts.sort_by_key(|text| std::cmp::Reverse(text.as_str().len() * 1_000 / text.words()));
    texts.truncate(20);
    texts.push(Text::clean(
        "Two days before a launch, a serious vulnerability turns up. Who decides, and on what grounds?",
    ));
    let mut renderer = Renderer::new(crate::built_in::own());
    for voicing in seats(SEATS) {
        let mut espeak = Espeak::find(&voicing.espeak).ok();
        for text in &texts {
            let reckoned = spoken(text);
            let took = renderer.render(Timbre::of(&voicing), text).unwrap().duration();
            assert!(took < reckoned, "{text}: {took:?} of {reckoned:?} at {} %", voicing.speed);
            if let Some(Ok(Utterance::Clip(clip))) = espeak.as_mut().map(|espeak| espeak.utter(text)) {
                assert!(clip.duration() < reckoned, "{text}: {:?} with {}", clip.duration(), voicing.espeak);
            }
        }
    }
}

#[cfg(unix)]
mod of_a_command {
    use super::*;
    use crate::script;

    /// A program that speaks a tone, and fails over a text with the word `fail` in it.
    fn program(folder: &std::path::Path) -> VoiceSettings {
        let tone = folder.join("tone.wav");
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&tone, spec).unwrap();
        (0..8_000).for_each(|n| writer.write_sample(if n / 80 % 2 == 0 { 9_000i16 } else { -9_000 }).unwrap());
        writer.finalize().unwrap();
        let program = script(folder, "speak", &format!("grep -q fail && exit 1; cat {}", tone.display()));
        VoiceSettings {
            name: Some("command".to_owned()),
            command: Some(vec![program.to_str().unwrap().to_owned()]),
            rendered: true,
        }
    }

    #[test]
    fn all_speak_with_the_users_program_and_the_candidate_is_told_once_that_they_sound_alike() {
        let folder = tempfile::tempdir().unwrap();
        let settings = program(folder.path());
        let mut told = Vec::new();
        let mut chains = cast(&settings, &seats(3)).unwrap();
        for chain in chains.iter_mut().rev() {
            assert_eq!(chain.speaking(), "command (speak)");
            told.extend(chain.utter(&Text::clean("Hello.")).1);
            told.extend(chain.utter(&Text::clean("Hello again.")).1);
        }
        assert_eq!(told, ["command (speak) speaks for the whole panel: all sound alike"]);
        let mut alone = cast(&settings, &seats(1)).unwrap();
        assert_eq!(alone[0].utter(&Text::clean("Hello.")).1, None, "nobody sounds like one who is alone");
    }

    #[test]
    fn whose_voice_fails_goes_on_in_their_own_timbre_and_the_others_keep_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let mut chains = cast(&program(folder.path()), &seats(3)).unwrap();
        chains.iter_mut().for_each(|chain| drop(chain.utter(&Text::clean("Hello."))));
        let text = Text::clean("What do you do when your systems fail?");
        let (Utterance::Clip(heard), Some(notice)) = chains[1].utter(&text) else { panic!("no clip, or not told") };
        let own = Renderer::new(crate::built_in::own()).render(Timbre::of(&Voicing::of_seat(1)), &text).unwrap();
        assert_eq!(*heard, own);
        assert!(notice.ends_with("built-in (en-GB, pitch 66 %) speaks from here on"), "{notice}");
        assert!(chains[1].utter(&Text::clean("Hello.")).1.is_none(), "told once");
        let speaking: Vec<String> = chains.iter().map(Chain::speaking).collect();
        assert_eq!((speaking[0].as_str(), speaking[2].as_str()), ("command (speak)", "command (speak)"));
        assert_ne!(speaking[1], "command (speak)");
    }
}
