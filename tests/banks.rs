//! Golden bank files: each bad file gives exactly the lines beside it, and the banks that ship hold what they promise.

use std::path::Path;

use greenroom::interview::{Bank, Format, When};
use greenroom::store::bank_file::parse_bank;
use greenroom::store::banks::Banks;
use greenroom::store::format_file::{formats, parse_formats};

fn known() -> Vec<Format> {
    formats(None).expect("the built-in formats")
}

#[test]
fn every_bad_bank_says_all_that_is_wrong_with_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/banks");
    let mut seen = 0;
    let mut differences = String::new();
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let name = path.file_name().unwrap().to_string_lossy();
        let text = std::fs::read_to_string(path).unwrap();
        let said = match name.starts_with("formats") {
            true => parse_formats(&name, &text).map(drop),
            false => parse_bank(&name, &text, &known()).map(drop),
        };
        let said = said.map_or_else(|flaws| flaws.to_string() + "\n", |()| "fine\n".to_owned());
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if said != expected {
            differences += &format!("--- {name} should say\n{expected}--- but says\n{said}");
        }
        seen += 1;
    }
    assert!(seen >= 10, "the golden files are gone");
    assert!(differences.is_empty(), "\n{differences}");
}

fn shipped(id: &str) -> Bank {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("questions").join(id).with_extension("toml");
    Banks::check_file(&path, &known()).unwrap_or_else(|flaws| panic!("{flaws}"))
}

#[test]
fn the_engineering_bank_has_fifty_questions_in_four_sections() {
    let bank = shipped("vp-engineering");
    let of = |section: &str| bank.questions.iter().filter(|question| question.section == section).count();
    let counts: Vec<usize> = bank.sections.iter().map(|section| of(&section.id)).collect();
    assert_eq!(counts, [10, 15, 15, 10]);
    // In the order of the sections, so that numbers 41 to 50 are the drills.
    let order: Vec<&str> = bank.questions.iter().map(|question| question.section.as_str()).collect();
    let sorted: Vec<&str> = bank.sections.iter().flat_map(|each| vec![each.id.as_str(); of(&each.id)]).collect();
    assert_eq!(order, sorted);
    for (index, question) in bank.questions.iter().enumerate() {
        let is_drill = index >= 40;
        assert_eq!(question.section == "drills", is_drill, "{}", question.id);
        assert_eq!(question.answer.is_none(), is_drill, "{}", question.id);
    }
    let format = |section: &str| bank.section(section).map(|section| section.format.clone());
    assert_eq!(format("drills").as_deref(), Some("drill"));
}

/// The banks that ship.
const SHIPPED: [&str; 6] =
    ["vp-engineering", "behavioral", "engineering-manager", "staff-engineer", "product-manager", "site-reliability"];

#[test]
fn every_bank_has_as_many_questions_as_the_readme_says() {
    assert_eq!(SHIPPED.map(|id| shipped(id).questions.len()), [50, 30, 40, 40, 40, 40]);
}

#[test]
fn a_model_answer_covers_its_points_by_their_own_terms() {
    for bank in SHIPPED[2..].iter().map(|id| shipped(id)) {
        for question in &bank.questions {
            let answer = question.answer.as_ref().expect("each has one").as_str().to_lowercase();
            for point in &question.points {
                let shown = point.any.iter().any(|term| answer.contains(term.as_str()));
                assert!(shown, "{} of {}: no term of {} stands in the answer", question.id, bank.id, point.id);
            }
        }
    }
}

#[test]
fn no_two_shipped_questions_say_the_same() {
    let mut runs: std::collections::HashMap<Vec<String>, String> = std::collections::HashMap::new();
    for bank in SHIPPED.map(shipped) {
        for question in &bank.questions {
            let id = format!("{} of {}", question.id, bank.id);
            for text in [Some(&question.prompt), question.answer.as_ref()].into_iter().flatten() {
                let words: Vec<String> = text
                    .as_str()
                    .to_lowercase()
                    .split(|c: char| !c.is_alphanumeric() && c != '\'')
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned)
                    .collect();
                for run in words.windows(8) {
                    if let Some(other) = runs.insert(run.to_vec(), id.clone()) {
                        assert!(other == id, "{id} and {other}: {}", run.join(" "));
                    }
                }
            }
        }
    }
}

