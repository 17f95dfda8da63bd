//! Outlines as banks, and banks that are imported again.

use super::*;
use crate::import::{plain, recognise::recognise};

fn outline(text: &str) -> Outline {
    recognise(&plain::blocks(text))
}

fn first(text: &str) -> Draft {
    draft(&outline(text), "tea", "Tea", None).expect("it has questions")
}

fn again(text: &str, before: &Draft, now: &Bank) -> Draft {
    let earlier = Earlier { now, written: Some(&before.written), before: &[] };
    draft(&outline(text), "tea", "Tea", Some(earlier)).expect("it has questions")
}

fn ids(bank: &Bank) -> Vec<&str> {
    bank.questions.iter().map(|question| question.id.as_str()).collect()
}

const TEA: &str = "Making\n1. How do you warm the pot?\nWith boiling water, which I pour out again before the leaves go in.\n\
    2. Which leaves do you buy?\nLoose ones, from a dealer who tells me when they were picked.\nServing\n\
    3. When do you add the milk?\nNever before the tea, whatever my aunt says about porcelain.\n4. Who gets the first cup?\n";

#[test]
fn a_file_imported_twice_gives_the_same_bank() {
    let one = first(TEA);
    let two = again(TEA, &one, &one.bank);
    assert_eq!(two.bank, one.bank);
    assert_eq!(two.written, one.written);
    assert_eq!(two.changes, Changes::default());
}

#[test]
fn a_changed_file_keeps_the_ids_of_its_questions() {
    let one = first(TEA);
    let changed = "Serving\n1. When do you add the milk, if ever?\nNever before the tea, whatever my aunt says about porcelain.\n2. Who gets the first cup?\n\
        3. Where do you drink it?\nMaking\n4. How do you warm the teapot?\nWith boiling water, which I pour out again before the leaves go in.\n";
    let two = again(changed, &one, &one.bank);
    let id = |bank: &Bank, word: &str| {
        bank.questions.iter().find(|question| question.prompt.as_str().contains(word)).unwrap().id.clone()
    };
    for word in ["milk", "first cup", "warm"] {
        assert_eq!(id(&one.bank, word), id(&two.bank, word), "{word}");
    }
    assert_eq!(two.changes.added, [id(&two.bank, "Where")]);
    assert_eq!(two.changes.removed, [id(&one.bank, "leaves do")]);
    assert!(!ids(&one.bank).contains(&id(&two.bank, "Where").as_str()));
    assert_eq!(one.bank.section("making"), two.bank.section("making"));
}

#[test]
fn what_a_person_changed_stays() {
    let one = first(TEA);
    let mut mine = one.bank.clone();
    mine.title = Text::clean("My tea");
    mine.sections[0].title = Text::clean("The pot");
    mine.sections[0].format = "drill".to_owned();
    mine.questions[0].answer = Some(Text::clean("With steam."));
    mine.questions[0].tags = vec!["pots".to_owned()];
    mine.questions[1].prompt = Text::clean("Which leaves would you never buy?");
    mine.questions[2].points =
        vec![Point { id: "aunt".into(), text: Text::clean("Names the aunt"), any: Vec::new(), proposed: false }];
    let gone = mine.questions.remove(3);
    let own = Question { id: "biscuits".into(), prompt: Text::clean("And biscuits?"), ..gone.clone() };
    mine.questions.push(own.clone());
    // Three times over, and with a change of the file in between.
    let mut before = one.clone();
    let mut now = mine.clone();
    for text in [TEA.to_owned(), format!("{TEA}5. Where do you drink it?\n"), TEA.to_owned()] {
        let next = again(&text, &before, &now);
        assert_eq!(next.bank.title, mine.title);
        assert_eq!(next.bank.sections, mine.sections);
        assert_eq!(next.bank.questions[..3], mine.questions[..3]);
        assert_eq!(next.bank.question("biscuits"), Some(&own));
        assert_eq!(next.bank.question(&gone.id), None);
        assert_eq!(next.changes.out, std::slice::from_ref(&gone.id));
        now = next.bank.clone();
        before = next;
    }
    assert_eq!(now, mine);
}

#[test]
fn a_new_answer_of_the_file_does_not_replace_a_persons_own() {
    let one = first(TEA);
    let mut mine = one.bank.clone();
    mine.questions[0].answer = Some(Text::clean("With steam."));
    let two = again(&TEA.replace("With boiling water", "With hot water"), &one, &mine);
    assert_eq!(two.bank.questions[0].answer, mine.questions[0].answer);
    assert!(two.unsure.iter().any(|remark| remark.text.contains("the bank keeps its own")), "{:?}", two.unsure);
    let three = again(&TEA.replace("With boiling water", "With hot water"), &one, &one.bank);
    assert!(three.bank.questions[0].answer.as_ref().unwrap().as_str().starts_with("With hot water"));
}

