use super::*;
use crate::speech::guidance::{Fact, Facts};

const RULE: &str = "schema = 1\n[[rule]]\nid = \"late\"\nkind = \"change\"\nmeasure = \"first_word_s\"\nabove = 2\n\
    say = \"After {value} s.\"\nmethod = \"m\"\nsource = \"s\"\n";

fn guidance() -> Guidance {
    built_in().unwrap_or_else(|flaws| panic!("{flaws}"))
}

fn flaws(text: &str) -> String {
    parse_guidance("g.toml", text).expect_err(text).to_string()
}

fn ids(facts: &Facts, earlier: &[Facts]) -> Vec<String> {
    guidance().remarks(facts, earlier).into_iter().map(|remark| remark.id).collect()
}

/// Half a minute of which nothing is known but that it was spoken.
fn spoken() -> Facts {
    Facts {
        spoken_s: Fact::of(30.0),
        snr_db: Fact::of(30.0),
        pause_share: Fact::of(0.1),
        peak_dbfs: Fact::of(-6.0),
        ..Facts::default()
    }
}

#[test]
fn what_is_built_in_is_well_written_and_every_rule_has_a_source() {
    let rules = guidance().rules;
    assert!(rules.len() >= 10);
    for rule in &rules {
        let sourced = ["own judgement", "doi ", "20", "19"].iter().any(|mark| rule.source.contains(mark));
        assert!(sourced && rule.source.len() > 20, "{}: {}", rule.id, rule.source);
        assert!(rule.method.len() > 10, "{}: {}", rule.id, rule.method);
    }
}

#[test]
fn nothing_that_is_said_judges_a_person() {
    let text = BUILT_IN.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n").to_lowercase();
    for word in ["monoton", "nervous", "confiden", "personalit", "anxious", "boring", "weak", "score"] {
        assert!(!text.contains(word), "{word}");
    }
    let said = BUILT_IN.lines().filter(|line| line.starts_with("say = ")).map(str::to_lowercase);
    let fillers: Vec<String> = said.filter(|line| line.contains("filler")).collect();
    assert!(fillers.len() >= 3 && fillers.iter().all(|line| line.contains("likely filler")), "{fillers:?}");
}

#[test]
fn pitch_and_the_ends_of_phrases_are_compared_with_ones_own_alone() {
    let mut seen = 0;
    for rule in guidance().rules {
        if matches!(rule.when.measure, Measure::PitchSd | Measure::Ending) {
            assert_eq!(rule.against, Against::Own, "{}", rule.id);
            seen += 1;
        }
        assert!(rule.and.iter().all(|and| !matches!(and.measure, Measure::PitchSd | Measure::Ending)), "{}", rule.id);
    }
    assert_eq!(seen, 3);
}

#[test]
fn a_bad_microphone_comes_before_anything_about_the_person() {
    let facts = Facts {
        clipped_samples: Fact::at(500.0, 12.0),
        snr_db: Fact::of(9.0),
        fillers_a_minute: Fact::of(20.0),
        longest_pause_s: Fact::at(9.0, 3.0),
        ..spoken()
    };
    assert_eq!(ids(&facts, &[]), ["clipped", "noisy"]);
    assert_eq!(ids(&Facts { snr_db: Fact::of(30.0), ..facts }, &[]), ["clipped", "many-fillers"]);
}

#[test]
fn fillers_are_passed_over_up_to_five_a_minute_and_come_first_from_twelve() {
    let said = |fillers: f64| {
        ids(&Facts { fillers_a_minute: Fact::of(fillers), longest_pause_s: Fact::of(4.0), ..spoken() }, &[])
    };
    assert_eq!(said(5.0), ["few-fillers", "stall"]);
    assert_eq!(said(5.1), ["stall", "some-fillers"]);
    assert_eq!(said(11.9), ["stall", "some-fillers"]);
    assert_eq!(said(12.0), ["many-fillers", "stall"]);
}

