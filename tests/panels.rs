//! Panel files: those that ship hold what they promise, and each mistake is told at its place with what to do.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use greenroom::interview::panel::voicing::{APART, SEATS};
use greenroom::interview::panel::{Accent, Agenda, Block, Closing, DropFirst, Gender, Manner, Voicing, needs, pool};
use greenroom::interview::{Bank, Format, Panel, Question, Seed};
use greenroom::store::banks::{Banks, Source};
use greenroom::store::format_file::formats;
use greenroom::store::panel_file::parse_panel;
use greenroom::store::panels::Panels;
use greenroom::store::{FileFlaws, FoundBy, Home};
use proptest::prelude::*;

fn known() -> Vec<Format> {
    formats(None).expect("the built-in formats")
}

fn banks() -> &'static Banks {
    static BANKS: OnceLock<Banks> = OnceLock::new();
    BANKS.get_or_init(|| Banks::built_in(known()))
}

fn parse(text: &str) -> Result<Panel, FileFlaws> {
    let banks = banks();
    parse_panel("p.toml", text, banks.formats(), &|id| banks.get(id))
}

fn shipped(id: &str) -> (Panel, Bank) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("questions/panels").join(id).with_extension("toml");
    let panel = Panels::check_file(&path, banks()).unwrap_or_else(|flaws| panic!("{flaws}"));
    let bank = banks().get(&panel.bank).expect("it was found before");
    (panel, bank)
}

const SHIPPED: [&str; 5] = ["vp-engineering", "vp-engineering-short", "behavioral", "screen", "drill"];

#[test]
fn the_shipped_panels_are_the_promised_ones() {
    let is: Vec<_> = SHIPPED
        .iter()
        .map(|id| {
            let (panel, _) = shipped(id);
            (panel.id.clone(), panel.length.as_secs() / 60, panel.panelists.len(), panel.format.clone())
        })
        .collect();
    let promised = |id: &str, minutes, people, format: &str| (id.to_owned(), minutes, people, format.to_owned());
    assert_eq!(
        is,
        [
            promised("vp-engineering", 60, 5, "panel"),
            promised("vp-engineering-short", 25, 3, "panel"),
            promised("behavioral", 30, 3, "panel"),
            promised("screen", 15, 1, "one-way"),
            promised("drill", 10, 1, "drill"),
        ]
    );
    let (panel, _) = shipped("vp-engineering");
    let roles: Vec<&str> = panel.panelists.iter().map(|panelist| panelist.role.as_str()).collect();
    assert_eq!(
        roles,
        [
            "chief executive",
            "chief technology officer",
            "chief product officer",
            "chief financial officer",
            "director who would report to you"
        ]
    );
    assert_eq!((panel.chair, panel.panelists[0].manner, panel.panelists[3].manner), (0, Manner::Warm, Manner::Tough));
    assert!(panel.closing.own_questions && panel.panelists.iter().all(|panelist| !panelist.focus.is_empty()));
    let (drill, _) = shipped("drill");
    assert_eq!((drill.blocks[0].sections.as_slice(), drill.limit(0)), (&["drills".to_owned()][..], secs(60)));
    assert_eq!(shipped("screen").0.timing.retakes, Some(0));
}

#[test]
fn every_panelist_of_a_shipped_panel_has_questions_for_three_sessions() {
    for id in SHIPPED {
        let (panel, bank) = shipped(id);
        for (place, block) in panel.blocks.iter().enumerate() {
            let found = pool::pool(&panel, place, &bank).len();
            assert!(found >= 3 * block.least, "{id}, block {place}: {found}");
        }
        assert!(panel.length >= 2 * needs::least_length(&panel, &bank), "{id} has room for more than its least");
    }
}

