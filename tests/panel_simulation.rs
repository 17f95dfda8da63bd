//! Ten thousand panels with candidates of every kind: each keeps to its length, and to what it promises everybody.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use greenroom::interview::bank::{FollowUp, Question, Section, When};
use greenroom::interview::draw::Lots;
use greenroom::interview::panel::{
    Agenda, Ask, Block, Closing, DropFirst, Led, Manner, Moderator, OWN_QUESTIONS, Panelist, Past, Voicing, estimate,
};
use greenroom::interview::{
    Bank, Command, Engine, Event, Frame, Frames, Outcome, Panel, Phase, SampleRate, Seed, TakeEnd, Text, Timing,
};

use greenroom::store::banks::Banks;
use greenroom::store::format_file::formats;
use greenroom::store::home::{FoundBy, Home};
use greenroom::store::panels::Panels;

/// Coarse, so that the frames can be walked through; the engine knows no difference.
const RATE: SampleRate = SampleRate(100);

/// What the candidate is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Candidate {
    Brief,
    Usual,
    /// Speaks until somebody stops them.
    Long,
    /// Says nothing, and presses nothing.
    Silent,
    /// Passes over, hears again, presses everything.
    Restless,
    /// Pauses, and has a bad microphone.
    Interrupted,
    /// Leaves.
    Leaving,
}

const CANDIDATES: [Candidate; 7] = [
    Candidate::Brief,
    Candidate::Usual,
    Candidate::Long,
    Candidate::Silent,
    Candidate::Restless,
    Candidate::Interrupted,
    Candidate::Leaving,
];

/// What was seen of a session.
struct Seen {
    engine: Engine,
    end: Frame,
    commands: Vec<(Frame, Command)>,
    /// When each take ended and whether it was still running when the session's length was over.
    outcome: Outcome,
    /// How long the panel's clock stood at the end.
    clock: Duration,
    /// When the panel's clock was at the opening of the last take, and how long that take was.
    granted: Vec<(Ask, Duration)>,
}

/// Runs a session with a candidate whose moods are drawn from `lots`.
fn sit(agenda: Arc<Agenda>, candidate: Candidate, lots: &mut Lots) -> Seen {
    let led = Led::new(Moderator::new(agenda), RATE, Vec::new(), Frames(0));
    play(Engine::led(led, Vec::new()), candidate, lots)
}