#[test]
fn the_speaking_rate_has_a_margin_for_the_error_of_the_estimate() {
    let spoken = || Facts { articulation_rate: Fact::of(3.0), ..spoken() };
    let said = |words: f64| ids(&Facts { words_a_minute: Fact::of(words), ..spoken() }, &[]);
    for (words, id) in [(115.0, "slow"), (130.0, "pace"), (170.0, "pace"), (190.0, "fast")] {
        assert_eq!(said(words), [id], "{words}");
    }
    for words in [116.0, 129.0, 171.0, 189.0] {
        assert_eq!(said(words), [""; 0], "{words}");
    }
    // What to do about it is another thing where the time went into pauses.
    let paused = |longest: f64| Facts {
        words_a_minute: Fact::of(90.0),
        articulation_rate: Fact::of(4.2),
        longest_pause_s: Fact::of(longest),
        ..spoken()
    };
    assert_eq!(ids(&paused(2.0), &[]), ["slow-pauses"]);
    assert_eq!(ids(&paused(4.0), &[]), ["stall"], "once is enough");
    let facts = Facts { words_a_minute: Fact::of(203.0), fastest: Fact::at(6.0, 42.0), ..spoken() };
    let text = guidance().remarks(&facts, &[])[0].text.clone();
    assert!(text.starts_with("You spoke at about 205 words a minute, fastest from 0:42: "), "{text}");
}

#[test]
fn a_microphone_that_gives_nothing_is_told_first_and_no_speech_is_not_called_quiet() {
    let muted = Facts { peak_dbfs: Fact::of(-120.0), ..Facts::default() };
    assert_eq!(ids(&muted, &[]), ["silent"]);
    let far = Facts { peak_dbfs: Fact::of(-30.0), lufs: Fact::of(-45.0), ..spoken() };
    assert_eq!(ids(&far, &[]), ["quiet"]);
    let noise = Facts { peak_dbfs: Fact::of(-3.0), lufs: Fact::of(-45.0), ..Facts::default() };
    assert_eq!(ids(&noise, &[]), [""; 0]);
}

#[test]
fn pauses_are_a_virtue_where_none_is_very_long() {
    let facts = |longest, share| Facts {
        pauses_a_minute: Fact::of(12.0),
        longest_pause_s: Fact::at(longest, 42.0),
        pause_share: Fact::of(share),
        ..spoken()
    };
    assert_eq!(ids(&facts(1.2, 0.2), &[]), ["pauses"]);
    assert_eq!(ids(&facts(2.5, 0.2), &[]), [""; 0]);
    assert_eq!(ids(&facts(1.2, 0.5), &[]), [""; 0]);
    assert_eq!(ids(&facts(3.0, 0.2), &[]), ["stall"]);
    // One short silence is no habit.
    assert_eq!(ids(&facts(0.3, 0.06), &[]), [""; 0]);
    assert_eq!(ids(&facts(0.8, 0.02), &[]), [""; 0]);
    let text = guidance().remarks(&facts(4.2, 0.2), &[])[0].text.clone();
    assert!(text.starts_with("You stopped for 4.2 s, at 0:42: "), "{text}");
}

#[test]
fn a_late_first_word_is_told_and_a_prompt_one_kept() {
    let said = |first: f64| ids(&Facts { first_word_s: Fact::at(first, first), ..spoken() }, &[]);
    assert_eq!(said(1.99), ["prompt"]);
    assert_eq!(said(2.0), [""; 0]);
    assert_eq!(said(2.01), ["late"]);
    // A word or two may be late, and are not praised.
    let word = |first: f64| Facts { first_word_s: Fact::of(first), spoken_s: Fact::of(0.4), ..Facts::default() };
    assert_eq!(ids(&word(0.5), &[]), [""; 0]);
    assert_eq!(ids(&word(3.5), &[]), ["late"]);
}

#[test]
fn fewer_likely_fillers_than_before_are_praised_and_not_complained_of() {
    let with = |fillers: f64| Facts { fillers_a_minute: Fact::of(fillers), ..spoken() };
    let earlier = [14.0, 12.0, 13.0].map(with);
    assert_eq!(ids(&with(8.0), &earlier), ["fewer-fillers"]);
    assert_eq!(ids(&with(8.0), &earlier[..2]), ["some-fillers"]);
    assert_eq!(ids(&with(12.0), &[20.0, 21.0, 22.0].map(with)), ["many-fillers"], "fewer, and yet too many");
}

