//! A replay in sentences: for a screen reader, a pipe, a log. In a terminal typed lines are commands; elsewhere all is
//! played to its end.

use std::time::Duration;

use anyhow::{Result, bail};

use super::listening::{Listening, Turned};
use super::wish::Wish;
use super::words::in_words;
use crate::app::failure::Interrupted;
use crate::app::{print, signals};
use crate::interview::Text;
use crate::interview::text::LONGEST;
use crate::interview::time::{say_clocks, say_duration};
use crate::tui::keys::Keys;
use crate::tui::plain::{fillers_counted, plural};

/// How long nothing is done, between two looks.
const STEP: Duration = Duration::from_millis(20);

/// A typed line.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// A wish, or several: numbers.
    Wish(Wish),
    /// A mark here, with a note.
    Mark(String),
    /// Where it is.
    Where,
    /// The answers that can be heard.
    List,
    /// The answer with this place in the list.
    Open(usize),
    /// What can be typed.
    Help,
    /// The end.
    Quit,
    /// Nobody will type any more.
    Gone,
}

/// What can be typed.
const HELP: [&str; 10] = [
    "Type a line and Enter. Enter alone pauses and goes on. q quits.",
    "n and p are next and previous. t tells where you are. l lists the answers, and l 2 plays the second.",
    "> and < are one second on and back; . and , are five seconds; ] and [ are the next and the previous pause.",
    "g 1:20 goes to a place.",
    "+ and - change the speed. s leaves silence out.",
    "a begins a loop, b ends it, and a once more leaves it.",
    "m and a note mark this place. M goes to the next mark.",
    "f counts a filler word, F takes it back.",
    "c compares: the first take, the newest, the model answer.",
    "1 to 4 rate the answer: again, hard, good, easy; once rated, numbers tick its points, and r rates it again.",
];

/// What a typed line means.
pub fn typed(line: &str) -> Vec<Typed> {
    let (word, rest) = line.split_once(char::is_whitespace).map_or((line, ""), |(word, rest)| (word, rest.trim()));
    let one = match (word, rest) {
        ("", _) => Typed::Wish(Wish::Pause),
        ("q", "") => Typed::Quit,
        ("?" | "h" | "help", _) => Typed::Help,
        ("t", "") => Typed::Where,
        ("l", "") => Typed::List,
        ("l", place) => match place.parse() {
            Ok(place) => Typed::Open(place),
            Err(_) => Typed::Help,
        },
        ("m", note) => Typed::Mark(note.to_owned()),
        ("r", "") => Typed::Wish(Wish::RateAgain),
        ("g", place) => clock(place).map_or(Typed::Help, |place| Typed::Wish(Wish::To(place))),
        _ => return characters(line),
    };
    vec![one]
}

/// Characters that each mean something: `.` or `1, 4`; or else what can be typed.
fn characters(line: &str) -> Vec<Typed> {
    let mut found = Vec::new();
    let numbers = line.chars().all(|each| each.is_ascii_digit() || each == ',' || each == ' ');
    let meant: Vec<char> =
        line.chars().filter(|each| *each != ' ' && !(numbers && *each == ',' && line != ",")).collect();
    // A word is none of these, whatever its letters mean.
    let letters = meant.iter().filter(|each| each.is_alphabetic()).count();
    if letters > 1 {
        return vec![Typed::Help];
    }
    // Neither are numbers among them: they would rate an answer, or tick a point.
    if !numbers && meant.iter().any(char::is_ascii_digit) {
        return vec![Typed::Help];
    }
    for each in meant {
        match Wish::of_char(each) {
            Some(wish) => found.push(Typed::Wish(wish)),
            None => return vec![Typed::Help],
        }
    }
    found
}

/// A place that is written `1:20` or `80`.
fn clock(text: &str) -> Option<Duration> {
    let parts = text.split(':').map(str::parse::<u32>).collect::<Result<Vec<u32>, _>>().ok()?;
    let seconds = match parts[..] {
        [seconds] => u64::from(seconds),
        [minutes, seconds] => u64::from(minutes) * 60 + u64::from(seconds),
        [hours, minutes, seconds] => u64::from(hours) * 3_600 + u64::from(minutes) * 60 + u64::from(seconds),
        _ => return None,
    };
    Some(Duration::from_secs(seconds))
}

/// Plays all; with `keys`, as the person wishes.
///
/// # Errors
/// Where what is heard cannot be written, the speaker fails, or the program was asked to end.
pub fn run(mut listening: Listening, mut keys: Option<Keys<Typed>>) -> Result<()> {
    let went = play(&mut listening, keys.as_mut());
    // What was not kept is told, whatever else went wrong.
    let mut said: Vec<String> = listening.said().into_iter().map(|said| say_clocks(&said.text)).collect();
    let (last, ended) = listening.finish();
    said.extend(last);
    let told = said.iter().try_for_each(print::line);
    went.and(ended).and(told)
}

