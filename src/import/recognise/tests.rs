//! What is understood of documents as they are found in the wild, each in a few lines.

use crate::import::plain;

use super::recognise;
use crate::import::outline::Outline;

fn read(text: &str) -> Outline {
    recognise(&plain::blocks(text))
}

/// Sections, questions and answers as `[Section] prompt = answer`, a line each.
fn said(text: &str) -> String {
    let outline = read(text);
    let mut out = String::new();
    let mut last = None;
    for item in &outline.items {
        if item.section != last {
            last = item.section;
            out += &format!("[{}]\n", item.section.map_or("", |section| &outline.sections[section].title));
        }
        let answer = item.answer.as_ref().map(|answer| format!(" = {answer}")).unwrap_or_default();
        out += &format!("{}{answer}\n", item.prompt);
    }
    out
}

#[track_caller]
fn is(text: &str, expected: &str) {
    assert_eq!(said(text), expected);
}

#[test]
fn every_way_of_numbering_gives_the_same_questions() {
    for (first, second) in [
        ("1. ", "2. "),
        ("1) ", "2) "),
        ("(1) ", "(2) "),
        ("1 - ", "2 - "),
        ("1 – ", "2 – "),
        ("I. ", "II. "),
        ("i) ", "ii) "),
        ("Q1. ", "Q2. "),
        ("Q1: ", "Q2: "),
        ("Question 1: ", "Question 2: "),
        ("Question 1\n", "Question 2\n"),
        ("Question #1 – ", "Question #2 – "),
        ("#1 ", "#2 "),
        ("Q: ", "Q: "),
        ("1.\n", "2.\n"),
        ("**1. ", "**2. "),
        ("", ""),
    ] {
        let end = if first.starts_with("**") { "**" } else { "" };
        let text =
            format!("{first}Why do you bake?{end}\nBecause I eat.\n\n{second}What do you bake?{end}\nRye bread.\n");
        is(&text, "Why do you bake? = Because I eat.\nWhat do you bake? = Rye bread.\n");
    }
}

#[test]
fn a_question_needs_no_question_mark() {
    is(
        "1. Why do you bake?\nI eat.\n2. Describe your oven.\nIt is old.\n3. Greatest loaf\nRye.\n",
        "Why do you bake? = I eat.\nDescribe your oven. = It is old.\nGreatest loaf = Rye.\n",
    );
    let unsure = read("1. Why do you bake?\nI eat.\n2. Greatest loaf\nRye.\n").unsure;
    assert_eq!(unsure.iter().map(|remark| remark.line).collect::<Vec<_>>(), [3]);
}

#[test]
fn answers_keep_their_lists_and_paragraphs() {
    is(
        "1. How do you bake?\nI do this:\n1. mix\n2. knead\n3. wait\nThen I bake.\n\nAnd I rest.\n2. Why?\n- hunger\n- love\n3. When?\nAt four.\n",
        "How do you bake? = I do this: 1. mix; 2. knead; 3. wait. Then I bake. And I rest.\nWhy? = hunger; love\nWhen? = At four.\n",
    );
    is(
        "1. What do you ask a guest?\nI ask:\n1. Who are you?\n2. What do you eat?\n2. And then?\nI cook.\n",
        "What do you ask a guest? = I ask: 1. Who are you? 2. What do you eat?\nAnd then? = I cook.\n",
    );
}

#[test]
fn a_numbered_heading_is_no_question() {
    is(
        "1. Bread\nWhy rye?\nIt keeps.\nWhy wheat?\nIt rises.\n2. Cake\nWhy sugar?\nIt is cake.\nWhy eggs?\nThey bind.\n",
        "[Bread]\nWhy rye? = It keeps.\nWhy wheat? = It rises.\n[Cake]\nWhy sugar? = It is cake.\nWhy eggs? = They bind.\n",
    );
    is(
        "1. Bread\n1. Why rye?\nIt keeps.\n2. Why wheat?\nIt rises.\n2. Cake\n1. Why sugar?\nIt is cake.\n2. Why eggs?\nThey bind.\n",
        "[Bread]\nWhy rye? = It keeps.\nWhy wheat? = It rises.\n[Cake]\nWhy sugar? = It is cake.\nWhy eggs? = They bind.\n",
    );
}

