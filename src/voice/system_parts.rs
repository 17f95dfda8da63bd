//! Which of the system's voices each panelist speaks with.
//!
//! A pure choice: the same list and the same panel give the same voices, whatever the order of the list.

use super::system_packets::SystemVoice;
use crate::interview::panel::{Accent, Gender, Voicing};

/// Voices that are a joke, a whisper or a machine: they speak only where nobody else is left.
const ODD: [&str; 35] = [
    "albert",
    "anikarobot",
    "anxiousandy",
    "auntie",
    "bad",
    "bahh",
    "bells",
    "boing",
    "bubbles",
    "cellos",
    "croak",
    "demonic",
    "deranged",
    "good",
    "grandma",
    "grandpa",
    "hysterical",
    "jester",
    "klatt",
    "lifeannouncementsystem",
    "organ",
    "pipe",
    "robosoft",
    "serious",
    "storm",
    "superstar",
    "test",
    "trinoids",
    "tweaky",
    "universalrobot",
    "whisper",
    "wobble",
    "zarvox",
    "novelty",
    "eloquence",
];

/// The parts of a panel.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts {
    /// Who speaks for each panelist; `None`: the system's usual voice.
    pub voices: Vec<Option<SystemVoice>>,
    /// Whether some of them have the same.
    pub alike: bool,
}

/// Gives each panelist a voice: the one that the panel names, where the system has it, else one that speaks English and
/// that nobody has, of the gender and then from where the panelist seems to come from.
pub fn parts(listed: &[SystemVoice], panel: &[Voicing]) -> Parts {
    let mut english: Vec<&SystemVoice> = listed.iter().filter(|voice| subtag(voice, 0) == "en").collect();
    english.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    english.dedup_by(|a, b| a.id == b.id);
    let mut chosen: Vec<Option<&SystemVoice>> = vec![None; panel.len()];
    for (place, voicing) in panel.iter().enumerate() {
        let named = voicing.system.as_deref().and_then(|name| by_name(listed, name));
        chosen[place] = named.filter(|named| !has(&chosen, named));
    }
    let mut alike = false;
    for (place, voicing) in panel.iter().enumerate() {
        if chosen[place].is_some() {
            continue;
        }
        let best = |free: &dyn Fn(&SystemVoice) -> bool| {
            // The first of equals, by name.
            english.iter().filter(|voice| free(voice)).min_by_key(|voice| unfit(voice, voicing, &chosen)).copied()
        };
        let found = best(&|voice| !has(&chosen, voice));
        alike |= found.is_none() && panel.len() > 1;
        chosen[place] = found.or_else(|| best(&|_| true));
    }
    Parts { voices: chosen.into_iter().map(Option::<&SystemVoice>::cloned).collect(), alike }
}

/// The voice that is meant by a name.
pub fn by_name<'a>(listed: &'a [SystemVoice], name: &str) -> Option<&'a SystemVoice> {
    let exact = |voice: &&SystemVoice| voice.name == name || voice.id == name;
    listed.iter().find(exact).or_else(|| listed.iter().find(|voice| voice.name.eq_ignore_ascii_case(name)))
}

fn has(chosen: &[Option<&SystemVoice>], voice: &SystemVoice) -> bool {
    chosen.iter().flatten().any(|taken| taken.id == voice.id)
}

/// How little a voice fits: what weighs most comes first.
fn unfit(voice: &SystemVoice, voicing: &Voicing, chosen: &[Option<&SystemVoice>]) -> [u8; 4] {
    let odd = words(&voice.name).into_iter().chain(words(&voice.id)).any(|word| ODD.contains(&word.as_str()));
    let gender = match gender(voice) {
        Some(gender) if gender == voicing.gender => 0,
        None => 1,
        Some(_) => 2,
    };
    // One speaker may be listed for several regions, or better and worse.
    let heard = chosen.iter().flatten().any(|taken| speaker(taken) == speaker(voice));
    let region = match voicing.accent {
        Accent::American => "us",
        Accent::British => "gb",
    };
    [u8::from(odd), gender, u8::from(heard), u8::from(subtag(voice, 1) != region)]
}

/// The gender, as the system tells it or as the name does: `English (America)+female2`.
fn gender(voice: &SystemVoice) -> Option<Gender> {
    voice.gender.or_else(|| {
        words(&voice.name).iter().find_map(|word| match word.as_str() {
            "female" => Some(Gender::Female),
            "male" => Some(Gender::Male),
            _ => None,
        })
    })
}

