//! The program is killed in the middle of an answer.

use std::time::{Duration, Instant};

use crate::program::{LONG, Program, report, samples, session};
use crate::sound::unbroken;
use crate::support::rig::{RATE, Rig, noise, until, write_wav};

#[test]
fn a_killed_session_keeps_its_take_and_asks_that_question_again() {
    let rig = Rig::start();
    let said = noise(30 * RATE as usize, 31);
    let wav = rig.folder().join("talk.wav");
    write_wav(&wav, &said, RATE);
    let _talking = rig.say(&wav);
    let mut program = Program::rehearse(&rig, "2", &["--limit", "2s", "--question", "how", "--question", "why"]);
    program.expect("Time is up", LONG);
    let (answering, _) = program.expect("Answer now", LONG);
    let (first, second) = (session(&rig).join("takes/01-how-1.wav"), session(&rig).join("takes/02-why-1.wav"));
    until("half of the answer is given", LONG, || answering.elapsed() >= Duration::from_millis(1_200));
    let killed = program.kill();

    let take = samples(&second);
    let (wall, kept) = (killed.duration_since(answering), Duration::from_secs(1) * take.len() as u32 / RATE);
    println!("{} ms of {} ms are kept", kept.as_millis(), wall.as_millis());
    assert!(kept + Duration::from_secs(1) >= wall, "{kept:?} of {wall:?}");
    unbroken(&take, &said);
    unbroken(&samples(&first), &said);
    let read = |path| std::fs::read(path).expect("the take is there");
    let before = [read(&first), read(&second)];

    let began = Instant::now();
    let mut program = Program::start(&rig, &["resume", "--plain", "--voice", "built-in"]);
    program.expect("Question 2 of 2", LONG);
    println!("asked again after {} ms", began.elapsed().as_millis());
    program.expect("Time is up", LONG);
    let aside = program.succeeds_saying(LONG);
    assert!(aside.contains("question 2, take 1: cut off after"), "what was repaired is said: {aside}");
    assert!(!program.heard().contains("Question 1 of 2"), "{}", program.heard());
    assert!(read(&first) == before[0], "a take that was whole is not touched");
    let after = read(&second);
    // What the header had not named yet is named now; nothing of what was said is written again.
    assert!(after[44..] == before[1][44..], "what was said is not touched");
    let whole = samples(&second);
    assert_eq!(whole.len() * 2, after.len() - 44, "the header names all that is there");
    unbroken(&whole, &said);

    let report = report(&rig);
    assert_eq!(report["outcome"], "finished", "{report}");
    let takes = |turn: usize| report["turns"][turn]["takes"].as_array().expect("takes").clone();
    assert_eq!((takes(0).len(), takes(1).len()), (1, 2), "{report}");
    assert_eq!((&takes(1)[0]["end"], &takes(1)[0]["frames"]), (&"interrupted".into(), &whole.len().into()), "{report}");
    assert_eq!((&takes(1)[1]["end"], &takes(1)[1]["frames"]), (&"time-up".into(), &(2 * RATE).into()), "{report}");
    let again = session(&rig).join(takes(1)[1]["file"].as_str().expect("a file"));
    unbroken(&samples(&again), &said);
}
