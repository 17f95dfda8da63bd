//! Scripts for the engine: what happened, at which frame, and what it commands; and properties over random scripts.

use greenroom::app::split::{Stage, pass};
use greenroom::interview::events::{Stored, TurnRules};
use greenroom::interview::{Command, Cue, Engine, Event, Frame, Frames, HeldBy, Outcome, Phase, TakeEnd};
use proptest::prelude::*;

const PREP: u64 = 20;
const LIMIT: u64 = 120;
const WARN: u64 = 30;
const GAP: u64 = 3;

fn rules() -> TurnRules {
    TurnRules {
        prep: Some(Frames(PREP)),
        limit: Some(Frames(LIMIT)),
        warn: Some(Frames(WARN)),
        retakes: Some(1),
        gap: Some(Frames(GAP)),
        takes: 0,
        over: false,
    }
}

/// An engine that was told a script of events.
struct Script {
    engine: Engine,
    said: Vec<Command>,
}

impl Script {
    fn of(turns: Vec<TurnRules>) -> Script {
        Script { engine: Engine::new(turns), said: Vec::new() }
    }

    fn two_turns() -> Script {
        Script::of(vec![rules(), rules()])
    }

    #[track_caller]
    fn at(mut self, frame: u64, event: Event) -> Script {
        let commands = self.engine.step(Frame(frame), event);
        self.said.extend(commands);
        self
    }

    fn until(mut self, frame: u64) -> Script {
        let commands = self.engine.tick(Frame(frame));
        self.said.extend(commands);
        self
    }

    #[track_caller]
    fn commands(mut self, expected: &[Command]) -> Script {
        assert_eq!(self.said, expected);
        self.said.clear();
        self
    }

    #[track_caller]
    fn phase(self, expected: Phase) -> Script {
        assert_eq!(self.engine.phase(), expected);
        self
    }

    /// Goes on to the first answer, which begins at the frame 30.
    fn answering() -> Script {
        let mut script = Script::two_turns().at(0, Event::Start).at(10, Event::PromptEnded).until(30);
        script.said.clear();
        script
    }
}

fn close(take: u32, end: TakeEnd) -> Command {
    Command::CloseTake { turn: 0, take, end }
}

#[test]
fn a_session_that_nobody_touches_runs_through() {
    Script::of(vec![rules()])
        .at(0, Event::Start)
        .commands(&[Command::Speak { turn: 0 }])
        .at(10, Event::PromptEnded)
        .phase(Phase::Preparing { turn: 0, until: Some(Frame(30)) })
        .commands(&[])
        .until(30)
        .commands(&[Command::Cue(Cue::Begin), Command::OpenTake { turn: 0, take: 1 }])
        .until(30 + LIMIT - WARN - 1)
        .commands(&[])
        .until(30 + LIMIT - WARN)
        .commands(&[Command::Cue(Cue::Warning)])
        .until(30 + LIMIT)
        .commands(&[Command::Cue(Cue::TimeUp), close(1, TakeEnd::TimeUp)])
        .until(30 + LIMIT + GAP)
        .commands(&[Command::EndTurn { turn: 0, skipped: false }, Command::Finish(Outcome::Finished)]);
}

#[test]
fn done_ends_the_prompt_then_the_prep_then_the_answer() {
    Script::two_turns()
        .at(0, Event::Start)
        .commands(&[Command::Speak { turn: 0 }])
        .at(4, Event::Done)
        .commands(&[Command::Hush])
        .at(5, Event::Done)
        .commands(&[Command::Cue(Cue::Begin), Command::OpenTake { turn: 0, take: 1 }])
        .at(50, Event::Done)
        .commands(&[close(1, TakeEnd::Done)])
        .at(51, Event::Done)
        .commands(&[Command::EndTurn { turn: 0, skipped: false }, Command::Speak { turn: 1 }]);
}

#[test]
fn an_expired_deadline_fires_before_the_event_that_noticed_it() {
    Script::answering().at(30 + LIMIT + 1, Event::Done).commands(&[
        Command::Cue(Cue::Warning),
        Command::Cue(Cue::TimeUp),
        close(1, TakeEnd::TimeUp),
        Command::EndTurn { turn: 0, skipped: false },
        Command::Speak { turn: 1 },
    ]);
}