#[test]
fn the_id_of_a_question_that_left_is_given_to_no_other() {
    let one = first("1. Why tea?\n2. Why coffee?\n");
    let two = again("1. Why tea?\n", &one, &one.bank);
    let known = [one.bank.clone()];
    let earlier = Earlier { now: &two.bank, written: Some(&two.written), before: &known };
    // Another question that would have the same id, and then the old one itself.
    let other = draft(&outline("1. Why tea?\n2. Why, oh why: coffee, when?\n"), "tea", "Tea", Some(earlier)).unwrap();
    assert!(!ids(&other.bank).contains(&"coffee"), "{:?}", ids(&other.bank));
    let back = draft(&outline("1. Why coffee?\n2. Why tea?\n"), "tea", "Tea", Some(earlier)).unwrap();
    assert_eq!(ids(&back.bank), ["coffee", "tea"]);
}

#[test]
fn what_does_not_fit_into_a_bank_is_told() {
    let mut outline = outline("1. Why tea?\n2. Why coffee?\n3. Why water?\n");
    outline.items[0].answer = Some("A long sentence of an answer. ".repeat(300));
    outline.items[1].prompt = "word ".repeat(700);
    let draft = draft(&outline, "tea", "Tea", None).unwrap();
    assert_eq!(draft.bank.questions.len(), 2);
    let kept = draft.bank.questions[0].answer.as_ref().unwrap();
    assert!(kept.as_str().ends_with('.') && kept.as_str().chars().count() > 3_900);
    assert_eq!((draft.unsure.len(), draft.left_out.len()), (1, 1));
    outline.items =
        (0..5_003).map(|line| Item { line, prompt: format!("Why number {line}?"), ..Item::default() }).collect();
    let draft = super::draft(&outline, "tea", "Tea", None).unwrap();
    assert_eq!((draft.bank.questions.len(), draft.left_out.len()), (5_000, 3));
    let mut ids = ids(&draft.bank);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5_000);
}

#[test]
fn points_are_proposed_where_there_is_an_answer() {
    let bank = first(TEA).bank;
    assert!(bank.questions.iter().any(|question| !question.points.is_empty()));
    assert!(bank.questions.iter().flat_map(|question| &question.points).all(|point| point.proposed));
    assert!(bank.questions[3].points.is_empty());
}

#[test]
fn what_a_person_changed_stays_when_the_file_has_it_no_longer() {
    let one = first(TEA);
    let mut mine = one.bank.clone();
    mine.questions[2].answer = Some(Text::clean("Before it, secretly."));
    let short = TEA.split("Serving").next().unwrap();
    let two = again(short, &one, &mine);
    assert_eq!(two.changes.edited, [mine.questions[2].id.clone()]);
    assert_eq!(two.changes.removed, [mine.questions[3].id.clone()]);
    let there = two.bank.question(&mine.questions[2].id).unwrap();
    assert_eq!(there, &mine.questions[2]);
    // Again, and then with the file as it was: the words are still the person's.
    let three = again(short, &two, &two.bank);
    assert_eq!(three.bank, two.bank);
    let four = again(TEA, &three, &three.bank);
    assert_eq!(four.bank.question(&there.id).unwrap().answer, there.answer);
}

#[test]
fn a_question_that_comes_back_is_not_called_new() {
    let one = first(TEA);
    let two = again(TEA.split("Serving").next().unwrap(), &one, &one.bank);
    let known = [one.bank.clone()];
    let earlier = Earlier { now: &two.bank, written: Some(&two.written), before: &known };
    let back = draft(&outline(TEA), "tea", "Tea", Some(earlier)).unwrap();
    assert!(back.changes.added.is_empty(), "{:?}", back.changes);
    assert_eq!(back.changes.back.len(), 2);
}

#[test]
fn proposed_points_give_way_and_a_persons_own_do_not() {
    let text = "1. How do you bake?\nWith rye flour, a hot stone oven, a proofing basket and the RHS guide to long fermentation.\n2. Why?\n";
    let mut one = first(text);
    let all = one.bank.questions[0].points.len();
    assert!(all >= 3, "{:?}", one.bank.questions[0].points);
    one.bank.questions[1].points =
        vec![Point { id: "own".into(), text: Text::clean("Own"), any: Vec::new(), proposed: false }];
    assert_eq!(one.keep_points(1), all - 1);
    assert_eq!((one.bank.questions[0].points.len(), one.bank.questions[1].points.len()), (1, 1));
    assert_eq!(one.keep_points(0), 1);
    assert_eq!(one.bank.questions[1].points.len(), 1);
    assert!(one.written.questions[0].points.is_empty());
}
