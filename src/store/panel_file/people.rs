//! Who is on a panel, and how they sound.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::super::entry::{At, Entry, Ids};
use super::super::flaw::quote;
use super::super::nearest::hint;
use super::super::sheet::Sheet;
use crate::interview::panel::voicing::{self, APART, SEATS, Voicing};
use crate::interview::panel::{Accent, Gender, Manner, Panel, Panelist, espeak};
use crate::interview::{Bank, Text};

/// A role is spoken in the middle of a sentence.
const LONGEST_ROLE: usize = 80;
/// The longest name of a voice of the system, in characters.
const LONGEST_NAME: usize = 200;
const PITCHES: RangeInclusive<u32> = *voicing::PITCHES.start() as u32..=*voicing::PITCHES.end() as u32;
const SPEEDS: RangeInclusive<u32> = *voicing::SPEEDS.start() as u32..=*voicing::SPEEDS.end() as u32;

/// The panelists, and what is known of them besides.
pub(super) struct People<'a> {
    pub(super) panelists: Vec<Panelist>,
    /// The ids as they stand in the file, in the order of the panelists.
    pub(super) ids: Vec<&'a str>,
    /// The byte where each of them begins.
    pub(super) places: Vec<usize>,
    pub(super) chair: usize,
}

/// What a panelist says of the voice.
#[derive(Default)]
struct Voice {
    at: usize,
    gender: Option<Gender>,
    accent: Option<Accent>,
    pitch: Option<At<u16>>,
    speed: Option<u16>,
    espeak: Option<At<String>>,
    system: Option<At<String>>,
}