#[test]
fn every_shipped_question_has_its_tags_points_follow_ups_and_answer() {
    for bank in SHIPPED.map(shipped) {
        for question in &bank.questions {
            let id = &question.id;
            assert!((2..=5).contains(&question.tags.len()), "{id}: tags");
            assert!((4..=7).contains(&question.points.len()), "{id}: points");
            assert!(question.points.iter().all(|point| !point.any.is_empty()), "{id}: a point without terms");
            assert!(question.follow_ups.len() >= 2, "{id}: follow-ups");
            if let Some(answer) = &question.answer {
                assert!((90..=150).contains(&answer.words()), "{id}: an answer of {} words", answer.words());
            }
            for follow in &question.follow_ups {
                if let When::Missing(point) = &follow.when {
                    assert!(question.points.iter().any(|each| each.id == *point), "{id}: {point}");
                }
            }
        }
    }
}

#[test]
fn the_shipped_formats_are_the_promised_ones() {
    let seconds = |time: Option<std::time::Duration>| time.map(|time| time.as_secs());
    let known = known();
    let is: Vec<_> = known
        .iter()
        .map(|Format { id, timing, .. }| {
            let timing = *timing;
            let times = (seconds(timing.prep), seconds(timing.limit), seconds(timing.warn));
            (id.as_str(), times, timing.retakes, timing.gap.as_secs())
        })
        .collect();
    assert_eq!(
        is,
        [
            ("standard", (Some(20), Some(120), Some(30)), Some(1), 3),
            ("one-way", (Some(30), Some(180), Some(30)), Some(0), 3),
            ("phone", (Some(10), Some(90), Some(15)), Some(1), 3),
            ("drill", (Some(5), Some(60), Some(10)), Some(1), 3),
            ("panel", (Some(3), Some(150), Some(30)), Some(0), 2),
            ("open", (None, None, None), None, 3),
        ]
    );
}

fn bank_with(question: &str) -> String {
    let head = "schema = 1\nid = \"x\"\ntitle = \"X\"\n[[section]]\nid = \"s\"\ntitle = \"S\"\nformat = \"drill\"\n";
    format!("{head}{question}")
}

#[test]
fn a_prompt_that_nobody_would_listen_to_is_refused() {
    let question =
        |prompt: &str| bank_with(&format!("[[question]]\nid = \"q\"\nsection = \"s\"\nprompt = \"{prompt}\"\n"));
    let check = |prompt: &str| parse_bank("x.toml", &question(prompt), &known()).map(drop);
    assert_eq!(check(&"word ".repeat(600)), Ok(()));
    assert_eq!(check(&"x".repeat(4000)), Ok(()));
    assert!(check(&"word ".repeat(601)).unwrap_err().to_string().contains("601 words, at most 600"));
    assert!(check(&"x".repeat(4001)).unwrap_err().to_string().contains("4001 characters, at most 4000"));
}

#[test]
fn a_follow_up_may_be_left_to_chance() {
    for (word, percent) in [("chance", 50), ("chance:1", 1), ("chance:30", 30), ("chance:99", 99)] {
        let follow = format!("follow_ups = [{{ id = \"f\", prompt = \"And?\", when = \"{word}\" }}]");
        let text = bank_with(&format!("[[question]]\nid = \"q\"\nsection = \"s\"\nprompt = \"Why?\"\n{follow}\n"));
        let bank = parse_bank("x.toml", &text, &known()).unwrap();
        assert_eq!(bank.questions[0].follow_ups[0].when, When::Chance(percent), "{word}");
    }
}

#[test]
fn a_bank_has_at_most_five_thousand_questions() {
    let questions = |count: usize| {
        let question = |number| format!("[[question]]\nid = \"q{number}\"\nsection = \"s\"\nprompt = \"Why?\"\n");
        bank_with(&(0..count).map(question).collect::<String>())
    };
    assert_eq!(parse_bank("x", &questions(5000), &known()).unwrap().questions.len(), 5000);
    let flaws = parse_bank("x", &questions(5001), &known()).unwrap_err();
    assert!(flaws.to_string().contains("too many questions: 5001"), "{flaws}");
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_change_no_place() {
    let text = "\u{feff}schema = 1\r\nid = \"x\"\r\ntitle = 3\r\n";
    let flaws = parse_bank("x", text, &known()).unwrap_err();
    assert!(flaws.to_string().contains("x:3:9: `title`"), "{flaws}");
    assert!(flaws.flaws.iter().all(|flaw| !flaw.message.contains("schema")), "{flaws}");
}

#[test]
fn a_file_of_nothing_but_errors_is_told_of_in_bounded_time_and_length() {
    for line in ["]\n", "x\n", "a = [\n", "= 1\n", "\"\n", "[[question]]\n", "[a]\n", "{", ".", "\u{7}", "é"] {
        let text = line.repeat((512 << 10) / line.len());
        let flaws = parse_bank("x", &text, &known()).unwrap_err();
        assert!(flaws.flaws.len() <= 200, "{line:?}: {} flaws", flaws.flaws.len());
        assert!(flaws.to_string().len() < 100_000, "{line:?}");
    }
}
