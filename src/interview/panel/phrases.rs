//! What panelists say besides the questions: dealt from shuffled decks, so that a session says no line twice.
//!
//! A line is put together from two halves. The numbers of halves of a deck have no common factor, so that dealing
//! walks through every pair before any comes again, and neighbours share no half.

use std::collections::HashSet;
use std::time::Duration;

use super::{Manner, Panel};
use crate::interview::draw::Lots;
use crate::interview::text::Text;

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Says who is there, how long it takes and what to expect.
    Welcome,
    /// The same of one who is alone.
    WelcomeAlone,
    /// Goes on after an interruption of the whole session.
    WelcomeBack,
    /// The chair gives the word to another.
    Handover,
    /// A panelist who has not spoken yet begins.
    Introduction,
    /// The chair asks first.
    Begin,
    /// A panelist begins who has spoken before, or the chair.
    Again,
    /// Leads from one question to the next.
    Bridge(Manner),
    /// Leads to a follow-up of the one who asked.
    Pursue,
    /// Leads to a follow-up of another.
    JoinIn,
    /// Ends an answer that has reached its limit.
    Interrupt(Manner),
    /// Ends an answer in which nothing was said.
    Relieve,
    /// Says that the time is nearly over.
    NearlyOver,
    /// Thanks, and ends the session.
    Farewell,
    /// The same of one who is alone.
    FarewellAlone,
}

type Halves = &'static [&'static str];

const GREETINGS: Halves = &[
    "Hello, and welcome.",
    "Good to meet you, and welcome.",
    "Thank you for making the time today.",
    "Welcome, it is good to have you here.",
    "Hello, we have been looking forward to this.",
];
const ADVICE: Halves = &[
    "Take a breath before you answer, and speak as you would on the day.",
    "There are no trick questions. Tell us what you did, and why.",
    "Concrete examples help us most.",
    "Short and clear is fine. We will ask where we want to know more.",
];
const GREETINGS_ALONE: Halves = &[
    "Hello, and welcome.",
    "Good to meet you, and welcome.",
    "Thank you for making the time today.",
    "Welcome, it is good to have you here.",
];
const ADVICE_ALONE: Halves = &[
    "Take a moment before you answer, and speak as you would on the day.",
    "There are no trick questions.",
    "Short and clear is fine.",
];
const BACK: Halves =
    &["Welcome back.", "Good, you are back.", "There you are again.", "Good to see you again.", "Hello again."];
const GO_ON: Halves = &[
    "Let us go on where we stopped.",
    "We go on from where we were.",
    "We have kept your place.",
    "Here is where we were.",
];
const HAND: Halves = &[
    "I will hand over to",
    "Next is",
    "Let me bring in",
    "The next questions come from",
    "Over to",
    "Now to",
    "Please meet",
];
const THANKS: Halves =
    &["Thank you.", "Thanks for that.", "Good, thank you.", "All right.", "Well, thank you.", "Very well."];
const PLEASED: Halves = &["Hello.", "Thank you.", "Good to meet you.", "Thanks, and hello.", "Nice to meet you."];
const MY_FIELD: Halves = &[
    "so my questions come from that side.",
    "and I would like to hear how you work.",
    "and I have a few things that I would like to understand.",
    "and I am curious about your experience.",
];
const MYSELF: Halves = &["I will begin.", "Let me start.", "I would like to begin myself."];
const THE_FIRST: Halves = &["Here is the first question.", "My first question is this."];
const ONCE_MORE: Halves = &[
    "Let me ask a few questions myself.",
    "A few questions from my side.",
    "My turn, then.",
    "It is my turn again.",
    "I have some more questions.",
    "Back to me.",
    "Then I go on.",
];
const FIRST: Halves = &["Here is one.", "Let us see.", "Let me start.", "Here we go."];

const WARM_NOD: Halves =
    &["Thank you.", "I see, thank you.", "That is helpful.", "Good.", "Thanks for telling us that."];
