//! What somebody who listens can wish for, and the keys that mean it, pressed or typed.

use std::time::Duration;

/// A wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Stand still, or go on.
    Pause,
    /// So many seconds on, or back.
    By(f64),
    /// To a place.
    To(Duration),
    /// To where speech goes on after the next pause; or after the one before.
    Phrase(bool),
    /// The next recording.
    Next,
    /// The beginning, and there the recording before.
    Previous,
    /// Faster.
    Faster,
    /// Slower.
    Slower,
    /// Silence is left out, or heard again.
    Silence,
    /// A loop begins here; where there is one, it ends.
    LoopFrom,
    /// The loop goes up to here.
    LoopTo,
    /// Leave the loop, or the comparison.
    Leave,
    /// To the next mark.
    NextMark,
    /// Count a filler word.
    Tap,
    /// Take the filler word back that was counted last.
    Untap,
    /// Hear the next of what is compared.
    Compare,
    /// A number: a rating, and after that a point.
    Number(u8),
    /// The rating was a slip.
    RateAgain,
}

/// Seconds of a short step, and of a long one.
const SHORT: f64 = 1.0;
const LONG: f64 = 5.0;

impl Wish {
    /// What a character means.
    pub fn of_char(character: char) -> Option<Wish> {
        Some(match character {
            ' ' => Wish::Pause,
            '<' => Wish::By(-SHORT),
            '>' => Wish::By(SHORT),
            ',' => Wish::By(-LONG),
            '.' => Wish::By(LONG),
            '[' => Wish::Phrase(false),
            ']' => Wish::Phrase(true),
            'n' => Wish::Next,
            'p' => Wish::Previous,
            '+' | '=' => Wish::Faster,
            '-' => Wish::Slower,
            's' => Wish::Silence,
            'a' => Wish::LoopFrom,
            'b' => Wish::LoopTo,
            'M' => Wish::NextMark,
            'f' => Wish::Tap,
            'F' => Wish::Untap,
            'c' => Wish::Compare,
            '1'..='9' => Wish::Number(character as u8 - b'0'),
            _ => return None,
        })
    }

    /// A short step, on or back.
    pub fn short(on: bool) -> Wish {
        Wish::By(if on { SHORT } else { -SHORT })
    }

    /// A long step, on or back.
    pub fn long(on: bool) -> Wish {
        Wish::By(if on { LONG } else { -LONG })
    }
}
