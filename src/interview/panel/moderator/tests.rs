use super::*;
use crate::interview::draw::Seed;
use crate::interview::panel::{Block, Closing, Manner, Panelist, Voicing};

const MINUTE: Duration = Duration::from_secs(60);

fn panelist(seat: usize, manner: Manner) -> Panelist {
    let role = Text::clean(["first officer", "second officer"][seat]);
    Panelist { id: format!("p{seat}"), role, manner, focus: Vec::new(), voicing: Voicing::of_seat(seat) }
}

fn block(panelist: usize) -> Block {
    let nothing = Vec::new;
    Block { panelist, weight: 1, questions: nothing(), sections: nothing(), tags: nothing(), least: 1, most: None }
}

fn panel() -> Panel {
    Panel {
        id: "panel".to_owned(),
        title: "Panel".into(),
        bank: "bank".to_owned(),
        format: "format".to_owned(),
        timing: Timing {
            prep: Some(Duration::from_secs(3)),
            limit: Some(2 * MINUTE),
            warn: Some(MINUTE / 2),
            retakes: Some(3),
            gap: Duration::from_secs(2),
        },
        length: 20 * MINUTE,
        shortest: MINUTE,
        drop_first: DropFirst::Questions,
        follow_ups: 2,
        hesitant: 45,
        panelists: vec![panelist(0, Manner::Warm), panelist(1, Manner::Tough)],
        chair: 0,
        welcome: None,
        blocks: vec![block(0), block(1)],
        closing: Closing { time: 3 * MINUTE, own_questions: true, farewell: None },
    }
}

fn pursuit(id: &str, condition: Condition, panelist: usize) -> Pursuit {
    Pursuit { id: id.to_owned(), prompt: Text::clean(&format!("And {id}?")), condition, panelist }
}

fn topic(id: &str, pursuits: &[Pursuit]) -> Topic {
    let prompt = Text::clean(&format!("What about {id}?"));
    Topic { question: id.to_owned(), section: "s".to_owned(), prompt, pursuits: pursuits.to_vec() }
}

/// Leads a session of `panel` whose blocks have these topics.
fn leading(panel: Panel, slates: [Vec<Topic>; 2]) -> Moderator {
    let floors = slates.iter().map(|topics| estimate::floor(&panel, topics, 1)).collect();
    Moderator::new(Arc::new(Agenda { panel, seed: Seed(1), slates: slates.to_vec(), floors }))
}

fn answer(percent: u32, end: TakeEnd, silence: Option<u32>) -> Answer {
    Answer { lasted: 2 * MINUTE * percent / 100, limit: 2 * MINUTE, end, spoke: true, silence }
}

/// What is asked after an answer, with all of the first block's follow-ups.
fn after(pursuits: &[Pursuit], answer: Answer) -> Ask {
    let mut moderator = leading(panel(), [vec![topic("a", pursuits), topic("b", &[])], vec![topic("c", &[])]]);
    let first = moderator.next(Duration::ZERO, None).ask.expect("there is a question");
    assert_eq!((first.question.as_str(), &first.follow_up), ("a", &None));
    moderator.next(2 * MINUTE, Some(answer)).ask.expect("there is more")
}

#[test]
fn a_follow_up_is_asked_where_the_answer_calls_for_it_and_only_there() {
    let done = |percent| answer(percent, TakeEnd::Done, Some(20));
    let cases = [
        (Condition::Short, done(33), true),
        (Condition::Short, done(34), false),
        (Condition::Long, answer(100, TakeEnd::TimeUp, Some(20)), true),
        (Condition::Long, done(99), false),
        (Condition::Hesitant, answer(50, TakeEnd::Done, Some(46)), true),
        (Condition::Hesitant, answer(50, TakeEnd::Done, Some(45)), false),
        (Condition::Always, done(50), true),
    ];
    for (condition, answer, is_asked) in cases {
        let next = after(&[pursuit("f", condition, 0)], answer);
        assert_eq!(next.follow_up.is_some(), is_asked, "{condition:?} after {answer:?}");
        assert_eq!(next.question, if is_asked { "a" } else { "b" });
    }
}