#[test]
fn whatever_is_drawn_of_a_panel_fits_into_the_least_length_that_its_file_may_have() {
    for mut panel in SHIPPED.map(|id| shipped(id).0).into_iter().chain([parse(WHOLE).unwrap()]) {
        let bank = banks().get(&panel.bank).unwrap();
        panel.length = needs::least_length(&panel, &bank);
        for seed in 0..50 {
            let drawn = Agenda::draw(&panel, &bank, None, Seed(seed)).map(drop);
            assert_eq!(drawn, Ok(()), "{} with the seed {seed}", panel.id);
        }
    }
}

#[test]
fn the_shares_of_a_shipped_panel_are_those_of_its_file() {
    let (panel, _) = shipped("vp-engineering");
    let all: u32 = panel.blocks.iter().map(|block| block.weight).sum();
    let percent: Vec<u32> = panel.blocks.iter().map(|block| (100 * block.weight + all / 2) / all).collect();
    assert_eq!(percent, [17, 28, 19, 17, 19]);
}

#[test]
fn a_seat_sounds_like_no_other() {
    for (one, other) in (0..SEATS).flat_map(|one| (0..one).map(move |other| (one, other))) {
        let (one, other) = (Voicing::of_seat(one), Voicing::of_seat(other));
        assert!(one.apart(&other) >= 3.0, "{one:?} and {other:?}: {}", one.apart(&other));
        assert_ne!(one.espeak, other.espeak);
    }
    for voicing in (0..SEATS).map(Voicing::of_seat) {
        assert!((55..=150).contains(&voicing.pitch) && (88..=110).contains(&voicing.speed), "{voicing:?}");
    }
}

#[test]
fn the_example_of_the_manual_is_a_panel() {
    let manual = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/panels.md")).unwrap();
    let example = manual.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(parse(example).unwrap().panelists.len(), 2);
}

/// A panel with all there is.
const WHOLE: &str = r#"schema = 1
id = "mine"
title = "Mine"
bank = "vp-engineering"
format = "panel"
length = "60m"
shortest = "1m"
drop_first = "questions"
follow_ups = 1
hesitant = 40

[[panelist]]
id = "boss"
role = "chief executive"
chair = true
manner = "warm"
focus = ["strategy", "board"]

[[panelist]]
id = "tech"
role = "chief technology officer"
manner = "tough"
voice = { gender = "male", accent = "british", pitch = 70, speed = 95, espeak = "en-us+m3", system = "Daniel" }

[[panelist]]
id = "money"
role = "chief financial officer"

[opening]
welcome = "Good morning, and welcome."

[[block]]
panelist = "boss"
count = 2
questions = ["okr-alignment"]
sections = ["foundations"]
tags = ["strategy"]

[[block]]
panelist = "tech"
share = 40
least = 2
sections = ["execution"]

[[block]]
panelist = "money"
tags = ["cost", "vendor"]

[closing]
time = "5m"
own_questions = true
farewell = "Thank you for coming."
"#;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn everything_that_is_said_is_kept() {
    let panel = parse(WHOLE).unwrap();
    assert_eq!((panel.length, panel.shortest, panel.follow_ups, panel.hesitant), (secs(3600), secs(60), 1, 40));
    assert_eq!((panel.drop_first, panel.chair), (DropFirst::Questions, 0));
    assert_eq!(panel.panelists[0].focus, ["strategy", "board"]);
    let voicing = Voicing {
        accent: Accent::British,
        gender: Gender::Male,
        pitch: 70,
        speed: 95,
        espeak: "en-us+m3".to_owned(),
        system: Some("Daniel".to_owned()),
    };
    assert_eq!(panel.panelists[1].voicing, voicing);
    assert_eq!(panel.panelists[2].voicing, Voicing::of_seat(2));
    assert_eq!(panel.panelists[2].manner, Manner::Neutral);
    assert_eq!(panel.welcome.unwrap().as_str(), "Good morning, and welcome.");
    assert_eq!((panel.blocks[0].most, panel.blocks[1].least, panel.blocks[2].least), (Some(2), 2, 1));
    let Closing { time, own_questions, farewell } = panel.closing;
    assert_eq!((time, own_questions, farewell.unwrap().as_str()), (secs(300), true, "Thank you for coming."));
}