fn play(mut engine: Engine, candidate: Candidate, lots: &mut Lots) -> Seen {
    let mut now = Frame(0);
    let mut commands: Vec<(Frame, Command)> = Vec::new();
    let mut granted = Vec::new();
    let mut tell = |engine: &mut Engine, now: Frame, event: Event, granted: &mut Vec<(Ask, Duration)>| {
        let said = engine.step(now, event);
        for command in &said {
            if let (Command::OpenTake { turn, .. }, Phase::Answering { from, until: Some(until), .. }) =
                (command, engine.phase())
            {
                let ask = engine.panel().and_then(|led| led.ask(*turn)).expect("every turn was asked").clone();
                granted.push((ask, RATE.duration(until.since(from))));
            }
        }
        commands.extend(said.into_iter().map(|command| (now, command)));
    };
    tell(&mut engine, now, Event::Start, &mut granted);
    for steps in 0.. {
        assert!(steps < 20_000, "the session does not end");
        let led = engine.panel().expect("it is led");
        match engine.phase() {
            Phase::Finished(_) => break,
            Phase::Talking { remark, .. } => {
                let text = &led.remark(remark).expect("it is being said").text;
                now += speech(text, lots);
                if candidate == Candidate::Restless {
                    let event = pick(lots, &[Event::Done, Event::Skip, Event::Repeat, Event::PromptEnded]);
                    tell(&mut engine, now, event, &mut granted);
                }
                if candidate == Candidate::Interrupted && lots.below(6) == 0 {
                    hold(&mut engine, &mut now, lots, &mut |engine, now, event| tell(engine, now, event, &mut granted));
                    continue;
                }
                let event = pick(lots, &[Event::PromptEnded, Event::PromptEnded, Event::PromptFailed]);
                if matches!(engine.phase(), Phase::Talking { .. } | Phase::Prompting { .. }) {
                    tell(&mut engine, now, event, &mut granted);
                }
            }
            Phase::Prompting { turn, .. } => {
                let text = led.ask(turn).expect("it is being asked").prompt.clone();
                now += speech(&text, lots);
                let event = match candidate {
                    Candidate::Restless => pick(lots, &[Event::Repeat, Event::Skip, Event::Done, Event::PromptEnded]),
                    Candidate::Leaving if lots.below(12) == 0 => Event::Quit,
                    _ => Event::PromptEnded,
                };
                if candidate == Candidate::Interrupted && lots.below(4) == 0 {
                    hold(&mut engine, &mut now, lots, &mut |engine, now, event| tell(engine, now, event, &mut granted));
                    continue;
                }
                tell(&mut engine, now, event, &mut granted);
            }
            Phase::Preparing { until, .. } => {
                let until = until.expect("a panel has a prep time");
                if candidate == Candidate::Restless {
                    now += Frames(lots.below(until.since(now).0.max(1)));
                    let event = pick(lots, &[Event::Repeat, Event::Done, Event::Skip, Event::Retake]);
                    tell(&mut engine, now, event, &mut granted);
                } else if candidate == Candidate::Interrupted && lots.below(3) == 0 {
                    now += Frames(lots.below(until.since(now).0.max(1)));
                    hold(&mut engine, &mut now, lots, &mut |engine, now, event| tell(engine, now, event, &mut granted));
                } else {
                    now = until;
                    tell(&mut engine, now, Event::Resume, &mut granted);
                }
            }
            Phase::Answering { from, until, .. } => {
                let until = until.expect("a panel has a limit");
                let limit = until.since(from).0;
                let part = |percent: u64| Frames(limit * percent / 100);
                let (span, event) = match candidate {
                    Candidate::Brief => (part(5 + lots.below(30)), Event::Done),
                    Candidate::Usual | Candidate::Leaving => (part(30 + lots.below(90)), Event::Done),
                    Candidate::Long | Candidate::Silent => (part(100), Event::Resume),
                    Candidate::Restless => {
                        let event = pick(lots, &[Event::Done, Event::Retake, Event::Skip, Event::Silence]);
                        (part(lots.below(120)), event)
                    }
                    Candidate::Interrupted => {
                        let event = pick(lots, &[Event::CaptureLost, Event::Done, Event::Pause]);
                        (part(lots.below(110)), event)
                    }
                };
                if candidate != Candidate::Silent {
                    tell(&mut engine, from.max(now), Event::Spoke, &mut granted);
                }
                now = (from + span).max(now);
                let before = until.min(now);
                // What ends by itself is over when it is noticed.
                let event = if now < until { event } else { Event::Resume };
                tell(&mut engine, before.max(from), event, &mut granted);
                now = before;
                let silence = (lots.below(3) > 0).then(|| lots.below(101) as u32);
                tell(&mut engine, now, Event::Measured { silence }, &mut granted);
                if let Phase::Held { .. } = engine.phase() {
                    now += Frames(lots.below(60_000));
                    tell(&mut engine, now, Event::CaptureBack, &mut granted);
                }
            }
            Phase::Between { until, .. } => {
                if candidate == Candidate::Interrupted && lots.below(3) == 0 {
                    hold(&mut engine, &mut now, lots, &mut |engine, now, event| tell(engine, now, event, &mut granted));
                    continue;
                }
                now = until.expect("a panel goes on by itself");
                tell(&mut engine, now, Event::Resume, &mut granted);
            }
            Phase::Held { .. } => {
                now += Frames(lots.below(60_000));
                tell(&mut engine, now, Event::CaptureBack, &mut granted);
                tell(&mut engine, now, Event::Resume, &mut granted);
            }
            Phase::Ready => unreachable!("it has started"),
        }
    }
    let Phase::Finished(outcome) = engine.phase() else { unreachable!("the loop ended") };
    let clock = RATE.duration(engine.panel().expect("it is led").clock(now));
    Seen { engine, end: now, commands, outcome, clock, granted }
}

fn hold(engine: &mut Engine, now: &mut Frame, lots: &mut Lots, tell: &mut dyn FnMut(&mut Engine, Frame, Event)) {
    let (stop, on) =
        if lots.below(2) == 0 { (Event::Pause, Event::Resume) } else { (Event::CaptureLost, Event::CaptureBack) };
    tell(engine, *now, stop);
    *now += Frames(lots.below(100_000));
    tell(engine, *now, on);
}

fn pick(lots: &mut Lots, events: &[Event]) -> Event {
    events[lots.below(events.len() as u64) as usize]
}

/// How long a voice takes: at most as long as is reckoned with.
fn speech(text: &Text, lots: &mut Lots) -> Frames {
    let most = RATE.frames(estimate::spoken(text)).0;
    Frames(most * (40 + lots.below(61)) / 100)
}