const WARM_ON: Halves = &[
    "Here is the next one.",
    "Let us look at something else.",
    "I would like to hear about another matter.",
    "On to the next question.",
    "May I ask you something different?",
    "Let us change the subject.",
];
const NEUTRAL_NOD: Halves = &["All right.", "Okay.", "Understood.", "Noted.", "Fine."];
const NEUTRAL_ON: Halves = &[
    "Next question.",
    "The next one.",
    "Another subject.",
    "Moving on.",
    "Something different.",
    "Let us move along.",
];
const TOUGH_NOD: Halves = &["Right.", "Hm.", "So be it.", "Well.", "That is one way."];
const TOUGH_ON: Halves = &[
    "Let me try another one.",
    "Then tell me this.",
    "Next.",
    "Let us see about this one.",
    "Now to something harder.",
    "Another question.",
];

const PICK_UP: Halves = &["Let me stay with that.", "I want to go deeper here.", "One more on this.", "To follow up."];
const BRIEFLY: Halves = &["Briefly:", "Tell me:", "Just this:", "In a few words:", "Quickly:"];
const MAY_I: Halves = &["If I may come in here.", "Can I add to that?", "I have one on this.", "Let me join in."];
const MY_SIDE: Halves = &["From my side:", "It touches my field.", "I would like to know this."];

const WARM_STOP: Halves = &[
    "Thank you,",
    "This is interesting,",
    "I am sorry,",
    "Thanks so much,",
    "I hate to interrupt,",
    "That is a lot of good detail,",
    "Forgive me,",
];
const WARM_WHY: Halves = &[
    "let me stop you there.",
    "but I have to watch the time.",
    "we will have to leave it there.",
    "I need to move us along.",
    "let us pause at this point.",
    "we need to go on for now.",
    "I should stop us here.",
    "that has to be enough for today.",
];
const NEUTRAL_STOP: Halves =
    &["Okay,", "All right,", "Thank you,", "Let me interrupt,", "Excuse me,", "Sorry,", "Good,"];
const NEUTRAL_WHY: Halves = &[
    "I have to stop you there.",
    "time is up for this one.",
    "that is our time on this.",
    "we need to move on.",
    "let us leave it at that.",
    "we have to keep to the time.",
    "we will stop here.",
    "I will take it from there.",
];
const TOUGH_STOP: Halves = &["Stop.", "Enough.", "Hold on.", "Right.", "I will cut in.", "Time.", "That will do."];
const TOUGH_WHY: Halves = &[
    "I have the picture.",
    "We are out of time on this.",
    "You have used your time.",
    "Let us not go in circles.",
    "We go on.",
    "I do not need more detail.",
    "That was long.",
    "Let us leave it there.",
];

const NEVER_MIND: Halves =
    &["All right.", "Never mind.", "That is fine.", "No harm done.", "It happens to everybody.", "Take a breath."];
const LEAVE_IT: Halves = &[
    "Let us leave this one.",
    "We go on with another.",
    "We can do without this one.",
    "Let us try something else.",
    "This one can wait.",
];

const CLOSE_TO_END: Halves =
    &["We are nearly out of time.", "That brings us to the end.", "We have come to the last part."];
const YOURS: Halves = &["Now it is your turn.", "The last minutes are yours."];
const GOODBYE: Halves = &[
    "Thank you for your time and for your answers.",
    "Thank you, that was a good conversation.",
    "Thanks for coming and for being open with us.",
];
const LAST: Halves = &["We will be in touch. Goodbye.", "That is all from us. Goodbye."];

const GOODBYE_ALONE: Halves = &[
    "Thank you for your time and for your answers.",
    "Thank you, that was a good conversation.",
    "Thanks for making the time.",
];
const LAST_ALONE: Halves = &["That is all. Goodbye.", "You will hear from me. Goodbye."];

/// The questions that ask for the candidate's own; the turn that is recorded last.
pub const INVITATIONS: [&str; 4] = [
    "What would you like to ask us?",
    "Which questions do you have for us?",
    "What do you want to know from us?",
    "What have we not told you that you would like to know?",
];