/// A few bits at a time, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn fact(&mut self) -> Option<Fact> {
        let strange = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e300, -1e300, f64::MIN_POSITIVE];
        let value = match self.below(4) {
            0 => return None,
            1 => strange[self.below(8) as usize],
            _ => self.below(4_000) as f64 / 10.0 - 100.0,
        };
        let at = match self.below(3) {
            0 => None,
            1 => Some(strange[self.below(8) as usize]),
            _ => Some(self.below(7_200) as f64),
        };
        // As a careless caller would, past the checks of `Fact::at`.
        Some(Fact { value, at })
    }

    fn facts(&mut self) -> Facts {
        Facts {
            spoken_s: self.fact(),
            first_word_s: self.fact(),
            words_a_minute: self.fact(),
            articulation_rate: self.fact(),
            fastest: self.fact(),
            slowest: self.fact(),
            fillers_a_minute: self.fact(),
            pauses_a_minute: self.fact(),
            // Near enough to their bounds for those to matter.
            pause_share: self.fact().map(|fact| Fact { value: fact.value / 400.0, ..fact }),
            longest_pause_s: self.fact().map(|fact| Fact { value: fact.value / 40.0, ..fact }),
            pitch_sd_st: self.fact(),
            ending_lu: self.fact(),
            lufs: self.fact(),
            snr_db: self.fact(),
            peak_dbfs: self.fact(),
            clipped_samples: self.fact(),
        }
    }
}

#[test]
fn whatever_is_measured_there_are_at_most_three_whole_sentences() {
    let guidance = guidance();
    let mut dice = Dice(7);
    let mut said = std::collections::BTreeSet::new();
    for _ in 0..20_000 {
        let facts = dice.facts();
        let earlier: Vec<Facts> = (0..dice.below(6)).map(|_| dice.facts()).collect();
        let remarks = guidance.remarks(&facts, &earlier);
        assert_eq!(remarks, guidance.remarks(&facts, &earlier));
        let keep = remarks.iter().take_while(|remark| remark.kind == Kind::Keep).count();
        assert!(keep <= 1 && remarks.len() <= keep + 2, "{remarks:?}");
        for remark in &remarks {
            assert!(!remark.text.contains(['{', '}', '[', ']']) && !remark.text.contains("NaN"), "{remark:?}");
            assert!(remark.text.ends_with('.') && !remark.text.contains(". "), "one sentence: {remark:?}");
            assert!(remark.at.is_none_or(|at| at.is_finite() && at >= 0.0), "{remark:?}");
            said.insert(remark.id.clone());
        }
    }
    let all: std::collections::BTreeSet<String> = guidance.rules.into_iter().map(|rule| rule.id).collect();
    assert_eq!(said, all, "every rule has its turn");
}

#[test]
fn a_flaw_is_told_with_its_line() {
    assert!(parse_guidance("g.toml", RULE).is_ok());
    for (from, to, line, says) in [
        ("above", "abvoe", 6, "did you mean `above`?"),
        ("first_word_s", "first_words", 5, "did you mean `first_word_s`?"),
        ("{value}", "{valu}", 7, "can be filled"),
        ("{value}", "{earlier}", 7, "against = \"own\""),
        ("source = \"s\"", "", 2, "`source` is missing"),
        ("source = \"s\"", "source = \"\"", 9, "source"),
        ("above = 2", "", 2, "a bound is missing"),
        ("above = 2", "above = 2\nfrom = 2", 7, "drop one"),
        ("above = 2", "above = 2\nbelow = 2", 2, "no value lies"),
        ("above = 2", "above = nan", 6, "a number"),
        ("\"change\"", "\"blame\"", 4, "blame"),
        ("\"first_word_s\"", "\"pitch_sd_st\"", 2, "`spoken_s` is missing"),
        ("above = 2", "above = 2\nand = [{ measure = \"snr_db\" }]", 7, "a bound is missing"),
        ("above = 2", "above = 2\nspoken_s = -1", 7, "0 or more"),
    ] {
        let told = flaws(&RULE.replace(from, to));
        let place = format!("g.toml:{line}:");
        assert!(told.lines().any(|flaw| flaw.starts_with(&place) && flaw.contains(says)), "{to}: {told}");
    }
    let twice = format!("{RULE}{}", RULE.trim_start_matches("schema = 1\n"));
    assert!(flaws(&twice).contains("late"));
}
