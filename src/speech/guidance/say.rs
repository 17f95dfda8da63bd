//! The sentence of a rule, with places for what was measured.
//!
//! `{value}`, `{at}`, `{earlier}` and `{change}` are filled; what stands between `[` and `]` is left out where something
//! in it cannot be.

/// A sentence with places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Slot),
    Optional(Vec<Piece>),
}

/// What is put into a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// What was measured.
    Value,
    /// Where it shows.
    At,
    /// The median of the candidate's own earlier answers.
    Earlier,
    /// How far the value is from that.
    Change,
}

impl Slot {
    const NAMES: [(&str, Slot); 4] =
        [("value", Slot::Value), ("at", Slot::At), ("earlier", Slot::Earlier), ("change", Slot::Change)];
}

impl Say {
    /// Reads a sentence.
    ///
    /// # Errors
    /// What is wrong with it and what was expected.
    pub fn parse(text: &str) -> Result<Say, String> {
        let mut pieces = Vec::new();
        // What stood before an open bracket.
        let mut outer = None;
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}', '[', ']']) {
            if at > 0 {
                pieces.push(Piece::Text(rest[..at].to_owned()));
            }
            let mark = rest.as_bytes()[at];
            rest = &rest[at + 1..];
            match (mark, &mut outer) {
                (b'{', _) => {
                    let (name, after) = rest.split_once('}').ok_or("a `{` has no `}`")?;
                    let slot = Slot::NAMES.iter().find(|(known, _)| *known == name);
                    let slot =
                        slot.ok_or("only `{value}`, `{at}`, `{earlier}` and `{change}` can be filled".to_owned())?;
                    pieces.push(Piece::Slot(slot.1));
                    rest = after;
                }
                (b'[', None) => outer = Some(std::mem::take(&mut pieces)),
                (b']', Some(before)) => {
                    let inner = std::mem::replace(&mut pieces, std::mem::take(before));
                    pieces.push(Piece::Optional(inner));
                    outer = None;
                }
                (b'[', Some(_)) => return Err("a `[` stands within another".to_owned()),
                (b']', None) => return Err("a `]` has no `[`".to_owned()),
                _ => return Err("a `}` has no `{`".to_owned()),
            }
        }
        if outer.is_some() {
            return Err("a `[` has no `]`".to_owned());
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        if pieces.is_empty() {
            return Err("it says nothing".to_owned());
        }
        Ok(Say { pieces })
    }

    /// Whether it speaks of earlier answers.
    pub fn looks_back(&self) -> bool {
        looks_back(&self.pieces)
    }

    /// The sentence; `None` where something cannot be filled that must be.
    pub(super) fn fill(&self, with: impl Fn(Slot) -> Option<String>) -> Option<String> {
        fill(&self.pieces, &with)
    }
}

fn looks_back(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Text(_) | Piece::Slot(Slot::Value | Slot::At) => false,
        Piece::Slot(Slot::Earlier | Slot::Change) => true,
        Piece::Optional(inner) => looks_back(inner),
    })
}

fn fill(pieces: &[Piece], with: &impl Fn(Slot) -> Option<String>) -> Option<String> {
    pieces.iter().try_fold(String::new(), |text, piece| {
        let more = match piece {
            Piece::Text(text) => text.clone(),
            Piece::Slot(slot) => with(*slot)?,
            Piece::Optional(inner) => fill(inner, with).unwrap_or_default(),
        };
        Some(text + &more)
    })
}

/// A time in the recording as a clock shows it: `0:42`, `1:02:03`.
pub(super) fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, at: Option<&str>) -> Option<String> {
        Say::parse(text).expect("it is well written").fill(|slot| match slot {
            Slot::Value => Some("4".to_owned()),
            Slot::At => at.map(str::to_owned),
            Slot::Earlier | Slot::Change => None,
        })
    }

    #[test]
    fn what_cannot_be_filled_is_left_out_where_it_may_be() {
        assert_eq!(filled("{value} s[, at {at}]: go on.", Some("0:42")).unwrap(), "4 s, at 0:42: go on.");
        assert_eq!(filled("{value} s[, at {at}]: go on.", None).unwrap(), "4 s: go on.");
        assert_eq!(filled("{value} s, at {at}.", None), None);
        assert_eq!(filled("{value} against {earlier}.", None), None);
    }

    #[test]
    fn a_sentence_that_is_not_well_written_is_refused() {
        for text in ["", "{", "}", "[", "]", "[[x]]", "{valeu}", "{}", "{value", "a } b", "[{value]}"] {
            assert!(Say::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_sentence_knows_whether_it_looks_back() {
        assert!(Say::parse("x[ {change}]").unwrap().looks_back());
        assert!(Say::parse("{earlier}").unwrap().looks_back());
        assert!(!Say::parse("x {value}[ {at}]").unwrap().looks_back());
    }

    #[test]
    fn times_are_shown_as_a_clock_does() {
        assert_eq!([0.0, 42.9, 60.0, 3_723.0, -1.0].map(clock), ["0:00", "0:42", "1:00", "1:02:03", "0:00"]);
    }
}