#[test]
fn numbers_may_begin_again_in_each_section() {
    is(
        "Baking\n\nDough Questions (1-2):\n1) Why rye?\nIt keeps.\n2) Why wheat?\nIt rises.\nPart II – Cake\n1) Why sugar?\nIt is cake.\n2) Why eggs?\nThey bind.\n",
        "[Dough]\nWhy rye? = It keeps.\nWhy wheat? = It rises.\n[Cake]\nWhy sugar? = It is cake.\nWhy eggs? = They bind.\n",
    );
}

#[test]
fn a_table_of_contents_repeats_no_question() {
    let contents = "Baking\nContents\nDough\n1. Why rye? ..... 2\n2. Why wheat? ..... 3\nCake\n3. Why sugar? ..... 4\n";
    let body = "Dough\n1. Why rye?\nIt keeps.\n2. Why wheat?\nIt rises.\nCake\n3. Why sugar?\nIt is cake.\n";
    let expected = "[Dough]\nWhy rye? = It keeps.\nWhy wheat? = It rises.\n[Cake]\nWhy sugar? = It is cake.\n";
    is(&format!("{contents}{body}"), expected);
    let plain = contents.replace(" ..... ", "\t").replace("1. ", "").replace("2. ", "").replace("3. ", "");
    is(&format!("{plain}{body}"), expected);
}

#[test]
fn what_belongs_to_no_question_is_left_out_and_told() {
    let text = "10 Baking Interview Questions [2026]\nBy A. Baker\nBaking is old. Are you ready?\n10 Baking Interview Questions [2026]\nDough Baking Interview Questions\n\
        1. Why rye?\nIt keeps.\nRelated: Twelve ovens\nShare this\n2. Why wheat?\nIt rises.\nAdvertisement\nAlso read: Ovens, again\nIt also browns.\n\
        Conclusion\nBake on.\nReady for more? Buy the book.\n© 2026 A. Baker\n";
    is(text, "[Dough]\nWhy rye? = It keeps.\nWhy wheat? = It rises. It also browns.\n");
    let outline = read(text);
    assert_eq!(outline.title.as_deref(), Some("Baking Interview Questions"));
    let lines: Vec<usize> = outline.left_out.iter().map(|remark| remark.line).collect();
    assert_eq!(lines, [2, 3, 4, 8, 9, 12, 13, 15, 16, 17, 18]);
}

#[test]
fn labels_of_answers_are_no_part_of_them() {
    for label in ["A: ", "Answer: ", "Answer – ", "Sample answer: ", "Sample Answer:\n", "ANSWER\n", "A1. "] {
        let text = format!(
            "Q1: Why rye?\n{label}It keeps for a week.\nIt is dark.\nQ2: Why wheat?\n{label}It rises in an hour.\n"
        );
        is(&text, "Why rye? = It keeps for a week. It is dark.\nWhy wheat? = It rises in an hour.\n");
    }
}

#[test]
fn a_question_and_its_answer_may_share_a_line() {
    is(
        "1. Why rye? It keeps for a week and tastes better on every day of it.\n2. Why wheat? It rises in an hour, and nobody has ever sent it back.\n",
        "Why rye? = It keeps for a week and tastes better on every day of it.\nWhy wheat? = It rises in an hour, and nobody has ever sent it back.\n",
    );
    is("Q: Why rye? A: It keeps.\nQ: Why wheat? A: It rises.\n", "Why rye? = It keeps.\nWhy wheat? = It rises.\n");
}

#[test]
fn a_missing_number_is_told() {
    let outline = read("1. Why rye?\n2. Why wheat?\n4. Why sugar?\n");
    assert_eq!(outline.items.len(), 3);
    assert_eq!((outline.unsure[0].line, outline.unsure[0].text.as_str()), (3, "question 3 is missing before 4"));
}

#[test]
fn questions_of_a_last_list_are_found_without_numbers() {
    is(
        "1. Why rye?\nIt keeps.\n2. Why wheat?\nIt rises.\nBonus Questions\n- Why salt?\n- Why water?\n",
        "Why rye? = It keeps.\nWhy wheat? = It rises.\n[Bonus]\nWhy salt?\nWhy water?\n",
    );
}

#[test]
fn prose_has_no_questions() {
    assert!(read("I went out. It rained.\n\nThen it stopped, and I came home.\n").items.is_empty());
    assert!(read("").items.is_empty());
    assert!(read("1. \n2) \n?\n").items.len() <= 1);
}

