use super::*;

fn rule(id: &str, kind: Kind, measure: Measure, low: f64) -> Rule {
    Rule {
        id: id.to_owned(),
        kind,
        when: Condition { measure, low: Bound::Included(low), high: Bound::Unbounded },
        against: Against::Bounds,
        and: Vec::new(),
        spoken_s: 0.0,
        place: None,
        say: Say::parse("{value}[, at {at}]").unwrap(),
        method: "measured".to_owned(),
        source: "own judgement".to_owned(),
    }
}

fn own(id: &str, measure: Measure, low: f64) -> Rule {
    let say = Say::parse("{value} against {earlier}, {change} more").unwrap();
    Rule { against: Against::Own, say, ..rule(id, Kind::Change, measure, low) }
}

fn ids(guidance: &Guidance, facts: &Facts, earlier: &[Facts]) -> Vec<String> {
    guidance.remarks(facts, earlier).into_iter().map(|remark| remark.id).collect()
}

fn pitches(values: &[f64]) -> Vec<Facts> {
    values.iter().map(|&value| Facts { pitch_sd_st: Fact::of(value), ..Facts::default() }).collect()
}

#[test]
fn what_to_keep_comes_first_and_then_at_most_two_things_to_change() {
    let rules = vec![
        rule("first", Kind::Change, Measure::Clipped, 1.0),
        rule("second", Kind::Change, Measure::Snr, 1.0),
        rule("third", Kind::Change, Measure::Lufs, 1.0),
        rule("good", Kind::Keep, Measure::FirstWord, 0.0),
        rule("also-good", Kind::Keep, Measure::LongestPause, 0.0),
    ];
    let some = Fact::of(2.0);
    let facts = Facts {
        clipped_samples: some,
        snr_db: some,
        lufs: some,
        first_word_s: some,
        longest_pause_s: some,
        ..Facts::default()
    };
    let guidance = Guidance { rules };
    assert_eq!(ids(&guidance, &facts, &[]), ["good", "first", "second"]);
    assert_eq!(ids(&guidance, &Facts { clipped_samples: None, ..facts }, &[]), ["good", "second", "third"]);
}

#[test]
fn of_a_measure_one_thing_is_said() {
    let rules = vec![
        rule("too-many", Kind::Change, Measure::FillersAMinute, 5.0),
        rule("far-too-many", Kind::Change, Measure::FillersAMinute, 1.0),
        rule("late", Kind::Change, Measure::FirstWord, 1.0),
    ];
    let facts = Facts { fillers_a_minute: Fact::of(9.0), first_word_s: Fact::of(9.0), ..Facts::default() };
    let mut guidance = Guidance { rules };
    assert_eq!(ids(&guidance, &facts, &[]), ["too-many", "late"]);
    guidance.rules.push(rule("fewer", Kind::Keep, Measure::FillersAMinute, 0.0));
    assert_eq!(ids(&guidance, &facts, &[]), ["fewer", "late"]);
}

#[test]
fn without_ground_nothing_is_said() {
    let mut guarded = rule("guarded", Kind::Change, Measure::FirstWord, 0.0);
    guarded.and = vec![Condition { measure: Measure::Snr, low: Bound::Included(15.0), high: Bound::Unbounded }];
    let guidance = Guidance { rules: vec![guarded] };
    let facts = Facts { first_word_s: Fact::of(3.0), snr_db: Fact::of(20.0), ..Facts::default() };
    assert_eq!(ids(&guidance, &facts, &[]), ["guarded"]);
    assert_eq!(guidance.remarks(&Facts::default(), &[]), []);
    assert_eq!(guidance.remarks(&Facts { snr_db: None, ..facts }, &[]), []);
    assert_eq!(guidance.remarks(&Facts { snr_db: Fact::of(14.9), ..facts }, &[]), []);
    let broken = Some(Fact { value: f64::NAN, at: None });
    assert_eq!(guidance.remarks(&Facts { first_word_s: broken, ..facts }, &[]), []);
}

#[test]
fn of_a_short_answer_no_rate_is_told() {
    let mut fast = rule("fast", Kind::Change, Measure::WordsAMinute, 190.0);
    fast.spoken_s = 10.0;
    let guidance = Guidance { rules: vec![fast] };
    let facts = |spoken| Facts { words_a_minute: Fact::of(200.0), spoken_s: Fact::of(spoken), ..Facts::default() };
    assert_eq!(ids(&guidance, &facts(Some(10.0)), &[]), ["fast"]);
    assert_eq!(guidance.remarks(&facts(Some(9.99)), &[]), []);
    assert_eq!(guidance.remarks(&facts(None), &[]), [], "how long it is must be known");
}