fn words(lots: &mut Lots, least: u64, most: u64) -> Text {
    let count = least + lots.below(most - least + 1);
    Text::clean(&vec!["word"; count as usize].join(" "))
}

const TAGS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

fn some_tags(lots: &mut Lots, most: u64) -> Vec<String> {
    (0..=lots.below(most)).map(|_| TAGS[lots.below(8) as usize].to_owned()).collect()
}

fn any_bank(lots: &mut Lots) -> Bank {
    let sections = ["s0", "s1", "s2"].map(|id| Section { id: id.into(), title: id.into(), format: "f".into() });
    let questions = (0..20 + lots.below(60)).map(|number| Question {
        id: format!("q{number}"),
        section: format!("s{}", lots.below(3)),
        prompt: words(lots, 3, 60),
        tags: some_tags(lots, 3),
        points: Vec::new(),
        answer: None,
        follow_ups: (0..lots.below(4))
            .map(|number| FollowUp {
                id: format!("f{number}"),
                prompt: words(lots, 3, 30),
                when: match lots.below(6) {
                    0 => When::Short,
                    1 => When::Long,
                    2 => When::Hesitant,
                    3 => When::Chance(lots.below(100) as u32),
                    4 => When::Missing("p".into()),
                    _ => When::Always,
                },
            })
            .collect(),
    });
    Bank {
        id: "bank".into(),
        title: "Bank".into(),
        language: "en".into(),
        sections: sections.to_vec(),
        questions: questions.collect(),
    }
}

fn any_panel(lots: &mut Lots) -> Panel {
    let seats = 1 + lots.below(6) as usize;
    let limit = Duration::from_secs(20 + lots.below(280));
    let manner = |lots: &mut Lots| [Manner::Warm, Manner::Neutral, Manner::Tough][lots.below(3) as usize];
    let panelists = (0..seats)
        .map(|seat| Panelist {
            id: format!("p{seat}"),
            role: words(lots, 1, 5),
            manner: manner(lots),
            focus: some_tags(lots, 2),
            voicing: Voicing::of_seat(seat),
        })
        .collect();
    let block = |panelist: usize, lots: &mut Lots| Block {
        panelist,
        weight: 1 + lots.below(100) as u32,
        questions: Vec::new(),
        sections: if lots.below(2) == 0 { Vec::new() } else { vec![format!("s{}", lots.below(3))] },
        tags: some_tags(lots, 4),
        least: 1 + lots.below(2) as usize,
        most: (lots.below(3) == 0).then(|| 2 + lots.below(4) as usize),
    };
    // Everybody has a block; some have two.
    let mut blocks: Vec<Block> = (0..seats).map(|seat| block(seat, lots)).collect();
    for _ in 0..lots.below(3) {
        let seat = lots.below(seats as u64) as usize;
        blocks.push(block(seat, lots));
    }
    Panel {
        id: "panel".into(),
        title: "Panel".into(),
        bank: "bank".into(),
        format: "f".into(),
        timing: Timing {
            prep: Some(Duration::from_secs(lots.below(40))),
            limit: Some(limit),
            warn: (lots.below(2) == 0).then(|| limit / 4),
            retakes: Some(lots.below(3) as u32),
            gap: Duration::from_millis(lots.below(6_000)),
        },
        length: Duration::from_secs(300 + lots.below(5_000)),
        shortest: limit * (20 + lots.below(81) as u32) / 100,
        drop_first: if lots.below(2) == 0 { DropFirst::FollowUps } else { DropFirst::Questions },
        follow_ups: lots.below(3) as u32,
        hesitant: 10 + lots.below(80) as u32,
        chair: lots.below(seats as u64) as usize,
        panelists,
        welcome: None,
        blocks,
        closing: Closing {
            time: Duration::from_secs(75 + lots.below(300)),
            own_questions: lots.below(4) > 0,
            farewell: None,
        },
    }
}

/// An agenda of a random panel; panels that cannot be are drawn again.
fn any_agenda(lots: &mut Lots) -> Arc<Agenda> {
    loop {
        let (panel, bank) = (any_panel(lots), any_bank(lots));
        if let Ok(agenda) = Agenda::draw(&panel, &bank, None, Seed(lots.draw())) {
            return Arc::new(agenda);
        }
    }
}