#[test]
fn what_is_not_said_is_as_it_is_documented() {
    let least = "schema = 1\nid = \"m\"\ntitle = \"M\"\nbank = \"behavioral\"\nformat = \"phone\"\nlength = \"20m\"\n\
        [[panelist]]\nid = \"a\"\nrole = \"recruiter\"\n[[block]]\npanelist = \"a\"\nsections = [\"yourself\"]\n";
    let panel = parse(least).unwrap();
    assert_eq!((panel.shortest, panel.follow_ups, panel.hesitant), (secs(30), 2, 45));
    assert_eq!((panel.drop_first, panel.chair, panel.timing.retakes), (DropFirst::FollowUps, 0, Some(0)));
    assert_eq!(panel.closing, Closing { time: secs(120), own_questions: true, farewell: None });
    assert_eq!((panel.welcome, panel.blocks[0].least, panel.blocks[0].most), (None, 1, None));
}

/// Changes one place of the whole panel and demands exactly these mistakes.
#[track_caller]
fn says(change: &[(&str, &str)], expected: &[&str]) {
    let mut text = WHOLE.to_owned();
    for (old, new) in change {
        assert_eq!(text.matches(old).count(), 1, "{old:?} stands there once");
        text = text.replace(old, new);
    }
    let said = parse(&text).map(drop).map_err(|flaws| flaws.to_string()).expect_err("there is a mistake");
    let said: Vec<&str> = said.lines().map(|line| line.strip_prefix("p.toml:").expect("the file")).collect();
    assert_eq!(said, expected);
}

#[test]
fn an_unknown_bank_is_told_with_the_nearest() {
    let near = "4:8: unknown bank `vp-enginering`: did you mean `vp-engineering`?";
    says(&[("bank = \"vp-engineering\"", "bank = \"vp-enginering\"")], &[near]);
}