#[test]
fn bounds_hold_their_edges_as_they_say() {
    let with = |low, high| Condition { measure: Measure::LongestPause, low, high };
    let condition = with(Bound::Excluded(5.0), Bound::Excluded(12.0));
    assert_eq!([5.0, 5.01, 11.99, 12.0].map(|value| condition.contains(value)), [false, true, true, false]);
    let condition = with(Bound::Included(5.0), Bound::Included(12.0));
    assert_eq!([4.99, 5.0, 12.0, 12.01].map(|value| condition.contains(value)), [false, true, true, false]);
    assert!(!condition.contains(f64::NAN));
}

#[test]
fn a_comparison_needs_three_earlier_answers() {
    let guidance = Guidance { rules: vec![own("livelier", Measure::PitchSd, 0.5)] };
    let facts = pitches(&[4.0])[0];
    assert_eq!(ids(&guidance, &facts, &pitches(&[2.0, 2.0])), [""; 0]);
    // One of three in which it was not measured is not there.
    let mut earlier = pitches(&[2.0, 2.0, 2.0]);
    assert_eq!(guidance.remarks(&facts, &earlier)[0].text, "4.0 against 2.0, 2.0 more");
    earlier[1].pitch_sd_st = None;
    assert_eq!(guidance.remarks(&facts, &earlier), []);
}

#[test]
fn a_difference_within_the_spread_of_earlier_answers_is_none() {
    let guidance = Guidance { rules: vec![own("livelier", Measure::PitchSd, 0.5)] };
    let facts = pitches(&[4.0])[0];
    assert_eq!(ids(&guidance, &facts, &pitches(&[2.0, 2.2, 3.9])), ["livelier"]);
    assert_eq!(ids(&guidance, &facts, &pitches(&[2.0, 2.2, 4.0])), [""; 0], "it was so before");
    assert_eq!(ids(&guidance, &facts, &pitches(&[3.6, 3.7, 3.9])), [""; 0], "outside, but no more than a little");
}

#[test]
fn only_the_newest_earlier_answers_count() {
    let guidance = Guidance { rules: vec![own("livelier", Measure::PitchSd, 0.5)] };
    let facts = pitches(&[4.0])[0];
    let mut earlier = pitches(&[9.0]);
    earlier.extend(pitches(&[2.0; MOST_EARLIER]));
    assert_eq!(ids(&guidance, &facts, &earlier), ["livelier"]);
    earlier.pop();
    assert_eq!(ids(&guidance, &facts, &earlier), [""; 0], "the oldest is among ten again");
}

#[test]
fn earlier_answers_that_were_too_short_do_not_count() {
    let mut livelier = own("livelier", Measure::PitchSd, 0.5);
    livelier.spoken_s = 10.0;
    let guidance = Guidance { rules: vec![livelier] };
    let with = |value, spoken| Facts { pitch_sd_st: Fact::of(value), spoken_s: Fact::of(spoken), ..Facts::default() };
    let mut earlier = vec![with(2.0, 30.0), with(2.0, 30.0), with(2.0, 30.0)];
    assert_eq!(ids(&guidance, &with(4.0, 30.0), &earlier), ["livelier"]);
    earlier[2] = with(2.0, 3.0);
    assert_eq!(ids(&guidance, &with(4.0, 30.0), &earlier), [""; 0]);
}

#[test]
fn a_remark_tells_the_time_of_the_place_that_its_rule_names() {
    let mut fast = rule("fast", Kind::Change, Measure::WordsAMinute, 190.0);
    let facts = Facts { words_a_minute: Fact::of(203.0), fastest: Fact::at(5.0, 42.3), ..Facts::default() };
    let guidance = |rule: &Rule| Guidance { rules: vec![rule.clone()] };
    let remark = &guidance(&fast).remarks(&facts, &[])[0];
    assert_eq!((remark.text.as_str(), remark.at), ("205", None));
    fast.place = Some(Measure::Fastest);
    let remark = &guidance(&fast).remarks(&facts, &[])[0];
    assert_eq!((remark.text.as_str(), remark.at), ("205, at 0:42", Some(42.3)));
}

#[test]
fn a_rule_explains_itself() {
    let mut fast = own("fast", Measure::WordsAMinute, 20.0);
    fast.spoken_s = 10.0;
    let lines = Guidance { rules: vec![fast] }.explained();
    assert_eq!(
        lines,
        [
            "fast (change)",
            "  when: words a minute, an estimate: from 20, against the median of your own last 3 to 10 answers, and outside \
             of all of them; where 10 s or more are spoken",
            "  method: measured",
            "  source: own judgement",
        ]
    );
}