impl Purpose {
    fn halves(self) -> (Halves, Halves) {
        match self {
            Purpose::Welcome => (GREETINGS, ADVICE),
            Purpose::WelcomeAlone => (GREETINGS_ALONE, ADVICE_ALONE),
            Purpose::WelcomeBack => (BACK, GO_ON),
            Purpose::Handover => (THANKS, HAND),
            Purpose::Introduction => (PLEASED, MY_FIELD),
            Purpose::Begin => (MYSELF, THE_FIRST),
            Purpose::Again => (ONCE_MORE, FIRST),
            Purpose::Bridge(Manner::Warm) => (WARM_NOD, WARM_ON),
            Purpose::Bridge(Manner::Neutral) => (NEUTRAL_NOD, NEUTRAL_ON),
            Purpose::Bridge(Manner::Tough) => (TOUGH_NOD, TOUGH_ON),
            Purpose::Pursue => (PICK_UP, BRIEFLY),
            Purpose::JoinIn => (MAY_I, MY_SIDE),
            Purpose::Interrupt(Manner::Warm) => (WARM_STOP, WARM_WHY),
            Purpose::Interrupt(Manner::Neutral) => (NEUTRAL_STOP, NEUTRAL_WHY),
            Purpose::Interrupt(Manner::Tough) => (TOUGH_STOP, TOUGH_WHY),
            Purpose::Relieve => (NEVER_MIND, LEAVE_IT),
            Purpose::NearlyOver => (CLOSE_TO_END, YOURS),
            Purpose::Farewell => (GOODBYE, LAST),
            Purpose::FarewellAlone => (GOODBYE_ALONE, LAST_ALONE),
        }
    }
}

/// One purpose's lines, shuffled.
#[derive(Debug, Clone)]
struct Deck {
    purpose: Purpose,
    first: Vec<&'static str>,
    second: Vec<&'static str>,
    dealt: usize,
}

impl Deck {
    fn next(&mut self) -> Option<(&'static str, &'static str)> {
        let at = self.dealt;
        if at == self.first.len() * self.second.len() {
            return None;
        }
        self.dealt += 1;
        Some((self.first[at % self.first.len()], self.second[at % self.second.len()]))
    }
}

/// The decks of a session.
#[derive(Debug, Clone)]
pub struct Decks {
    decks: Vec<Deck>,
    said: HashSet<String>,
}

impl Decks {
    /// Shuffles every deck; lines that were said before are not dealt.
    pub fn shuffled(mut lots: Lots, said: impl IntoIterator<Item = String>) -> Decks {
        let mut deck = |purpose: Purpose| {
            let (first, second) = purpose.halves();
            let (mut first, mut second) = (first.to_vec(), second.to_vec());
            lots.shuffle(&mut first);
            lots.shuffle(&mut second);
            Deck { purpose, first, second, dealt: 0 }
        };
        Decks { decks: EVERY.iter().map(|purpose| deck(*purpose)).collect(), said: said.into_iter().collect() }
    }

    /// A line that this session has not heard; `put` makes it of its halves. `None` where there is none left.
    pub fn deal(&mut self, purpose: Purpose, put: impl Fn(&str, &str) -> String) -> Option<Text> {
        let deck = self.decks.iter_mut().find(|deck| deck.purpose == purpose)?;
        loop {
            let (first, second) = deck.next()?;
            let text = Text::clean(&put(first, second));
            if self.said.insert(text.to_string()) {
                return Some(text);
            }
        }
    }
}

const EVERY: [Purpose; 19] = [
    Purpose::Welcome,
    Purpose::WelcomeAlone,
    Purpose::WelcomeBack,
    Purpose::Handover,
    Purpose::Introduction,
    Purpose::Begin,
    Purpose::Again,
    Purpose::Bridge(Manner::Warm),
    Purpose::Bridge(Manner::Neutral),
    Purpose::Bridge(Manner::Tough),
    Purpose::Pursue,
    Purpose::JoinIn,
    Purpose::Interrupt(Manner::Warm),
    Purpose::Interrupt(Manner::Neutral),
    Purpose::Interrupt(Manner::Tough),
    Purpose::Relieve,
    Purpose::NearlyOver,
    Purpose::Farewell,
    Purpose::FarewellAlone,
];