#[test]
fn who_says_nothing_is_not_told_that_they_talked_too_long() {
    let still = Answer { spoke: false, ..answer(100, TakeEnd::TimeUp, Some(100)) };
    assert_eq!(after(&[pursuit("f", Condition::Long, 0)], still).question, "b");
    assert_eq!(after(&[pursuit("f", Condition::Hesitant, 0)], still).question, "b", "nobody hesitated");
    let unknown = Answer { silence: None, ..still };
    assert_eq!(after(&[pursuit("f", Condition::Long, 0)], unknown).follow_up.as_deref(), Some("f"), "by the clock");
    let mut moderator = leading(panel(), [vec![topic("a", &[])], vec![topic("b", &[])]]);
    let (kind, curt) = (moderator.interrupt(1, false), moderator.interrupt(1, true));
    let text = |line: &Option<Remark>| line.as_ref().map(|line| line.text.to_string()).unwrap_or_default();
    assert!(["one", "another", "else", "wait"].iter().any(|word| text(&kind).contains(word)), "{kind:?}");
    assert_ne!(text(&kind), text(&curt));
}

#[test]
fn what_could_not_be_measured_calls_for_nothing() {
    let next = after(&[pursuit("f", Condition::Hesitant, 0)], answer(100, TakeEnd::TimeUp, None));
    assert_eq!(next.question, "b");
}

#[test]
fn an_answer_that_is_no_answer_is_not_followed_up() {
    for end in [TakeEnd::Skip, TakeEnd::CaptureLost, TakeEnd::Quit] {
        let next = after(&[pursuit("f", Condition::Always, 0)], answer(10, end, Some(90)));
        assert_eq!(next.question, "b", "{end:?}");
    }
}

#[test]
fn two_follow_ups_are_the_most_and_the_first_answer_decides_both() {
    let always = |id: &str| pursuit(id, Condition::Always, 0);
    let pursuits = [pursuit("s", Condition::Short, 0), always("f1"), always("f2")];
    let mut moderator = leading(panel(), [vec![topic("a", &pursuits), topic("b", &[])], vec![topic("c", &[])]]);
    moderator.next(Duration::ZERO, None);
    let mut asked = Vec::new();
    let (mut clock, mut answer) = (MINUTE, answer(20, TakeEnd::Done, None));
    for _ in 0..3 {
        let ask = moderator.next(clock, Some(answer)).ask.expect("there is more");
        asked.push((ask.question, ask.follow_up));
        clock += MINUTE;
        // A long answer to a follow-up changes nothing of the first.
        answer = Answer { lasted: MINUTE, ..answer };
    }
    let follow_up = |id: &str| ("a".to_owned(), Some(id.to_owned()));
    assert_eq!(asked, [follow_up("s"), follow_up("f1"), ("b".to_owned(), None)]);
}

#[test]
fn another_whose_field_is_touched_joins_in_and_says_so() {
    let mut moderator =
        leading(panel(), [vec![topic("a", &[pursuit("f", Condition::Always, 1)])], vec![topic("c", &[])]]);
    moderator.next(Duration::ZERO, None);
    let step = moderator.next(MINUTE, Some(answer(50, TakeEnd::Done, None)));
    assert_eq!(step.remarks.iter().map(|line| line.panelist).collect::<Vec<_>>(), [1]);
    assert_eq!(step.ask.map(|ask| ask.panelist), Some(1));
}

#[test]
fn who_joins_in_before_their_turn_says_who_they_are_and_is_known_afterwards() {
    let mut moderator =
        leading(panel(), [vec![topic("a", &[pursuit("f", Condition::Always, 1)])], vec![topic("c", &[])]]);
    moderator.next(Duration::ZERO, None);
    let joined = moderator.next(MINUTE, Some(answer(50, TakeEnd::Done, None)));
    assert!(joined.remarks[0].text.as_str().starts_with("I am the second officer."), "{:?}", joined.remarks);
    let handed = moderator.next(3 * MINUTE, Some(answer(50, TakeEnd::Done, None)));
    assert!(!handed.remarks[1].text.as_str().contains("I am"), "{:?}", handed.remarks);
}