#[test]
fn follow_ups_and_tags_go_with_their_question() {
    let outline =
        read("Q1: Why rye?\nA: It keeps.\nFollow-up: For how long?\nTags: bread, rye\nQ2: Why wheat?\nA: It rises.\n");
    assert_eq!(outline.items[0].follow_ups, ["For how long?"]);
    assert_eq!(outline.items[0].tags, ["bread", "rye"]);
    assert_eq!(outline.items[0].answer.as_deref(), Some("It keeps."));
}

#[test]
fn the_markers_of_a_list_stay_as_they_were_written() {
    is(
        "1. How do you bake?\n   a. mix\n   b. knead\n   c. wait\n   d. bake\n2. In which order?\n   i. rye\n   ii. wheat\n3. Which oven?\n   C. The old one\n   D. None\n",
        "How do you bake? = a. mix; b. knead; c. wait; d. bake\nIn which order? = i. rye; ii. wheat\nWhich oven? = C. The old one; D. None\n",
    );
    is(
        "1. What is in it?\nIt holds:\n1) rye\n2) salt\n3) water\n2. What is not?\nSugar.\n",
        "What is in it? = It holds: 1) rye; 2) salt; 3) water\nWhat is not? = Sugar.\n",
    );
}

#[test]
fn a_year_at_the_start_of_a_line_is_no_item() {
    is(
        "1. Since when?\nThe mill burned in\n2019. We built it again.\n2. Why?\nWe eat.\n",
        "Since when? = The mill burned in 2019. We built it again.\nWhy? = We eat.\n",
    );
}

#[test]
fn numbers_alone_hold_questions_if_nothing_else_asks() {
    let text = "1. Why do you bake?\nI eat.\n\n2. Proudest loaf\nThe rye.\n\n3. Worst morning\nThe flood.\n";
    is(text, "Why do you bake? = I eat.\nProudest loaf = The rye.\nWorst morning = The flood.\n");
    assert_eq!(read(text).unsure.iter().map(|remark| remark.line).collect::<Vec<_>>(), [4, 7]);
}

#[test]
fn numbers_in_no_order_lose_no_question() {
    for order in [[5, 3, 4, 6], [2, 1, 3, 4], [3, 2, 4, 1]] {
        let text: String =
            order.iter().map(|number| format!("{number}. Why loaf {number}?\nIt is {number}.\n\n")).collect();
        let expected: String = order.iter().map(|number| format!("Why loaf {number}? = It is {number}.\n")).collect();
        is(&text, &expected);
        let unsure = read(&text).unsure;
        assert!(unsure.iter().any(|remark| remark.text.contains("no order")), "{unsure:?}");
        assert!(unsure.iter().all(|remark| !remark.text.contains("missing")), "{unsure:?}");
    }
}

#[test]
fn a_mail_gives_its_questions_and_nothing_of_itself() {
    let quoted = "From: A. Baker <a@example.org>\nTo: me\nSubject: Fwd: What they asked\n\n> Hello,\n>\n> 1) Why do you get up at three in the morning, and what would you do if the\n>    oven did not?\n> 2) Why rye?\n>\n> Kind regards,\n> Anna\n> --\n> A. Baker | 1 Mill Street\n";
    is(quoted, "Why do you get up at three in the morning, and what would you do if the oven did not?\nWhy rye?\n");
    assert_eq!(read(quoted).title.as_deref(), Some("What they asked"));
    is("Hi,\n\n1. Why rye?\n2. Why wheat?\n\nBest,\nAnna\n\nSent from my phone\n", "Why rye?\nWhy wheat?\n");
}

#[test]
fn a_short_answer_is_no_heading() {
    is("(1) Why rye?\nTaste\n(2) Why wheat?\nPrice\n", "Why rye? = Taste\nWhy wheat? = Price\n");
    is("1. Why rye?\nTaste\n\n2. Why wheat?\nPrice\n", "Why rye? = Taste\nWhy wheat? = Price\n");
    is(
        "Bread\n1. Why rye?\n2. Why wheat?\nCake\n3. Why sugar?\n4. Why eggs?\n",
        "[Bread]\nWhy rye?\nWhy wheat?\n[Cake]\nWhy sugar?\nWhy eggs?\n",
    );
}