/// The opening of the chair: who is here, how long, what to expect.
pub fn welcome(panel: &Panel, greeting: &str, advice: &str) -> String {
    let chair = &panel.panelists[panel.chair].role;
    let others: Vec<String> = panel
        .panelists
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != panel.chair)
        .map(|(_, one)| format!("our {}", one.role))
        .collect();
    let here = match others.split_last() {
        None => format!("I am the {chair}."),
        Some((only, [])) => format!("I am the {chair}, and with me is {only}."),
        Some((last, rest)) => format!("I am the {chair}. With me are {} and {last}.", rest.join(", ")),
    };
    let end = if panel.closing.own_questions { " At the end there is time for your own questions." } else { "" };
    format!("{greeting} {here} We have {}. {advice}{end}", minutes(panel.length))
}

/// A length as it is spoken.
fn minutes(length: Duration) -> String {
    match (length.as_secs() + 30) / 60 {
        0 | 1 => "a minute".to_owned(),
        count => format!("{count} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::draw::Seed;
    use crate::interview::panel::estimate;

    fn plain(first: &str, second: &str) -> String {
        format!("{first} {second}")
    }

    #[test]
    fn no_line_comes_twice_from_all_decks_together_and_neighbours_share_no_half() {
        for seed in 0..50 {
            let mut decks = Decks::shuffled(Lots::new(Seed(seed)), []);
            let mut heard = HashSet::new();
            for purpose in EVERY {
                let (first, second) = purpose.halves();
                let mut before = (String::new(), String::new());
                for _ in 0..first.len() * second.len() {
                    let mut halves = (String::new(), String::new());
                    let cell = std::cell::RefCell::new(&mut halves);
                    let text = decks.deal(purpose, |first, second| {
                        **cell.borrow_mut() = (first.to_owned(), second.to_owned());
                        plain(first, second)
                    });
                    let text = text.unwrap_or_else(|| panic!("{purpose:?} repeats itself"));
                    assert!(heard.insert(text.to_string()), "{text}");
                    assert!(halves.0 != before.0 && halves.1 != before.1, "{text}");
                    before = halves;
                }
                assert_eq!(decks.deal(purpose, plain), None);
            }
        }
    }

    #[test]
    fn what_was_said_before_is_not_dealt() {
        let mut first = Decks::shuffled(Lots::new(Seed(5)), []);
        let said = first.deal(Purpose::Interrupt(Manner::Tough), plain).map(|text| text.to_string());
        let mut second = Decks::shuffled(Lots::new(Seed(5)), said.clone());
        assert_ne!(second.deal(Purpose::Interrupt(Manner::Tough), plain).map(|text| text.to_string()), said);
    }

    #[test]
    fn a_handover_is_no_longer_than_the_clock_reckons_with() {
        let longest = |halves: Halves| halves.iter().map(|half| Text::clean(half).words()).max().unwrap_or(0);
        // "our", and "I am the".
        let words = longest(THANKS) + longest(HAND) + 1 + longest(PLEASED) + 3 + longest(MY_FIELD);
        assert!(words as u64 <= estimate::HANDOVER_WORDS, "{words}");
        assert!(longest(ONCE_MORE) + longest(FIRST) < words);
        for manner in [Manner::Warm, Manner::Neutral, Manner::Tough] {
            let (stop, why) = Purpose::Interrupt(manner).halves();
            let most = estimate::interruption_words(manner);
            for halves in [(stop, why), (NEVER_MIND, LEAVE_IT)] {
                assert!((longest(halves.0) + longest(halves.1)) as u64 <= most, "{manner:?}");
            }
        }
        assert!((longest(MAY_I) + longest(MY_SIDE) + 3) as u64 <= estimate::JOINING_WORDS);
    }

    #[test]
    fn an_interruption_and_a_bridge_are_no_longer_than_the_clock_reckons_with() {
        for purpose in EVERY {
            let most = match purpose {
                Purpose::Bridge(_) | Purpose::Pursue => estimate::BRIDGE,
                Purpose::Farewell | Purpose::FarewellAlone => estimate::FAREWELL,
                Purpose::NearlyOver => estimate::INVITATION,
                _ => continue,
            };
            let (first, second) = purpose.halves();
            for (one, other) in first.iter().flat_map(|one| second.iter().map(move |other| (one, other))) {
                let text = Text::clean(&plain(one, other));
                assert!(estimate::spoken(&text) <= most, "{text}: {:?}", estimate::spoken(&text));
            }
        }
    }
}