#[test]
fn a_retake_is_a_new_take_and_there_are_only_so_many() {
    Script::answering()
        .at(60, Event::Retake)
        .commands(&[close(1, TakeEnd::Retake)])
        .phase(Phase::Preparing { turn: 0, until: Some(Frame(60 + PREP)) })
        .at(61, Event::Done)
        .commands(&[Command::Cue(Cue::Begin), Command::OpenTake { turn: 0, take: 2 }])
        .at(70, Event::Retake)
        .commands(&[])
        .at(71, Event::Done)
        .commands(&[close(2, TakeEnd::Done)])
        .at(72, Event::Retake)
        .commands(&[]);
}

#[test]
fn a_retake_may_be_asked_for_after_the_answer_too() {
    Script::answering()
        .at(60, Event::Done)
        .commands(&[close(1, TakeEnd::Done)])
        .at(61, Event::Retake)
        .phase(Phase::Preparing { turn: 0, until: Some(Frame(61 + PREP)) });
}

#[test]
fn a_lost_microphone_does_not_spend_a_retake() {
    let script = Script::answering()
        .at(50, Event::CaptureLost)
        .commands(&[close(1, TakeEnd::CaptureLost)])
        .phase(Phase::Held { turn: 0, by: HeldBy::Microphone, then: Stored::Prep(Some(Frames(PREP))) })
        .at(50, Event::CaptureBack)
        .phase(Phase::Preparing { turn: 0, until: Some(Frame(50 + PREP)) })
        .at(55, Event::Done)
        .commands(&[Command::Cue(Cue::Begin), Command::OpenTake { turn: 0, take: 2 }]);
    assert!(script.engine.may_retake());
}

#[test]
fn a_pause_stores_the_time_left_and_no_time_passes_in_it() {
    Script::two_turns()
        .at(0, Event::Start)
        .at(10, Event::PromptEnded)
        .at(18, Event::Pause)
        .phase(Phase::Held { turn: 0, by: HeldBy::Candidate, then: Stored::Prep(Some(Frames(12))) })
        .at(500, Event::Resume)
        .phase(Phase::Preparing { turn: 0, until: Some(Frame(512)) });
}

#[test]
fn an_answer_is_not_paused() {
    Script::answering().at(40, Event::Pause).commands(&[]).phase(Phase::Answering {
        turn: 0,
        take: 1,
        from: Frame(30),
        warn: Some(Frame(30 + LIMIT - WARN)),
        until: Some(Frame(30 + LIMIT)),
    });
}

#[test]
fn a_microphone_that_comes_back_does_not_end_the_candidates_pause() {
    let held = |by| Phase::Held { turn: 0, by, then: Stored::Prep(Some(Frames(PREP))) };
    Script::two_turns()
        .at(0, Event::Start)
        .at(10, Event::PromptEnded)
        .at(10, Event::Pause)
        .at(11, Event::CaptureLost)
        .phase(held(HeldBy::Both))
        .at(12, Event::CaptureBack)
        .phase(held(HeldBy::Candidate))
        .at(12, Event::CaptureLost)
        .at(12, Event::Resume)
        .phase(held(HeldBy::Microphone))
        .at(12, Event::CaptureBack)
        .phase(Phase::Preparing { turn: 0, until: Some(Frame(12 + PREP)) });
}

#[test]
fn repeating_the_question_costs_no_prep_time() {
    Script::two_turns()
        .at(0, Event::Start)
        .at(10, Event::PromptEnded)
        .at(15, Event::Repeat)
        .commands(&[Command::Speak { turn: 0 }, Command::Speak { turn: 0 }])
        .at(40, Event::PromptEnded)
        .phase(Phase::Preparing { turn: 0, until: Some(Frame(55)) });
}

#[test]
fn skipping_an_answer_keeps_what_was_said() {
    Script::answering().at(50, Event::Skip).commands(&[
        close(1, TakeEnd::Skip),
        Command::EndTurn { turn: 0, skipped: true },
        Command::Speak { turn: 1 },
    ]);
}

#[test]
fn a_prompt_that_fails_leaves_the_time_to_think() {
    Script::two_turns()
        .at(0, Event::Start)
        .at(7, Event::PromptFailed)
        .phase(Phase::Preparing { turn: 0, until: Some(Frame(7 + PREP)) });
}