#[test]
fn the_limit_that_is_told_is_the_limit_that_is_granted() {
    let mut moderator = leading(panel(), [vec![topic("a", &[]), topic("b", &[])], vec![topic("c", &[])]]);
    moderator.next(Duration::ZERO, None);
    let late = 6 * MINUTE + MINUTE / 2;
    let ask = moderator.next(late, Some(answer(50, TakeEnd::Done, None))).ask.expect("there is more");
    assert_eq!(ask.question, "b");
    let told = ask.timing.limit.expect("a limit");
    assert!(told < 2 * MINUTE && told >= MINUTE, "{told:?}");
    let opens = late + Duration::from_secs(3) + estimate::likely(&ask.prompt);
    assert_eq!(moderator.grant(&ask, opens), told);
}

#[test]
fn a_follow_up_costs_the_blocks_own_time() {
    let follow = [pursuit("f", Condition::Always, 0)];
    let slates = || [vec![topic("a", &follow), topic("b", &[])], vec![topic("c", &[])]];
    // Eight minutes and a half for each block: at seven there is no room for a follow-up.
    for (clock, is_asked) in [(3 * MINUTE, true), (7 * MINUTE + MINUTE / 2, false)] {
        let mut moderator = leading(panel(), slates());
        moderator.next(Duration::ZERO, None);
        let step = moderator.next(clock, Some(answer(50, TakeEnd::Done, None)));
        assert_eq!(step.ask.is_some_and(|ask| ask.follow_up.is_some()), is_asked, "{clock:?}");
    }
}

#[test]
fn where_follow_ups_are_dropped_first_the_questions_that_were_planned_still_fit() {
    let follow = [pursuit("f", Condition::Always, 0)];
    for (drop_first, is_asked) in [(DropFirst::Questions, true), (DropFirst::FollowUps, false)] {
        let panel = Panel { drop_first, ..panel() };
        let first = vec![topic("a", &follow), topic("b", &[]), topic("c", &[])];
        let mut moderator = leading(panel, [first, vec![topic("d", &[])]]);
        moderator.next(Duration::ZERO, None);
        let step = moderator.next(5 * MINUTE, Some(answer(50, TakeEnd::Done, None)));
        assert_eq!(step.ask.is_some_and(|ask| ask.follow_up.is_some()), is_asked, "{drop_first:?}");
    }
}