/// Reads the panelists; their focus is checked where there is a bank.
pub(super) fn read<'a>(sheet: &mut Sheet, root: &Entry<'a, '_>, bank: Option<&Bank>) -> People<'a> {
    let mut people = People { panelists: Vec::new(), ids: Vec::new(), places: Vec::new(), chair: 0 };
    let entries = root.entries(sheet, "panelist", "panelist");
    if entries.is_empty() && !root.has("panelist") {
        sheet.lack(root.at, "nobody is on the panel: it needs at least one [[panelist]]");
    }
    let tags = bank.map(Bank::tags);
    let mut known = Ids::default();
    let (mut chairs, mut voices, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    for (place, entry) in entries.iter().enumerate() {
        if place == SEATS {
            let message = format!("too many panelists: {}, at most {SEATS}, so that voices differ", entries.len());
            sheet.flaw(entry.at, message);
            break;
        }
        entry.only(sheet, &["id", "role", "chair", "manner", "focus", "voice"]);
        let id = entry.id(sheet);
        if let Some(id) = id {
            known.add(sheet, "panelist", id);
        }
        let role = role(sheet, entry, &mut roles);
        chairs.extend(entry.flag(sheet, "chair").filter(|chair| chair.value).map(|chair| (place, chair.at)));
        let manners = [("warm", Manner::Warm), ("neutral", Manner::Neutral), ("tough", Manner::Tough)];
        let manner = entry.word(sheet, "manner", &manners).unwrap_or(Manner::Neutral);
        let focus = focus(sheet, entry, tags.as_deref());
        voices.push(voice(sheet, entry));
        people.ids.push(id.map(|id| id.value).unwrap_or_default());
        people.places.push(entry.at);
        people.panelists.push(Panelist {
            id: id.map(|id| id.value.to_owned()).unwrap_or_default(),
            role,
            manner,
            focus,
            voicing: Voicing::of_seat(place),
        });
    }
    people.chair = chair(sheet, &people, &chairs);
    sound(sheet, &mut people, &voices);
    people
}

/// What a panelist is, as others say it; `roles` are those so far.
fn role(sheet: &mut Sheet, entry: &Entry, roles: &mut Vec<String>) -> Text {
    let Some(At { at, value: role }) = entry.needed_text(sheet, "role") else { return Text::default() };
    let lower = role.as_str().to_lowercase();
    let length = role.as_str().chars().count();
    if length > LONGEST_ROLE {
        sheet.flaw(at, format!("`role` in {} is too long: {length} characters, at most {LONGEST_ROLE}", entry.what));
    } else if let Some(word) = ["our", "the", "a", "an", "my"].iter().find(|word| lower.split(' ').next() == Some(word))
    {
        let message = format!("`role` in {} is spoken after \"our\" and \"the\": leave out `{word}`", entry.what);
        sheet.flaw(at, message);
    } else if !lower.is_empty() && roles.contains(&lower) {
        let message =
            format!("two panelists are {}: the chair hands over by role, so give another", quote(role.as_str()));
        sheet.flaw(at, message);
    }
    roles.push(lower);
    role
}

fn focus(sheet: &mut Sheet, entry: &Entry, tags: Option<&[&str]>) -> Vec<String> {
    let mut focus = Vec::new();
    let mut seen = HashSet::new();
    for tag in entry.strings(sheet, "focus") {
        if sheet.has_enough() {
            break;
        }
        if tags.is_some_and(|tags| tags.binary_search(&tag.value).is_err()) {
            let hint = hint(tag.value, tags.unwrap_or_default());
            sheet.flaw(tag.at, format!("unknown tag {} in the focus of {}: {hint}", quote(tag.value), entry.what));
        } else if seen.insert(tag.value) {
            focus.push(tag.value.to_owned());
        }
    }
    focus
}

/// Who is the chair: one that is alone, or the one who says so.
fn chair(sheet: &mut Sheet, people: &People, chairs: &[(usize, usize)]) -> usize {
    match chairs {
        [] if people.panelists.len() > 1 => {
            sheet.lack(people.places[0], "nobody is the chair: give one panelist `chair = true`");
            0
        }
        [] => 0,
        [(chair, _), others @ ..] => {
            for (_, at) in others {
                let first = quote(people.ids[*chair]);
                sheet.flaw(*at, format!("the chair is {first} already: only one panelist has `chair = true`"));
            }
            *chair
        }
    }
}

fn voice(sheet: &mut Sheet, panelist: &Entry) -> Voice {
    let what = format!("the voice of {}", panelist.what);
    let Some(entry) = panelist.table(sheet, "voice", &what) else {
        return Voice { at: panelist.at, ..Voice::default() };
    };
    entry.only(sheet, &["gender", "accent", "pitch", "speed", "espeak", "system"]);
    let percent = |number: At<u32>| At { at: number.at, value: number.value as u16 };
    let espeak = entry.string(sheet, "espeak").and_then(|given| match espeak::check(given.value) {
        Ok(()) => Some(At { at: given.at, value: given.value.to_owned() }),
        Err(wrong) => {
            let remedy = match &wrong {
                espeak::Wrong::Spelling => "write it as `en-us+f3`: a language, `+` and a variant".to_owned(),
                espeak::Wrong::Ignored { instead } => {
                    format!("espeak-ng passes variants of `en-gb` over: write {}", quote(instead))
                }
                espeak::Wrong::Language(name) => {
                    format!("no English of it is {}: {}", quote(name), hint(name, &espeak::LANGUAGES))
                }
                espeak::Wrong::Variant(name) => format!(
                    "it has no variant {} that sounds like somebody else: {}",
                    quote(name),
                    hint(name, &espeak::VARIANTS)
                ),
            };
            sheet.flaw(given.at, format!("{} is no voice of espeak-ng: {remedy}", quote(given.value)));
            None
        }
    });
    Voice {
        at: entry.at,
        gender: entry.word(sheet, "gender", &[("female", Gender::Female), ("male", Gender::Male)]),
        accent: entry.word(sheet, "accent", &[("american", Accent::American), ("british", Accent::British)]),
        pitch: entry.number(sheet, "pitch", PITCHES).map(percent),
        speed: entry.number(sheet, "speed", SPEEDS).map(|speed| percent(speed).value),
        espeak,
        system: entry.text(sheet, "system").map(|name| At { at: name.at, value: name.value.to_string() }),
    }
}

/// Gives each panelist a voice, and notes those that would be taken for another.
fn sound(sheet: &mut Sheet, people: &mut People, voices: &[Voice]) {
    let genders: Vec<Option<Gender>> = voices.iter().map(|voice| voice.gender).collect();
    let seats = Voicing::seats(&genders);
    for ((panelist, voice), seat) in people.panelists.iter_mut().zip(voices).zip(seats) {
        panelist.voicing = Voicing {
            accent: voice.accent.unwrap_or(seat.accent),
            pitch: voice.pitch.map_or(seat.pitch, |pitch| pitch.value),
            speed: voice.speed.unwrap_or(seat.speed),
            espeak: voice.espeak.as_ref().map_or(seat.espeak.clone(), |espeak| espeak.value.clone()),
            system: voice.system.as_ref().map(|system| system.value.clone()),
            ..seat
        };
        if let Some(At { at, value: name }) = &voice.system
            && name.chars().count() > LONGEST_NAME
        {
            sheet.flaw(*at, format!("{} is no name of a voice: at most {LONGEST_NAME} characters", quote(name)));
        }
    }
    for (place, voice) in voices.iter().enumerate() {
        let own = &people.panelists[place].voicing;
        let (id, earlier) = (quote(people.ids[place]), &people.panelists[..place]);
        if let Some(other) = earlier.iter().find(|other| other.voicing.apart(own) < APART) {
            let all: Vec<&Voicing> = people.panelists.iter().map(|each| &each.voicing).collect();
            let others: Vec<&Voicing> =
                all.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, it)| *it).collect();
            let remedy = match own.other_pitch(&others) {
                Some(pitch) => format!("`pitch = {pitch}` would do"),
                None => "give each of the panelists a pitch of their own, from 50 to 200".to_owned(),
            };
            let message = format!(
                "{id} and {} would sound alike: the built-in voice speaks at {:.0} and {:.0} Hz, less than {APART} \
                 semitones apart; {remedy}",
                quote(&other.id),
                own.fundamental(),
                other.voicing.fundamental(),
            );
            sheet.flaw(voice.pitch.map_or(voice.at, |pitch| pitch.at), message);
        }
        if let Some(other) = earlier.iter().find(|other| other.voicing.espeak == own.espeak) {
            let at = voice.espeak.as_ref().map_or(voice.at, |espeak| espeak.at);
            let taken = |name: &String| people.panelists.iter().any(|each| each.voicing.espeak == *name);
            let free = (0..SEATS).map(|seat| Voicing::of_seat(seat).espeak).find(|name| !taken(name));
            let remedy = free.map(|free| format!(", such as `{free}`")).unwrap_or_default();
            let other = quote(&other.id);
            sheet.flaw(at, format!("{id} and {other} would sound alike with espeak-ng: choose another voice{remedy}"));
        }
        let same = |other: &&Panelist| match (&other.voicing.system, &own.system) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        };
        if let (Some(other), Some(system)) = (earlier.iter().find(same), &voice.system) {
            let (name, other) = (quote(&system.value), quote(&other.id));
            sheet.flaw(
                system.at,
                format!("{id} and {other} have one voice of the system, {name}: choose another for one"),
            );
        }
    }
}

/// Notes every panelist who never speaks: one without a part of the session, who is not the chair. One who has the id
/// of another is told of already.
pub(super) fn all_speak(sheet: &mut Sheet, places: &[usize], panel: &Panel) {
    for (place, (panelist, at)) in panel.panelists.iter().zip(places).enumerate() {
        let twin = panel.panelists[..place].iter().any(|earlier| earlier.id == panelist.id);
        if place != panel.chair && !twin && !panel.blocks.iter().any(|block| block.panelist == place) {
            let id = quote(&panelist.id);
            let message = format!("{id} never speaks: give {id} a [[block]], or leave this panelist out");
            sheet.lack(*at, message);
        }
    }
}