#[test]
fn a_bank_with_mistakes_is_told_with_its_file_and_the_first_of_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("questions")).unwrap();
    std::fs::write(folder.path().join("questions/bad.toml"), "schema = 1\nid = \"bad\"\ntitle = 3\n").unwrap();
    let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
    let banks = Banks::open(&home, known());
    let text = WHOLE.replace("bank = \"vp-engineering\"", "bank = \"bad\"");
    let said = parse_panel("p.toml", &text, &known(), &|id| banks.get(id)).unwrap_err().to_string();
    assert!(said.starts_with("p.toml:4:8: the bank `bad` has mistakes (line 1: the bank is empty"), "{said}");
    assert!(said.contains("bad.toml") && said.contains("`greenroom questions check`"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn the_name_of_the_candidates_own_questions_is_kept_for_them() {
    let mut bank = banks().get("vp-engineering").unwrap();
    bank.questions[3].id = "own-questions".to_owned();
    let said = parse_panel("p.toml", WHOLE, &known(), &|_| Ok(bank.clone())).unwrap_err().to_string();
    assert_eq!(
        said,
        "p.toml:4:8: the bank `vp-engineering` has a question `own-questions`, which is the name of the candidate's \
         own questions: rename it"
    );
}

#[test]
fn unknown_questions_sections_and_tags_are_told_where_they_stand() {
    let question = "35:14: unknown question `okr-alignmnt` in block 1: did you mean `okr-alignment`?";
    says(&[("\"okr-alignment\"", "\"okr-alignmnt\"")], &[question]);
    let section = "36:22: unknown section `fundations` in block 1: did you mean `foundations`?";
    says(&[("sections = [\"foundations\"]", "sections = [\"scale\", \"fundations\"]")], &[section]);
    let tag = "47:17: unknown tag `vendors` in block 3: did you mean `vendor`?";
    says(&[("\"cost\", \"vendor\"", "\"cost\", \"vendors\"")], &[tag]);
    let focus = "17:22: unknown tag `boards` in the focus of the panelist `boss`: did you mean `board`?";
    says(&[("\"strategy\", \"board\"", "\"strategy\", \"boards\"")], &[focus]);
}

#[test]
fn an_unknown_panelist_is_told_and_nobody_is_said_to_be_silent_for_it() {
    let near = "46:12: `mony` is on no seat of the panel: did you mean `money`?";
    says(&[("panelist = \"money\"", "panelist = \"mony\"")], &[near]);
}

#[test]
fn an_unknown_format_is_told_with_the_nearest_and_one_without_times_with_those_that_have_them() {
    says(&[("format = \"panel\"", "format = \"panle\"")], &["5:10: unknown format `panle`: did you mean `panel`?"]);
    let open = "5:10: the format `open` leaves the time to the candidate, and a panel needs one with a prep time and \
                a limit: `standard`, `one-way`, `phone`, `drill`, `panel`";
    says(&[("format = \"panel\"", "format = \"open\"")], &[open]);
}

#[test]
fn an_unknown_voice_is_told_in_each_of_its_words() {
    let voice = "gender = \"male\", accent = \"british\", pitch = 70, speed = 95, espeak = \"en-us+m3\"";
    let wrong = "gender = \"mael\", accent = \"scottish\", pitch = 40, speed = \"fast\", espeak = \"en-us+m33\"";
    let told = [
        "23:20: `gender` in the voice of the panelist `tech` cannot be `mael`: did you mean `male`?",
        "23:37: `accent` in the voice of the panelist `tech` cannot be `scottish`: expected one of `american`, `british`",
        "23:57: `pitch` in the voice of the panelist `tech` must be a number from 50 to 200, found the number `40`",
        "23:69: `speed` in the voice of the panelist `tech` must be a number from 90 to 130, found the string `fast`",
        "23:86: `en-us+m33` is no voice of espeak-ng: it has no variant `m33` that sounds like somebody else: \
         did you mean `m3`?",
    ];
    says(&[(voice, wrong)], &told);
    for (name, why) in [
        ("en-gb+m3", "espeak-ng passes variants of `en-gb` over: write `en-gb-x-rp+m3`"),
        ("en-gb-scotlnd+m3", "no English of it is `en-gb-scotlnd`: did you mean `en-gb-scotland`?"),
        ("-f /etc/passwd", "write it as `en-us+f3`: a language, `+` and a variant"),
    ] {
        says(&[("en-us+m3", name)], &[&format!("23:81: `{name}` is no voice of espeak-ng: {why}")]);
    }
}

#[test]
fn an_unknown_word_or_key_is_told_with_the_nearest() {
    says(
        &[("manner = \"tough\"", "manner = \"tuff\"")],
        &["22:10: `manner` in the panelist `tech` cannot be `tuff`: expected one of `warm`, `neutral`, `tough`"],
    );
    says(
        &[("drop_first = \"questions\"", "drop_first = \"question\"")],
        &["8:14: `drop_first` in the file cannot be `question`: did you mean `questions`?"],
    );
    says(&[("least = 2", "leest = 2")], &["42:1: unknown key `leest` in block 2: did you mean `least`?"]);
    says(
        &[("hesitant = 40", "hesitant = 95")],
        &["10:12: `hesitant` in the file must be a number from 10 to 90, found the number `95`"],
    );
    says(
        &[("follow_ups = 1", "follow_ups = 3")],
        &["9:14: `follow_ups` in the file must be a number from 0 to 2, found the number `3`"],
    );
}

#[test]
fn shares_beyond_the_whole_are_told_at_the_one_that_is_too_much() {
    let change = [("share = 40", "share = 70"), ("panelist = \"money\"\n", "panelist = \"money\"\nshare = 31\n")];
    says(&change, &["47:9: the shares make 101 percent up to here: all together have 100"]);
    let none = "41:9: `share` in block 2 must be a number from 1 to 100, found the number `0`";
    says(&[("share = 40", "share = 0")], &[none]);
}

#[test]
fn counts_that_exceed_the_length_are_told_with_what_is_left() {
    let all = "sections = [\"foundations\", \"execution\", \"scale\"]";
    let change = [("count = 2\n", "count = 30\n"), ("sections = [\"foundations\"]\ntags = [\"strategy\"]", all)];
    says(
        &change,
        &["34:9: block 1 takes 1h27m34s with full answers, and of the 54m57s between opening and closing \
                     54m57s is left: lower shares and counts, or make the session longer"],
    );
}

#[test]
fn shares_and_counts_that_leave_nothing_for_others_are_told() {
    let none = "41:9: shares and counts leave no time for block 1: lower them, or give it a share";
    says(&[("count = 2\n", "least = 1\n"), ("share = 40", "share = 100")], &[none]);
}

#[test]
fn a_block_without_questions_is_told_with_what_there_would_be() {
    let tags = "sections = [\"drills\"]\ntags = [\"board\", \"ai\"]";
    says(
        &[("least = 2\nsections = [\"execution\"]", &tags.replace("\"board\", ", ""))],
        &["43:8: block 2 has no questions: none of the section `drills` has the tag `ai`; there are `architecture`, \
         `board`, `change`, `communication`, `conflict`, `cost`, `culture`, `decision`, `delivery`, `feedback`, \
         `incident`, `learning`"],
    );
    says(
        &[("sections = [\"execution\"]", tags)],
        &[
            "42:9: block 2 is to ask 2 questions at least and has only 1: lower `least`, or name more questions, sections \
         or tags",
        ],
    );
}

#[test]
fn a_block_that_names_nothing_is_told() {
    let none = "39:1: block 2 asks nothing: name its `questions`, `sections` or `tags`";
    says(&[("sections = [\"execution\"]\n", "")], &[none]);
    let empty = "39:1: block 2 asks nothing: its lists are empty; name a question, a section or a tag";
    says(&[("sections = [\"execution\"]", "sections = []")], &[empty]);
}

#[test]
fn blocks_that_compete_for_the_same_questions_are_found() {
    // One question has the tag; the other block has another tag in vain.
    let tech = ("least = 2\nsections = [\"execution\"]", "tags = [\"open-source\"]");
    let money = ("tags = [\"cost\", \"vendor\"]", "sections = [\"scale\"]\ntags = [\"vendor\", \"open-source\"]");
    says(
        &[tech, money],
        &[
            "44:1: block 3 cannot have the one question that it asks at least: other blocks need the same ones, and none \
         is left for it; name more questions, sections or tags",
        ],
    );
    // The first block could take either; there is enough where it takes the right one.
    let money = ("tags = [\"cost\", \"vendor\"]", "tags = [\"testing\"]");
    let tech = ("least = 2\nsections = [\"execution\"]", "tags = [\"testing\", \"open-source\"]");
    let text = WHOLE.replace(tech.0, tech.1).replace(money.0, money.1);
    let panel = parse(&text).unwrap();
    let bank = banks().get(&panel.bank).unwrap();
    let floors = pool::floors(&panel, &bank).unwrap();
    let ids: Vec<Vec<&str>> = floors.iter().map(|floor| floor.iter().map(|each| each.id.as_str()).collect()).collect();
    assert_eq!(ids, [["okr-alignment"], ["open-source-policy"], ["fast-quality-gates"]]);
}

#[test]
fn a_question_is_asked_once() {
    let twice = "44:14: the question `okr-alignment` is asked on line 35 already: nothing is asked twice";
    says(&[("least = 2\nsections = [\"execution\"]", "least = 1\n\nquestions = [\"okr-alignment\"]")], &[twice]);
}

#[test]
fn a_length_too_short_for_the_agenda_says_the_least_that_would_do() {
    let short = "6:10: `length` is 9m, too short for this agenda: the opening, the least questions of each block with \
                 answers of 1m, and the closing take 11m38s; give it that, or ask less";
    says(&[("length = \"60m\"", "length = \"9m\"")], &[short]);
    assert!(parse(&WHOLE.replace("length = \"60m\"", "length = \"12m15s\"").replace("count = 2\n", "")).is_ok());
    let long = "6:10: `length` in the file must be from 1m to 4h";
    says(&[("length = \"60m\"", "length = \"5h\"")], &[long]);
}

#[test]
fn times_that_do_not_go_together_are_told() {
    let answer = "7:12: `shortest` is 3m, longer than an answer may be: 2m30s by the format";
    says(&[("shortest = \"1m\"", "shortest = \"3m\"")], &[answer]);
    let closing = "50:8: the closing has 10s, and what is said in it takes about 39s: give it that";
    says(&[("time = \"5m\"", "time = \"10s\"")], &[closing]);
    let least = "35:9: `least` in block 1 is more than its `count`, 2: make one of them fit";
    let change = [("count = 2\n", "count = 2\nleast = 3\n"), ("tags = [\"strategy\"]\n", "")];
    says(&change, &[least]);
}

#[test]
fn a_panelist_who_never_speaks_is_told() {
    let silent = "25:1: `money` never speaks: give `money` a [[block]], or leave this panelist out";
    says(&[("panelist = \"money\"", "panelist = \"tech\"")], &[silent]);
    // The chair opens and closes.
    assert!(parse(&WHOLE.replace("panelist = \"boss\"", "panelist = \"tech\"")).is_ok());
}

#[test]
fn two_who_would_sound_alike_are_told_with_the_pitch_that_would_do() {
    let pitch = "23:56: `tech` and `boss` would sound alike: the built-in voice speaks at 174 and 168 Hz, less than 2 \
                 semitones apart; `pitch = 86` would do";
    says(&[("pitch = 70", "pitch = 100")], &[pitch]);
    assert!(parse(&WHOLE.replace("pitch = 70", "pitch = 86")).is_ok());
    let espeak = "23:81: `tech` and `boss` would sound alike with espeak-ng: choose another voice, such as \
                  `en-gb-x-rp+m7`";
    says(&[("espeak = \"en-us+m3\"", "espeak = \"en-us+f1\"")], &[espeak]);
    let role = "role = \"chief financial officer\"";
    let system = "28:20: `money` and `tech` have one voice of the system, `daniel`: choose another for one";
    says(&[(role, &format!("{role}\nvoice = {{ system = \"daniel\" }}"))], &[system]);
}

#[test]
fn whoever_says_to_be_a_man_has_the_seat_of_one() {
    let role = "role = \"chief financial officer\"";
    let panel = parse(&WHOLE.replace(role, &format!("{role}\nvoice = {{ gender = \"male\" }}"))).unwrap();
    let voicing = &panel.panelists[2].voicing;
    assert_eq!((voicing.gender, voicing), (Gender::Male, &Voicing::of_seat(3)));
    // Four women are one more than there are seats for; their voices differ all the same.
    let seats = Voicing::seats(&[Some(Gender::Female); SEATS]);
    for (one, other) in (0..SEATS).flat_map(|one| (0..one).map(move |other| (one, other))) {
        assert!(seats[one].apart(&seats[other]) >= APART && seats[one].espeak != seats[other].espeak);
    }
}

#[test]
fn there_is_one_chair() {
    says(&[("chair = true\n", "")], &["12:1: nobody is the chair: give one panelist `chair = true`"]);
    let two = "22:9: the chair is `boss` already: only one panelist has `chair = true`";
    says(&[("manner = \"tough\"", "chair = true")], &[two]);
}

#[test]
fn ids_and_roles_are_taken_once() {
    let id = "26:6: the panelist id `tech` is taken: it stands first on line 20";
    says(&[("id = \"money\"", "id = \"tech\""), ("panelist = \"money\"", "panelist = \"boss\"")], &[id]);
    let role = "27:8: two panelists are `chief executive`: the chair hands over by role, so give another";
    says(&[("\"chief financial officer\"", "\"chief executive\"")], &[role]);
    let article = "27:8: `role` in the panelist `money` is spoken after \"our\" and \"the\": leave out `the`";
    says(&[("\"chief financial officer\"", "\"The chief financial officer\"")], &[article]);
}

#[test]
fn a_panel_has_at_most_six_panelists_and_24_blocks() {
    let more: String = (0..4).map(|n| format!("[[panelist]]\nid = \"p{n}\"\nrole = \"guest {n}\"\n")).collect();
    let asks: String = (0..3).map(|n| format!("[[block]]\npanelist = \"p{n}\"\ntags = [\"people\"]\n")).collect();
    let change = [("[opening]\n", &*format!("{more}[opening]\n")), ("[closing]\n", &*format!("{asks}[closing]\n"))];
    says(&change, &["38:1: too many panelists: 7, at most 6, so that voices differ"]);
    let asks = "[[block]]\npanelist = \"tech\"\ntags = [\"people\"]\n".repeat(22);
    let many = "112:1: too many blocks: 25, at most 24";
    says(&[("[closing]\n", &format!("{asks}[closing]\n"))], &[many]);
}

#[test]
fn a_panel_of_nobody_and_nothing_says_all_that_is_missing() {
    let said = parse("").unwrap_err().to_string();
    let expected = [
        "`schema` is missing in the file: expected `schema = 1`",
        "`id` is missing in the file: expected a string",
        "`title` is missing in the file: expected a string",
        "`bank` is missing in the file: expected a string",
        "`format` is missing in the file: expected a string",
        "`length` is missing in the file: expected a duration such as \"60m\"",
        "nobody is on the panel: it needs at least one [[panelist]]",
        "nobody asks anything: the panel needs at least one [[block]]",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected.map(|line| format!("p.toml:1:1: {line}")));
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let change = [("format = \"panel\"", "format = \"panle\""), ("warm", "worm"), ("\"cost\"", "\"costs\"")];
    let text = change.iter().fold(WHOLE.to_owned(), |text, (old, new)| text.replace(old, new));
    let places: Vec<_> = parse(&text).unwrap_err().flaws.iter().map(|flaw| (flaw.line, flaw.column)).collect();
    assert_eq!(places, [(5, 10), (16, 10), (47, 9)]);
}

/// A home with these panels.
fn home_with(files: &[(&str, &str)]) -> (tempfile::TempDir, Panels) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home { root: folder.path().to_owned(), found: FoundBy::Flag };
    std::fs::create_dir_all(home.questions().join("panels")).unwrap();
    for (name, text) in files {
        std::fs::write(home.questions().join("panels").join(name), text).unwrap();
    }
    let panels = Panels::open(&home, &Banks::open(&home, known()));
    (folder, panels)
}

#[test]
fn an_own_panel_stands_beside_the_built_in_ones_and_replaces_one_of_its_id() {
    let drill = WHOLE.replace("\"mine\"", "\"drill\"");
    let bad = WHOLE.replace("\"mine\"", "\"bad\"").replace("60m", "9m");
    let (_folder, panels) =
        home_with(&[("a.toml", WHOLE), ("b.toml", &drill), ("c.toml", &bad), ("d.toml", "["), ("e.toml", WHOLE)]);
    let list = panels.list();
    let ids: Vec<&str> = list.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids[..5], SHIPPED);
    assert_eq!(ids[5..], ["mine", "bad", "d", "e"]);
    assert_eq!(panels.get("mine").unwrap().title.as_str(), "Mine");
    assert_eq!(panels.get("drill").unwrap().panelists.len(), 3);
    let replaced = list.iter().find(|entry| entry.id == "drill").unwrap();
    assert!(matches!(&replaced.source, Source::File(path) if path.ends_with("b.toml")));
    for (id, word) in [("bad", "too short"), ("d", "d.toml:1:"), ("e", "a.toml")] {
        let said = panels.get(id).unwrap_err().to_string();
        assert!(said.contains(word), "{id}: {said}");
    }
    let unknown = panels.get("behavioural").unwrap_err().to_string();
    assert!(unknown.contains("did you mean `behavioral`?"), "{unknown}");
}