#[test]
fn leaving_in_the_middle_of_an_answer_closes_the_take() {
    Script::answering()
        .at(44, Event::Quit)
        .commands(&[close(1, TakeEnd::Quit), Command::Finish(Outcome::Quit)])
        .at(45, Event::Quit)
        .commands(&[]);
}

#[test]
fn leaving_after_an_answer_leaves_the_question_answered() {
    Script::answering().at(60, Event::Done).at(61, Event::Quit).commands(&[
        close(1, TakeEnd::Done),
        Command::EndTurn { turn: 0, skipped: false },
        Command::Finish(Outcome::Quit),
    ]);
}

#[test]
fn what_was_dealt_with_before_is_passed_over_and_its_takes_are_counted_on() {
    let over = TurnRules { over: true, ..rules() };
    let begun = TurnRules { takes: 2, ..rules() };
    Script::of(vec![over, begun])
        .at(0, Event::Start)
        .commands(&[Command::Speak { turn: 1 }])
        .at(1, Event::Done)
        .at(2, Event::Done)
        .commands(&[Command::Hush, Command::Cue(Cue::Begin), Command::OpenTake { turn: 1, take: 3 }]);
}

#[test]
fn without_limits_only_the_candidate_moves_the_session() {
    let open = TurnRules { prep: None, limit: None, warn: None, retakes: None, ..rules() };
    Script::of(vec![open])
        .at(0, Event::Start)
        .at(5, Event::PromptEnded)
        .until(1_000_000)
        .phase(Phase::Preparing { turn: 0, until: None })
        .at(1_000_000, Event::Done)
        .until(9_000_000)
        .phase(Phase::Answering { turn: 0, take: 1, from: Frame(1_000_000), warn: None, until: None });
}

/// Writes down what the engine commands and what each take holds.
#[derive(Default)]
struct Notes {
    commands: Vec<(u64, Command)>,
    open: Option<(usize, u32)>,
    takes: Vec<(usize, u32, u64)>,
    prompt_ends: Option<Frame>,
    closed: usize,
}

/// How long a prompt of the scripts is.
const SPOKEN: Frames = Frames(37);

impl Stage for Notes {
    fn deadline(&self, _: Frame) -> Option<Frame> {
        self.prompt_ends
    }

    fn hear(&mut self, piece: std::ops::Range<usize>, _: Frame) {
        if let (Some((turn, take)), Some(last)) = (self.open, self.takes.last_mut()) {
            assert_eq!((turn, take), (last.0, last.1));
            last.2 += piece.len() as u64;
        }
    }

    fn act(&mut self, _: &Engine, commands: Vec<Command>, now: Frame) {
        for command in commands {
            self.commands.push((now.0, command));
            match command {
                Command::Speak { .. } => self.prompt_ends = Some(now + SPOKEN),
                Command::Hush => self.prompt_ends = None,
                Command::OpenTake { turn, take } => {
                    assert_eq!(self.open, None, "a take is open already");
                    self.open = Some((turn, take));
                    self.takes.push((turn, take, 0));
                }
                Command::CloseTake { turn, take, .. } => {
                    assert_eq!(self.open.take(), Some((turn, take)), "another take is open");
                    self.closed += 1;
                }
                Command::Put { .. } | Command::Remark { .. } => panic!("nobody leads this session"),
                Command::Cue(_) | Command::EndTurn { .. } | Command::Finish(_) => {}
            }
        }
    }

    fn reached(&mut self, engine: &mut Engine, now: Frame) {
        if self.prompt_ends.is_some_and(|end| end <= now) {
            self.prompt_ends = None;
            let commands = engine.step(now, Event::PromptEnded);
            self.act(engine, commands, now);
        }
    }
}

/// Runs a script of events, each at its frame, over blocks of the given sizes.
fn run(turns: &[TurnRules], script: &[(u64, Event)], blocks: &[usize], length: u64) -> (Engine, Notes) {
    let mut engine = Engine::new(turns.to_vec());
    let mut notes = Notes::default();
    let mut now = Frame(0);
    let first = engine.step(now, Event::Start);
    notes.act(&engine, first, now);
    let mut sizes = blocks.iter().cycle();
    let mut events = script.iter().peekable();
    while now.0 < length {
        // An event has its frame, as a key has the frame up to which was captured: a block ends there.
        let next = events.peek().map_or(length, |(frame, _)| (*frame).clamp(now.0, length));
        let size = sizes.next().copied().unwrap_or(1).min((next - now.0) as usize);
        pass(&mut engine, &mut now, size, &mut notes);
        while let Some((_, event)) = events.next_if(|(frame, _)| *frame <= now.0) {
            let commands = engine.step(now, *event);
            if *event == Event::CaptureLost || *event == Event::Pause {
                notes.prompt_ends = notes.prompt_ends.filter(|_| matches!(engine.phase(), Phase::Prompting { .. }));
            }
            notes.act(&engine, commands, now);
        }
    }
    (engine, notes)
}