/// What every session promises, whoever sits in it.
fn check(agenda: &Agenda, seen: &Seen, candidate: Candidate, case: &str) {
    let (panel, led) = (&agenda.panel, seen.engine.panel().expect("it is led"));
    let turns: Vec<&Ask> = (0..).map_while(|turn| led.ask(turn)).collect();
    let asked: HashSet<_> = turns.iter().map(|ask| (&ask.question, &ask.follow_up)).collect();
    assert_eq!(asked.len(), turns.len(), "{case}: nothing is asked twice");
    let remarks: Vec<_> = (0..).map_while(|remark| led.remark(remark)).collect();
    let lines: HashSet<_> = remarks.iter().map(|remark| remark.text.as_str()).collect();
    assert_eq!(lines.len(), remarks.len(), "{case}: nothing is said twice");
    for ask in &turns {
        let follow_ups = turns.iter().filter(|one| one.question == ask.question && one.follow_up.is_some()).count();
        assert!(follow_ups <= panel.follow_ups as usize, "{case}: {follow_ups} follow-ups");
    }
    for (ask, granted) in &seen.granted {
        if ask.question != OWN_QUESTIONS {
            assert!(*granted >= panel.shortest, "{case}: {granted:?} for an answer");
        }
    }
    assert!(seen.clock <= panel.length, "{case}: {:?} of {:?}", seen.clock, panel.length);
    if candidate == Candidate::Leaving && seen.outcome == Outcome::Quit {
        return;
    }
    assert_eq!(seen.outcome, Outcome::Finished, "{case}");
    for (at, block) in panel.blocks.iter().enumerate() {
        let of_block = |ask: &&&Ask| {
            ask.follow_up.is_none() && agenda.slates[at].iter().any(|topic| topic.question == ask.question)
        };
        let count = turns.iter().filter(of_block).count();
        assert!(count >= block.least, "{case}: block {at} asked {count} of {}", block.least);
        assert!(count <= block.most.unwrap_or(usize::MAX), "{case}: block {at} asked {count}");
    }
    for (seat, panelist) in panel.panelists.iter().enumerate() {
        let speaks = turns.iter().any(|ask| ask.panelist == seat) || remarks.iter().any(|line| line.panelist == seat);
        assert!(speaks, "{case}: {} does not speak", panelist.id);
    }
    let own = turns.iter().filter(|ask| ask.question == OWN_QUESTIONS).count();
    assert_eq!(own, usize::from(panel.closing.own_questions), "{case}");
    if let Some((_, granted)) = seen.granted.iter().rev().find(|(ask, _)| ask.question == OWN_QUESTIONS) {
        let around = estimate::INVITATION
            + Duration::from_secs(7)
            + panel.timing.prep.unwrap_or_default()
            + estimate::tail(panel)
            + estimate::farewell(panel);
        let kept = panel.closing.time.saturating_sub(around).max(Duration::from_secs(10));
        assert!(*granted >= kept, "{case}: the closing was promised {kept:?} and has {granted:?}");
    }
}

#[test]
fn ten_thousand_panels_keep_their_promises() {
    let mut lots = Lots::new(Seed(20_261_121));
    let mut agenda = any_agenda(&mut lots);
    for number in 0..10_000 {
        // Drawing one takes longer than sitting in front of it: each has four candidates.
        if number % 4 == 0 {
            agenda = any_agenda(&mut lots);
        }
        let candidate = CANDIDATES[number % CANDIDATES.len()];
        let seen = sit(Arc::clone(&agenda), candidate, &mut lots);
        let case = format!("panel {number}, {candidate:?}");
        check(&agenda, &seen, candidate, &case);
    }
}

#[test]
fn the_panels_that_come_with_greenroom_keep_their_promises_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
    let banks = Banks::open(&home, formats(None).expect("they come with greenroom"));
    let panels = Panels::open(&home, &banks);
    let mut lots = Lots::new(Seed(4));
    for entry in panels.list() {
        let panel = panels.get(&entry.id).expect("it has no flaws");
        let bank = banks.get(&panel.bank).expect("it has no flaws");
        for number in 0..140 {
            let agenda = Arc::new(Agenda::draw(&panel, &bank, None, Seed(number)).expect("it can be drawn"));
            let candidate = CANDIDATES[number as usize % CANDIDATES.len()];
            let seen = sit(Arc::clone(&agenda), candidate, &mut lots);
            check(&agenda, &seen, candidate, &format!("{} {number}, {candidate:?}", entry.id));
            let questions = seen.granted.iter().filter(|(ask, _)| ask.question != OWN_QUESTIONS).count();
            assert!(questions > 0 || seen.outcome == Outcome::Quit || candidate == Candidate::Restless);
        }
    }
}