#[test]
fn the_text_of_a_panel_is_a_panel_and_that_of_an_own_one_is_its_file() {
    let (_folder, panels) = home_with(&[("a.toml", WHOLE), ("torn.toml", "[")]);
    for id in SHIPPED {
        assert_eq!(parse(&panels.text(id).unwrap()).unwrap(), panels.get(id).unwrap(), "{id}");
    }
    assert_eq!(panels.text("mine").unwrap(), WHOLE);
    assert_eq!(panels.text("torn").unwrap(), "[");
}

/// A bank of questions with these tags, and a panel whose blocks ask these tags, so many at least.
fn contest(questions: &[Vec<u8>], blocks: &[(Vec<u8>, usize)]) -> (Panel, Bank) {
    let (mut panel, mut bank) = shipped("drill");
    let name = |tag: &u8| format!("t{tag}");
    let model = bank.questions[0].clone();
    bank.questions = questions
        .iter()
        .enumerate()
        .map(|(place, tags)| {
            let tags = tags.iter().map(name).collect();
            Question { id: format!("q{place}"), tags, ..model.clone() }
        })
        .collect();
    let model = Block { sections: Vec::new(), ..panel.blocks[0].clone() };
    let block = |(tags, least): &(Vec<u8>, usize)| {
        let tags = tags.iter().map(name).collect();
        Block { tags, least: *least, ..model.clone() }
    };
    panel.blocks = blocks.iter().map(block).collect();
    (panel, bank)
}

