//! What an answer's measurements come to: the facts that the guidance looks at, and its remarks.

use super::measures::place;
use crate::interview::TakeEnd;
use crate::speech::guidance::{Fact, Facts, Guidance, Kind, Remark, densest};
use crate::store::analysis::Analysis;
use crate::store::guidance_file;

/// In so many seconds likely fillers are dense.
const DENSE_S: f64 = 20.0;

/// The guidance that is built in.
pub fn guidance() -> Guidance {
    // It is part of the program, and a test holds that it is in order.
    guidance_file::built_in().unwrap_or_default()
}

/// What is known of an answer; where it was `cued`, the recording begins with the cue to speak.
pub fn facts(of: &Analysis, cued: bool) -> Facts {
    let fillers: Vec<f64> = of.filled_pauses.iter().flatten().map(|[start, _]| *start).collect();
    let pace = of.pace.as_ref();
    let spoken = of.last_word_end_s.zip(of.first_word_s).map(|(end, first)| end - first);
    Facts {
        spoken_s: Fact::of(spoken),
        first_word_s: Fact::at(of.first_word_s.filter(|_| cued), of.first_word_s),
        words_a_minute: Fact::of(of.words_a_minute_estimate),
        articulation_rate: Fact::of(of.articulation_rate),
        fastest: pace.and_then(|pace| Fact::at(pace.fastest.rate, pace.fastest.start)),
        slowest: pace.and_then(|pace| Fact::at(pace.slowest.rate, pace.slowest.start)),
        fillers_a_minute: Fact::at(of.filled_pauses_a_minute, densest(&fillers, DENSE_S)),
        pauses_a_minute: Fact::of(of.pauses_a_minute),
        pause_share: Fact::of(of.pauses_share),
        longest_pause_s: of.longest_pause.and_then(|[start, end]| Fact::at(end - start, start)),
        pitch_sd_st: Fact::of(of.pitch_sd_st),
        ending_lu: Fact::of(of.phrase_end_lu),
        lufs: Fact::of(of.lufs),
        snr_db: Fact::of(of.snr_db),
        peak_dbfs: Fact::of(of.peak_dbfs.or((of.all_zero && of.frames > 0).then_some(-120.0))),
        clipped_samples: Fact::at(of.clipped_samples as f64, of.first_clipped_s),
    }
}

/// A remark with its time: its own place where it has one, and else what of the recording it speaks of.
pub fn sentence(remark: &Remark, of: &Analysis) -> String {
    let text = &remark.text;
    let time = match (remark.at, of.first_word_s.zip(of.last_word_end_s)) {
        (Some(at), _) if text.contains(&place(at)) => return text.clone(),
        (Some(at), _) => place(at),
        (None, Some((first, last))) => format!("{} to {}", place(first), place(last)),
        (None, None) => format!("0:00 to {}", place(of.duration_s)),
    };
    format!("{text} ({time})")
}

/// The same with a mark before it: `+` for what to keep, `-` for what to change.
pub fn marked(remark: &Remark, of: &Analysis) -> String {
    let mark = if remark.kind == Kind::Keep { '+' } else { '-' };
    format!("{mark} {}", sentence(remark, of))
}

/// Speaks after each answer of a session.
#[derive(Debug, Default)]
pub struct Coach {
    guidance: Guidance,
    /// The candidate's own earlier answers, the oldest first.
    earlier: Vec<Facts>,
}

impl Coach {
    /// Knows the candidate's earlier answers, the oldest first.
    pub fn new(earlier: Vec<Facts>) -> Coach {
        Coach { guidance: guidance(), earlier }
    }

    /// Says nothing: in an interview, nobody is told between the questions how it goes.
    pub fn silent() -> Coach {
        Coach::default()
    }

    /// What is worth saying of an answer that ended so. An answer that was broken off is not judged.
    pub fn hear(&mut self, analysis: &Analysis, end: TakeEnd) -> Vec<Remark> {
        if !matches!(end, TakeEnd::Done | TakeEnd::TimeUp | TakeEnd::Silence) {
            return Vec::new();
        }
        let facts = facts(analysis, true);
        let remarks = self.guidance.remarks(&facts, &self.earlier);
        self.earlier.push(facts);
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::Delivery;

    fn analysis() -> Analysis {
        Analysis::of("x.wav", &Delivery::new(48_000, 1).finish())
    }

    #[test]
    fn the_built_in_guidance_is_there() {
        assert!(!guidance().rules.is_empty());
    }

    #[test]
    fn nothing_is_said_of_nothing_and_nothing_between_the_questions_of_a_panel() {
        assert_eq!(Coach::new(Vec::new()).hear(&analysis(), TakeEnd::Done), []);
        let slow = Analysis {
            first_word_s: Some(4.0),
            last_word_end_s: Some(60.0),
            words_a_minute_estimate: Some(90.0),
            ..analysis()
        };
        assert!(!Coach::new(Vec::new()).hear(&slow, TakeEnd::TimeUp).is_empty());
        assert_eq!(Coach::new(Vec::new()).hear(&slow, TakeEnd::Retake), []);
        assert_eq!(Coach::silent().hear(&slow, TakeEnd::Done), []);
    }

    #[test]
    fn the_wait_before_the_first_word_counts_only_from_a_cue() {
        let late = Analysis { first_word_s: Some(4.0), ..analysis() };
        assert_eq!(facts(&late, true).first_word_s.map(|fact| fact.value), Some(4.0));
        assert_eq!(facts(&late, false).first_word_s, None);
    }
}