#[test]
fn the_same_panel_seed_and_candidate_give_the_same_session_command_for_command() {
    let mut lots = Lots::new(Seed(7));
    for number in 0..200 {
        let (panel, bank, seed) = (any_panel(&mut lots), any_bank(&mut lots), Seed(number));
        let Ok(agenda) = Agenda::draw(&panel, &bank, None, seed) else { continue };
        let again = Agenda::draw(&panel, &bank, None, seed).expect("it was drawn before");
        assert_eq!(agenda, again);
        let candidate = CANDIDATES[number as usize % CANDIDATES.len()];
        let run = |agenda: Agenda| sit(Arc::new(agenda), candidate, &mut Lots::new(Seed(number + 1)));
        let (one, two) = (run(agenda), run(again));
        assert_eq!(one.commands, two.commands);
        assert_eq!(one.end, two.end);
        let (one, two) = (one.engine.panel().expect("led"), two.engine.panel().expect("led"));
        for at in 0..one.remarks() {
            assert_eq!(one.remark(at), two.remark(at));
        }
        assert_eq!(one.ask(0), two.ask(0));
    }
}

#[test]
fn a_session_that_goes_on_asks_nothing_twice_and_keeps_what_is_left_of_its_length() {
    let mut lots = Lots::new(Seed(99));
    for number in 0..500 {
        let agenda = any_agenda(&mut lots);
        let first = sit(Arc::clone(&agenda), Candidate::Leaving, &mut lots);
        if first.outcome == Outcome::Finished {
            continue;
        }
        let led = first.engine.panel().expect("it is led");
        let asks: Vec<Ask> = (0..).map_while(|turn| led.ask(turn).cloned()).collect();
        let past = Past {
            clock: first.clock,
            asked: asks
                .iter()
                .map(|ask| {
                    let who = agenda.panel.panelists[ask.panelist].id.clone();
                    (ask.question.clone(), ask.follow_up.clone(), who)
                })
                .collect(),
            unopened: false,
            said: (0..led.remarks()).filter_map(|at| led.remark(at)).map(|remark| remark.text.to_string()).collect(),
        };
        let ended = |turn: usize| {
            let is_end = |command: &Command| *command == Command::EndTurn { turn, skipped: false };
            first.commands.iter().any(|(_, command)| is_end(command))
        };
        let turns = (0..asks.len())
            .map(|turn| {
                let mut rules = *first.engine.rules(turn).expect("it was put");
                rules.over = ended(turn) || turn + 1 < asks.len();
                rules
            })
            .collect();
        let moderator = Moderator::going_on(Arc::clone(&agenda), &past);
        let led = Led::new(moderator, RATE, asks.clone(), RATE.frames(first.clock));
        let second = play(Engine::led(led, turns), Candidate::Usual, &mut lots);
        let case = format!("panel {number}, gone on with");
        assert_eq!(second.outcome, Outcome::Finished, "{case}");
        let led = second.engine.panel().expect("it is led");
        let all: Vec<_> = (0..).map_while(|turn| led.ask(turn)).map(|ask| (&ask.question, &ask.follow_up)).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{case}");
        for at in 0..led.remarks() {
            let said = led.remark(at).map(|remark| remark.text.to_string()).unwrap_or_default();
            let own = [&agenda.panel.welcome, &agenda.panel.closing.farewell].into_iter().flatten();
            assert!(!past.said.contains(&said) || own.map(Text::to_string).any(|text| text == said), "{case}: {said}");
        }
    }
}

#[test]
fn an_answer_that_reaches_its_limit_is_interrupted_by_its_panelist_and_then_there_is_a_pause() {
    let mut lots = Lots::new(Seed(3));
    let agenda = any_agenda(&mut lots);
    let seen = sit(Arc::clone(&agenda), Candidate::Long, &mut lots);
    let led = seen.engine.panel().expect("it is led");
    let mut stopped = 0;
    for pair in seen.commands.windows(2) {
        let [(at, Command::CloseTake { turn, end: TakeEnd::TimeUp, .. }), (then, Command::Remark { remark })] = pair
        else {
            continue;
        };
        stopped += 1;
        assert_eq!(at, then, "at once");
        let (ask, remark) = (led.ask(*turn).expect("asked"), led.remark(*remark).expect("said"));
        assert_eq!(ask.panelist, remark.panelist);
    }
    assert!(stopped > 0, "every answer of this candidate runs into its limit");
    let closes = seen.commands.iter().filter(|(_, command)| matches!(command, Command::CloseTake { .. })).count();
    assert_eq!(stopped, closes);
}