fn an_event() -> impl Strategy<Value = Event> {
    prop::sample::select(vec![
        Event::Done,
        Event::Done,
        Event::Done,
        Event::Silence,
        Event::Retake,
        Event::Repeat,
        Event::Pause,
        Event::Resume,
        Event::Skip,
        Event::CaptureLost,
        Event::CaptureBack,
        Event::PromptFailed,
        Event::Quit,
    ])
}

prop_compose! {
    fn a_turn()(
        prep in prop::option::of(0u64..3_000),
        limit in prop::option::of(1u64..20_000),
        warn in prop::option::of(1u64..20_000),
        retakes in prop::option::of(0u32..3),
        gap in prop::option::of(0u64..500),
    ) -> TurnRules {
        TurnRules {
            prep: prep.map(Frames),
            limit: limit.map(Frames),
            warn: warn.map(Frames),
            retakes,
            gap: gap.map(Frames),
            takes: 0,
            over: false,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_block_size_is_invisible(
        turns in prop::collection::vec(a_turn(), 1..4),
        mut script in prop::collection::vec((0u64..100_000, an_event()), 0..40),
        blocks in prop::collection::vec(1usize..48_000, 1..8),
        small in 1usize..64,
    ) {
        script.sort_by_key(|(frame, _)| *frame);
        let length = 110_000;
        let (whole, one) = run(&turns, &script, &[48_000], length);
        for sizes in [&blocks[..], &[small], &[4_800]] {
            let (engine, other) = run(&turns, &script, sizes, length);
            prop_assert_eq!(engine.phase(), whole.phase());
            prop_assert_eq!(&other.commands, &one.commands);
            prop_assert_eq!(&other.takes, &one.takes);
        }
    }

    #[test]
    fn every_take_closes_and_none_exceeds_its_limit(
        turns in prop::collection::vec(a_turn(), 1..4),
        mut script in prop::collection::vec((0u64..100_000, an_event()), 0..40),
        blocks in prop::collection::vec(1usize..48_000, 1..8),
    ) {
        script.sort_by_key(|(frame, _)| *frame);
        script.push((100_001, Event::Quit));
        let (engine, notes) = run(&turns, &script, &blocks, 100_002);
        prop_assert!(matches!(engine.phase(), Phase::Finished(_)));
        prop_assert_eq!(notes.open, None);
        prop_assert_eq!(notes.closed, notes.takes.len());
        let ends: Vec<_> = notes.commands.iter().filter_map(|(_, command)| match command {
            Command::CloseTake { end, .. } => Some(*end),
            _ => None,
        }).collect();
        let mut seen = std::collections::HashSet::new();
        for ((turn, take, frames), end) in notes.takes.iter().zip(ends) {
            prop_assert!(seen.insert((*turn, *take)), "a take number is used twice");
            if let Some(limit) = turns[*turn].limit {
                prop_assert!(*frames <= limit.0);
                if end == TakeEnd::TimeUp {
                    prop_assert_eq!(*frames, limit.0);
                }
            }
        }
        let finishes = notes.commands.iter().filter(|(_, command)| matches!(command, Command::Finish(_))).count();
        prop_assert_eq!(finishes, 1);
        prop_assert!(matches!(notes.commands.last(), Some((_, Command::Finish(_)))));
    }
}

#[test]
fn ninety_seconds_at_48_khz_are_exactly_4_320_000_frames_at_any_block_size() {
    let turn =
        TurnRules { prep: Some(Frames(0)), limit: Some(Frames(4_320_000)), warn: Some(Frames(30 * 48_000)), ..rules() };
    for block in [1_000, 441, 1_024, 4_800, 9_600, 47_999, 48_000] {
        let (_, notes) = run(&[turn], &[], &[block], 4_400_000);
        assert_eq!(notes.takes, [(0, 1, 4_320_000)], "blocks of {block}");
    }
}
