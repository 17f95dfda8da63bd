//! Follow-ups are asked where what was measured calls for them, and nowhere else.

use std::sync::OnceLock;

use greenroom::interview::Text;
use greenroom::voice::built_in::{Host, Renderer};
use greenroom::voice::timbre::{Accent, Timbre};

use crate::place::{Place, noise};
use crate::session::Session;

/// The rate of the built-in voice.
const RATE: usize = 16_000;

/// Seven seconds and more of speech without a pause.
fn speech() -> &'static [i16] {
    static SPEECH: OnceLock<Vec<i16>> = OnceLock::new();
    SPEECH.get_or_init(|| {
        let program = env!("CARGO_BIN_EXE_greenroom").into();
        let mut renderer = Renderer::new(Host { program, arguments: vec!["voice-host".into(), "built-in".into()] });
        let text = "I was asked to bring two teams together that had never worked on the same release before and so I \
                    began with a list of everything that blocked us and most of it turned out to be a habit that \
                    nobody had ever questioned until the day on which we agreed on one measure for the whole quarter";
        let clip = renderer.render(Timbre::plain(Accent::Us), &Text::clean(text)).expect("the built-in voice speaks");
        assert_eq!(clip.rate as usize, RATE);
        let first = clip.samples.iter().position(|sample| sample.unsigned_abs() > 500).expect("something is said");
        clip.samples[first..].to_vec()
    })
}

/// Seven seconds in a room whose noise is 20 dB below the voice, which speaks where `speaks` says so, second by second.
fn answer(speaks: [bool; 7]) -> Vec<i16> {
    let speech = &speech()[..7 * RATE];
    let level = |samples: &[i16]| {
        (samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / samples.len() as f64).sqrt()
    };
    let room = noise(speech.len());
    let down = level(speech) / level(&room) / 10.0;
    let heard = |(at, (voice, room)): (usize, (&i16, &i16))| {
        let voice = if speaks[at / RATE] { f64::from(*voice) } else { 0.0 };
        (voice + f64::from(*room) * down) as i16
    };
    speech.iter().zip(&room).enumerate().map(heard).collect()
}

/// A session of `duo` in which the answers are these files, in their order, and talk without end where there is none.
fn answered(answers: &[(usize, Vec<i16>)]) -> Session {
    let place = Place::new();
    for take in 1..=8 {
        let own = answers.iter().find(|(which, _)| *which == take).map(|(_, samples)| samples.clone());
        place.wav(&format!("answers/{take}.wav"), RATE as u32, &own.unwrap_or_else(|| answer([true; 7])));
    }
    let session = place.holds("duo", &["--seed", "3", "--input", "wav:answers"]);
    session.is_in_order();
    session
}

/// The follow-ups that were asked after a question.
fn after(session: &Session, question: &str) -> Vec<String> {
    let asked = session.questions();
    asked.iter().filter_map(|asked| asked.strip_prefix(&format!("{question}/"))).map(str::to_owned).collect()
}

/// The third answer is that to `team`, whose follow-up is asked where the answer was hesitant.
const TEAM: usize = 3;

#[test]
fn an_answer_into_the_limit_is_long_and_not_short() {
    let session = answered(&[]);
    assert_eq!(session.questions()[..3], ["path", "path/less", "team"].map(str::to_owned));
    assert_eq!(after(&session, "cost"), ["again"], "always is always");
    assert_eq!(after(&session, "risk"), [""; 0]);
}

#[test]
fn who_is_silent_for_half_the_time_is_hesitant_and_who_talks_on_is_not() {
    let hesitant = answered(&[(TEAM, answer([false, true, false, false, true, false, false]))]);
    assert_eq!(after(&hesitant, "team"), ["sure"]);
    let place = hesitant.questions().iter().position(|asked| asked == "team").expect("it is asked");
    assert_eq!(hesitant.questions()[place + 1], "team/sure", "at once");
    let fluent = answered(&[(TEAM, answer([true; 7]))]);
    assert_eq!(after(&fluent, "team"), [""; 0]);
    let pausing = answered(&[(TEAM, answer([true, true, false, true, true, true, true]))]);
    assert_eq!(after(&pausing, "team"), [""; 0], "a pause makes nobody hesitant");
}

#[test]
fn what_cannot_be_measured_is_never_taken_for_hesitant() {
    let unheard: [(&str, Vec<i16>); 3] = [
        ("digital silence", vec![0; 7 * RATE]),
        ("noise alone", answer([false; 7])),
        ("nothing but clipping", speech()[..7 * RATE].iter().map(|s| if *s < 0 { -32_768 } else { 32_767 }).collect()),
    ];
    for (what, answer) in unheard {
        assert_eq!(after(&answered(&[(TEAM, answer)]), "team"), [""; 0], "{what}");
    }
}

#[test]
fn a_follow_up_is_asked_by_the_one_who_asked_or_by_one_whose_field_it_is() {
    let place = Place::new();
    let mut joined = 0;
    for seed in 0..12 {
        let session = place.holds("duo", &["--seed", &seed.to_string()]);
        session.is_in_order();
        let asked = session.asked();
        for (place, (who, question)) in asked.iter().enumerate().filter(|(_, (_, question))| question.contains('/')) {
            let (asker, first) = &asked[place - 1];
            assert!(question.starts_with(first.as_str()), "it follows its question: {asked:?}");
            // The host cares about money, the treasurer about nothing in particular.
            assert!(who == asker || (who == "host" && question == "cost/again"), "{asked:?}");
            joined += usize::from(who != asker);
        }
    }
    assert!((1..12).contains(&joined), "now and then another joins in: {joined} of 12");
}

#[test]
fn there_are_no_more_follow_ups_than_the_panel_wants() {
    let place = Place::new();
    for most in [0, 1, 2] {
        let text = crate::place::DUO.replace("shortest", &format!("follow_ups = {most}\nshortest"));
        let bank = std::fs::read_to_string(place.path("home/questions/tiny.toml")).expect("the test wrote it");
        let more = ["one", "two", "three"]
            .map(|id| format!("  {{ id = \"{id}\", prompt = \"And {id}?\", when = \"always\" }},\n"));
        place.write(
            "home/questions/many.toml",
            &bank.replace("id = \"tiny\"\ntitle", "id = \"many\"\ntitle").replacen(
                "follow_ups = [\n",
                &format!("follow_ups = [\n{}", more.concat()),
                1,
            ),
        );
        place.panel("duo", &text.replace("bank = \"tiny\"", "bank = \"many\""));
        let session = place.holds("duo", &["--seed", "3"]);
        session.is_in_order();
        assert_eq!(after(&session, "path").len(), most, "{:?}", session.asked());
    }
}

#[test]
fn a_folder_of_answers_need_not_have_one_for_every_question_that_might_be_asked() {
    let place = Place::new();
    place.wav("few/1.wav", RATE as u32, &noise(7 * RATE));
    let session = place.holds("duo", &["--seed", "3", "--input", "wav:few"]);
    session.is_in_order();
    assert!(session.said(0).iter().any(|sample| *sample != 0));
    assert!(session.turns().len() > 2 && session.said(1).iter().all(|sample| *sample == 0), "then nothing is said");
}