/// Who it is that speaks: `Ava` in `Ava (Premium)`, `female2` in `English (America)+female2`.
fn speaker(voice: &SystemVoice) -> &str {
    match voice.name.rsplit_once('+') {
        Some((_, variant)) => variant,
        None => voice.name.split(" (").next().unwrap_or_default(),
    }
}

/// The words of a name, in small letters and without numbers.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// A part of the language, in small letters: `en` and `gb` in `en-GB`.
fn subtag(voice: &SystemVoice, place: usize) -> String {
    voice.language.split(['-', '_']).nth(place).unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::panel::voicing::SEATS;

    fn voice(name: &str, language: &str, gender: Option<Gender>) -> SystemVoice {
        SystemVoice { id: format!("id.{name}.{language}"), name: name.into(), language: language.into(), gender }
    }

    fn seats(count: usize) -> Vec<Voicing> {
        (0..count).map(Voicing::of_seat).collect()
    }

    fn names(parts: &Parts) -> Vec<&str> {
        parts.voices.iter().map(|voice| voice.as_ref().map_or("-", |voice| &voice.name)).collect()
    }

    fn macos() -> Vec<SystemVoice> {
        let (female, male) = (Some(Gender::Female), Some(Gender::Male));
        vec![
            voice("Zarvox", "en-US", male),
            voice("Good News", "en-US", male),
            SystemVoice { id: "com.apple.eloquence.en-US.Eddy".into(), ..voice("Eddy (English (US))", "en-US", male) },
            voice("Samantha", "en-US", female),
            voice("Anna", "de-DE", female),
            voice("Daniel", "en-GB", male),
            voice("Daniel (Enhanced)", "en-GB", male),
            voice("Kate", "en-GB", female),
            voice("Alex", "en-US", male),
            voice("Karen", "en-AU", female),
            voice("Morgan", "en-US", None),
        ]
    }

    #[test]
    fn each_panelist_gets_a_speaker_of_their_gender_and_accent_and_nobody_the_same() {
        let parts = parts(&macos(), &seats(5));
        assert_eq!(names(&parts), ["Samantha", "Daniel", "Kate", "Alex", "Daniel (Enhanced)"]);
        assert!(!parts.alike);
    }

    #[test]
    fn the_choice_is_the_same_in_whatever_order_the_system_lists_its_voices() {
        let mut listed = macos();
        let first = parts(&listed, &seats(SEATS));
        for _ in 0..listed.len() {
            listed.rotate_left(1);
            assert_eq!(parts(&listed, &seats(SEATS)), first);
        }
    }

    #[test]
    fn what_the_panel_names_is_taken_and_what_is_missing_is_replaced() {
        let mut panel = seats(3);
        panel[1].system = Some("samantha".to_owned());
        panel[2].system = Some("Nobody".to_owned());
        assert_eq!(names(&parts(&macos(), &panel)), ["Karen", "Samantha", "Kate"]);
        panel[0].system = Some("id.Anna.de-DE".to_owned());
        panel[2].system = Some("Samantha".to_owned());
        assert_eq!(names(&parts(&macos(), &panel)), ["Anna", "Samantha", "Kate"], "a name is given once");
    }

    #[test]
    fn where_there_are_too_few_the_odd_ones_speak_and_then_some_are_alike() {
        let female = Some(Gender::Female);
        let listed = [voice("Samantha", "en-US", female), voice("Zarvox", "en-US", female)];
        let two = parts(&listed, &seats(2));
        assert_eq!((names(&two), two.alike), (vec!["Samantha", "Zarvox"], false));
        assert!(parts(&listed, &seats(3)).alike);
        let none = parts(&[voice("Anna", "de-DE", female)], &seats(2));
        assert_eq!((names(&none), none.alike), (vec!["-", "-"], true));
        assert!(!parts(&[], &seats(1)).alike);
    }

    #[test]
    fn the_variants_of_speech_dispatcher_are_told_apart_by_their_names() {
        let regions = [("America", "en-US"), ("Great Britain", "en-GB"), ("Scotland", "en-GB-SCOTLAND")];
        let variants =
            ["", "+Alex", "+female1", "+female2", "+female3", "+female_whisper", "+male1", "+male2", "+male3"];
        let listed: Vec<SystemVoice> = regions
            .iter()
            .flat_map(|(region, tag)| variants.map(|variant| voice(&format!("English ({region}){variant}"), tag, None)))
            .collect();
        assert_eq!(
            names(&parts(&listed, &seats(SEATS))),
            [
                "English (America)+female1",
                "English (Great Britain)+male1",
                "English (Great Britain)+female2",
                "English (America)+male2",
                "English (Great Britain)+male3",
                "English (America)+female3",
            ]
        );
    }
}