#[test]
fn the_chair_opens_hands_over_by_role_invites_questions_and_closes() {
    let mut moderator = leading(panel(), [vec![topic("a", &[])], vec![topic("b", &[])]]);
    let opening = moderator.next(Duration::ZERO, None);
    let text = opening.remarks[0].text.as_str();
    assert!(opening.remarks.iter().all(|line| line.panelist == 0));
    for word in ["I am the first officer", "our second officer", "20 minutes", "your own questions"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let handed = moderator.next(3 * MINUTE, Some(answer(50, TakeEnd::Done, None)));
    let who: Vec<usize> = handed.remarks.iter().map(|line| line.panelist).collect();
    assert_eq!(who, [0, 1]);
    assert!(handed.remarks[0].text.as_str().ends_with("our second officer."), "{:?}", handed.remarks[0]);
    assert!(handed.remarks[1].text.as_str().contains("I am the second officer"), "{:?}", handed.remarks[1]);
    let own = moderator.next(6 * MINUTE, Some(answer(50, TakeEnd::Done, None)));
    let ask = own.ask.expect("the candidate asks");
    assert_eq!((ask.panelist, ask.question.as_str()), (0, OWN_QUESTIONS));
    let last = moderator.next(8 * MINUTE, None);
    assert!(last.ask.is_none() && moderator.has_asked_all());
    assert!(last.remarks[0].text.as_str().ends_with("Goodbye."));
    assert_eq!(moderator.next(9 * MINUTE, None), Step::default());
}

#[test]
fn nobody_nods_to_an_answer_that_was_not_given() {
    for (given, nods) in [(Some(answer(50, TakeEnd::Done, None)), true), (None, false)] {
        let topics = (0..30).map(|number| topic(&format!("q{number}"), &[])).collect();
        let mut moderator = leading(panel(), [topics, vec![topic("z", &[])]]);
        moderator.next(Duration::ZERO, None);
        let steps = (1..20).map(|second| moderator.next(Duration::from_secs(second), given));
        let lines: Vec<String> = steps.flat_map(|step| step.remarks).map(|line| line.text.to_string()).collect();
        assert!(!lines.is_empty());
        let nod = |line: &String| line.matches(['.', '?']).count() > 1;
        assert_eq!(lines.iter().all(nod), nods, "{lines:?}");
        assert_eq!(lines.iter().any(nod), nods, "{lines:?}");
    }
}

#[test]
fn a_panel_has_words_of_its_own() {
    let (welcome, farewell) = (Some("Hello there.".into()), Some("Bye then.".into()));
    let closing = Closing { farewell, own_questions: false, ..panel().closing };
    let panel = Panel { welcome, closing, ..panel() };
    let mut moderator = leading(panel, [vec![topic("a", &[])], vec![topic("b", &[])]]);
    assert_eq!(moderator.next(Duration::ZERO, None).remarks[0].text.as_str(), "Hello there.");
    moderator.next(2 * MINUTE, None);
    let last = moderator.next(4 * MINUTE, None);
    assert_eq!(last.remarks.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["Bye then."]);
    assert!(last.ask.is_none());
}

#[test]
fn manner_decides_how_early_and_with_which_words_an_answer_is_stopped() {
    let mut moderator = leading(panel(), [vec![topic("a", &[])], vec![topic("b", &[])]]);
    let limits = [moderator.panel().limit(0), moderator.panel().limit(1)];
    assert_eq!(limits, [2 * MINUTE, MINUTE * 3 / 2]);
    let lines: Vec<Option<Remark>> = (0..2).map(|seat| moderator.interrupt(seat, true)).collect();
    assert_ne!(lines[0].as_ref().map(|line| &line.text), lines[1].as_ref().map(|line| &line.text));
    assert!(lines.iter().enumerate().all(|(seat, line)| line.as_ref().is_some_and(|line| line.panelist == seat)));
}

#[test]
fn an_answer_that_begins_late_is_granted_what_is_left_and_never_less_than_the_shortest() {
    let mut moderator = leading(panel(), [vec![topic("a", &[])], vec![topic("b", &[])]]);
    let ask = moderator.next(Duration::ZERO, None).ask.expect("there is a question");
    let granted: Vec<Duration> = [1, 7, 8, 30].map(|minute| moderator.grant(&ask, minute * MINUTE)).to_vec();
    assert_eq!(granted[0], 2 * MINUTE);
    assert!(granted[1] < 2 * MINUTE && granted[1] >= MINUTE, "{granted:?}");
    assert_eq!(granted[2..], [MINUTE, MINUTE]);
    assert!(moderator.may_repeat(&ask, MINUTE) && !moderator.may_repeat(&ask, 8 * MINUTE));
}

#[test]
fn the_pause_after_an_answer_is_natural_and_not_always_the_same() {
    let topics = (0..30).map(|number| topic(&format!("q{number}"), &[])).collect();
    let mut moderator = leading(panel(), [topics, vec![topic("z", &[])]]);
    let mut gaps = Vec::new();
    for step in 0..5 {
        gaps.extend(moderator.next(step * MINUTE, None).ask.map(|ask| ask.timing.gap));
    }
    assert!(gaps.iter().all(|gap| (800..=2_400).contains(&gap.as_millis())), "{gaps:?}");
    gaps.sort();
    gaps.dedup();
    assert_eq!(gaps.len(), 5, "{gaps:?}");
}