proptest! {
    #[test]
    fn there_is_enough_for_all_exactly_where_there_is_enough_for_every_group_of_blocks(
        questions in prop::collection::vec(prop::collection::vec(0..5_u8, 1..3), 1..8),
        blocks in prop::collection::vec((prop::collection::vec(0..5_u8, 1..3), 1..4_usize), 1..5),
    ) {
        let (panel, bank) = contest(&questions, &blocks);
        // Hall's theorem: however many blocks are put together, their questions are as many as they need.
        let enough = (1_u32..1 << blocks.len()).all(|group| {
            let of_group = |place: &usize| group >> place & 1 == 1;
            let needed: usize = (0..blocks.len()).filter(of_group).map(|place| blocks[place].1).sum();
            let has = |tags: &Vec<u8>| (0..blocks.len()).filter(of_group).any(|place| {
                tags.iter().any(|tag| blocks[place].0.contains(tag))
            });
            questions.iter().filter(|tags| has(tags)).count() >= needed
        });
        match pool::floors(&panel, &bank) {
            Ok(floors) => {
                prop_assert!(enough);
                let mut all: Vec<&str> = Vec::new();
                for (place, floor) in floors.iter().enumerate() {
                    prop_assert_eq!(floor.len(), blocks[place].1);
                    let pool = pool::pool(&panel, place, &bank);
                    prop_assert!(floor.iter().all(|question| pool.contains(question)));
                    all.extend(floor.iter().map(|question| question.id.as_str()));
                }
                let count = all.len();
                all.sort_unstable();
                all.dedup();
                prop_assert_eq!(all.len(), count, "nothing is asked twice");
            }
            Err(starved) => {
                prop_assert!(!enough);
                prop_assert!(starved.found < blocks[starved.block].1);
            }
        }
    }
}