#[test]
fn an_answer_may_ask_something_itself() {
    is(
        "Why do you bake?\nI eat too much. Is that bad? Perhaps.\n\nWhy rye?\nIt keeps.\n\nHow do you knead\nBy hand.\n\nWhy wheat?\nExample: \"It rises. What else would? I then bake.\"\n",
        "Why do you bake? = I eat too much. Is that bad? Perhaps.\nWhy rye? = It keeps.\nHow do you knead = By hand.\nWhy wheat? = Example: \"It rises. What else would? I then bake.\"\n",
    );
}

#[test]
fn a_list_of_questions_may_hold_one_that_does_not_ask() {
    let text = "• Why rye?\n• Why wheat?\n• Worst loaf\n• Tell me about your oven\n";
    is(text, "Why rye?\nWhy wheat?\nWorst loaf\nTell me about your oven\n");
    assert_eq!(read(text).unsure[0].line, 3);
    is(
        "🍞 Bread\n✅ Why rye?\n✅ Why wheat?\n🎂 Cake\n✅ Why sugar?\n✅ Describe your oven\n",
        "[Bread]\nWhy rye?\nWhy wheat?\n[Cake]\nWhy sugar?\nDescribe your oven\n",
    );
}

#[test]
fn what_a_thread_or_a_page_puts_below_the_last_answer_is_left_out() {
    is(
        "1. Why rye?\nIt keeps.\n2. Why wheat?\nIt rises.\n\nEDIT: thanks, all!\n\nUpvote\n842\nlevel 2\n3 points · 5 hours ago\nI asked that too.\n",
        "Why rye? = It keeps.\nWhy wheat? = It rises.\n",
    );
    is(
        "1. Why rye?\nIt keeps.\n2. Why wheat?\nIt rises.\nRelated articles\nTen ovens\n",
        "Why rye? = It keeps.\nWhy wheat? = It rises.\n",
    );
}

#[test]
fn a_word_that_was_broken_is_whole_again() {
    is(
        "1. What do you do in your shop on a day on which nobody comes, and then Go-\nto-Market?\nI think of my year-\nlong plan, and of flour in the kit-\nchen. The kitchen is warm.\n2. Why?\nI eat.\n",
        "What do you do in your shop on a day on which nobody comes, and then Go-to-Market? = I think of my year-long plan, and of flour in the kitchen. The kitchen is warm.\nWhy? = I eat.\n",
    );
}

#[test]
fn labels_and_languages_other_than_english_are_known() {
    for (question, answer, language) in [
        ("Pregunta 1: ¿Por qué quiere usted el pan?", "Respuesta: Porque es muy bueno para los niños.", "es"),
        (
            "Question 1 : Pourquoi est-ce que vous faites le pain ?",
            "Réponse : Je suis dans une boulangerie avec vous.",
            "fr",
        ),
        ("Frage 1: Warum ist das Brot nicht für Sie?", "Antwort: Ich bin wegen der Torte und mit dem Rad da.", "de"),
    ] {
        let second = question.replace('1', "2").replace('?', " X?");
        let outline = read(&format!("{question}\n{answer}\n\n{second}\n{answer}\n"));
        assert_eq!(outline.items.len(), 2, "{question}");
        assert!(question.ends_with(&outline.items[0].prompt) && outline.items[0].prompt.len() < question.len() - 5);
        assert!(answer.ends_with(outline.items[0].answer.as_deref().unwrap()), "{outline:?}");
        assert_eq!(outline.language.as_deref(), Some(language));
    }
    assert_eq!(read("1. Why rye?\nIt keeps, and it is dark.\n2. Why?\n").language, None);
}

#[test]
fn a_talk_is_questions_and_answers() {
    is(
        "Interviewer: Why rye?\nMe: It keeps.\nIt is dark.\nInterviewer: I see.\nInterviewer: Tell me about wheat.\nMe: It rises.\n",
        "Why rye? = It keeps. It is dark.\nTell me about wheat. = It rises.\n",
    );
    is(
        "1\u{fe0f}\u{20e3} Why rye?\nIt keeps.\n2\u{fe0f}\u{20e3} Why wheat?\nIt rises.\n",
        "Why rye? = It keeps.\nWhy wheat? = It rises.\n",
    );
}