fn play(listening: &mut Listening, mut keys: Option<&mut Keys<Typed>>) -> Result<()> {
    if keys.is_some() {
        print::line("Type ? and Enter for what can be typed; Enter alone pauses.")?;
    }
    let mut heading = String::new();
    loop {
        if listening.has_begun() {
            announce(listening, &mut heading)?;
        }
        for said in listening.said() {
            print::line(say_clocks(&said.text))?;
        }
        if signals::asked() {
            bail!(Interrupted);
        }
        let patience = match &mut keys {
            None => STEP,
            Some(keys) => {
                let mut typed = keys.wait(STEP);
                while let Some(line) = typed {
                    if !obey(listening, line)? {
                        return Ok(());
                    }
                    typed = keys.pressed();
                }
                Duration::ZERO
            }
        };
        if listening.is_left() || listening.pass(patience)? == Turned::End {
            return listening.said().into_iter().try_for_each(|said| print::line(say_clocks(&said.text)));
        }
    }
}

/// Says what begins.
fn announce(listening: &Listening, heading: &mut String) -> Result<()> {
    let item = listening.item();
    if item.heading != *heading {
        heading.clone_from(&item.heading);
        print::line("")?;
        print::line(&item.heading)?;
    }
    // The question is read once, an answer is only named.
    let text = if item.answer.is_none() { &item.text } else { &item.what };
    print::line(text)
}

/// Does what was typed; says whether it goes on.
fn obey(listening: &mut Listening, typed: Typed) -> Result<bool> {
    match typed {
        Typed::Wish(wish) => listening.wish(wish)?,
        Typed::Mark(note) if note.chars().count() > LONGEST => {
            print::line(format_args!("A note has {LONGEST} characters at most: make two of it."))?;
        }
        Typed::Mark(note) => match listening.answer() {
            Ok(answer) => {
                let at = listening.position();
                listening.mark(&answer, at, Text::clean(&note));
            }
            Err(why) => print::line(why)?,
        },
        Typed::Where => tell_where(listening)?,
        Typed::List => tell_list(listening)?,
        Typed::Open(place) => {
            let answers = answers(listening);
            match place.checked_sub(1).and_then(|place| answers.get(place)) {
                Some(at) => listening.go(*at)?,
                None => print::line(format_args!("There is {}.", plural(answers.len(), "answer")))?,
            }
        }
        Typed::Help => HELP.iter().try_for_each(print::line)?,
        Typed::Quit => return Ok(false),
        Typed::Gone => bail!(Interrupted),
    }
    Ok(true)
}

/// The places of the answers among what is played.
fn answers(listening: &Listening) -> Vec<usize> {
    let items = listening.items.iter().enumerate();
    items.filter(|(_, item)| item.answer.is_some()).map(|(at, _)| at).collect()
}

fn tell_list(listening: &mut Listening) -> Result<()> {
    for (place, at) in answers(listening).into_iter().enumerate() {
        let item = listening.items[at].clone();
        let Some(answer) = &item.answer else { continue };
        let rated = match listening.reviews.of(answer).debrief.grade() {
            Some(grade) => format!("rated {}", grade.word()),
            None => "not rated yet".to_owned(),
        };
        let here = if at == listening.at { ", on now" } else { "" };
        let long = say_duration(answer.length());
        print::line(format_args!(
            "{}. {}: {}, {long}, {rated}{here}.",
            place + 1,
            item.heading,
            answer.asked().question
        ))?;
    }
    print::line("Other sessions are named when the program is called: see greenroom sessions list.")
}

fn tell_where(listening: &mut Listening) -> Result<()> {
    let (item, at) = (listening.item().clone(), in_words(listening.position()));
    print::line(format_args!("{}. {}: at {at} of {}.", item.heading, item.what, say_duration(listening.length())))?;
    let Ok(answer) = listening.answer() else { return Ok(()) };
    let said = listening.reviews.of(&answer);
    let marks: Vec<String> = said.marks.iter().map(|(at, text)| format!("at {}: {text}", in_words(*at))).collect();
    let taps = said.taps.len();
    if taps > 0 {
        print::line(format_args!("{}.", fillers_counted(taps)))?;
    }
    marks.iter().try_for_each(|mark| print::line(format_args!("Mark {mark}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_line_is_a_command_or_a_few_numbers_and_all_else_asks_for_help() {
        let wish = |wish| vec![Typed::Wish(wish)];
        assert_eq!(typed(""), wish(Wish::Pause));
        assert_eq!(typed("3"), wish(Wish::Number(3)));
        assert_eq!(typed("1, 4"), [Wish::Number(1), Wish::Number(4)].map(Typed::Wish));
        assert_eq!(typed(","), wish(Wish::By(-5.0)));
        assert_eq!(typed("..]"), [Wish::By(5.0), Wish::By(5.0), Wish::Phrase(true)].map(Typed::Wish));
        assert_eq!(typed("m too long a start"), [Typed::Mark("too long a start".to_owned())]);
        assert_eq!(typed("m"), [Typed::Mark(String::new())]);
        assert_eq!(typed("M"), wish(Wish::NextMark));
        assert_eq!(typed("F"), wish(Wish::Untap));
        assert_eq!(typed("g 1:20"), wish(Wish::To(Duration::from_secs(80))));
        assert_eq!(typed("l 2"), [Typed::Open(2)]);
        for nothing in ["hello", "stop", "nn", "g soon", "l x", "1 a b", "+ 2", "s 3", "f2", "2f", "3."] {
            assert_eq!(typed(nothing), [Typed::Help], "{nothing}");
        }
    }
}
