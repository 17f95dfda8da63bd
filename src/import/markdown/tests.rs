use super::*;
use crate::import::block::shown;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(shown(&blocks(text)), expected, "{text}");
}

#[test]
fn headings_paragraphs_and_nested_lists_keep_their_lines() {
    check(
        "# Nurses\n\nTwo\nlines.\n\n## Why?\n\n3. one\n   - two\n     1. three\n4. four\n",
        &["1 h1 Nurses", "3 p Two lines.", "6 h2 Why?", "8 3/0 one", "9 -/1 two", "10 1/2 three", "11 4/0 four"],
    );
}

#[test]
fn the_title_in_the_front_matter_is_one_unless_the_text_has_its_own() {
    check("---\ntags: [a]\ntitle: 'Ward'\n---\n\nWhy?\n", &["3 h1 Ward", "6 p Why?"]);
    check("---\ntitle: ward-17\n---\n# Ward\n\nWhy?\n", &["4 h1 Ward", "6 p Why?"]);
    check("---\ntitle: Ward\n---\n# Safety\n\n# Families\n", &["2 h1 Ward", "4 h1 Safety", "6 h1 Families"]);
}

#[test]
fn what_is_set_in_bold_is_a_block_of_its_own_where_a_line_or_a_question_ends() {
    check("**Why?**\nBecause.\n", &["1 p* Why?", "2 p Because."]);
    check("**Why?** Because.\n", &["1 p* Why?", "1 p Because."]);
    check("1. **Why\n   not?** Because.\n", &["1 1/0* Why not?", "2 p Because."]);
    check("**Note:** a **bold** word\nand more\n", &["1 p Note: a bold word and more"]);
}

#[test]
fn marks_of_questions_and_answers_begin_a_block_though_no_line_is_empty_between_them() {
    check("Q: Why?\nA: Because\nof this.\nQ2. How?\n", &["1 p Q: Why?", "2 p A: Because of this.", "4 p Q2. How?"]);
    check("**Q:** Why?\n**A:** So.\n", &["1 p Q: Why?", "2 p A: So."]);
    check("It was in\n2019. A year\nof rain\n", &["1 p It was in 2019. A year of rain"]);
    check("First.\n2. Second?\n", &["1 p First.", "2 p 2. Second?"]);
}

#[test]
fn an_item_that_is_a_heading_stays_an_item() {
    check("1. ### Why?\n\n   So.\n2. ### How?\n", &["1 1/0* Why?", "3 p So.", "4 2/0* How?"]);
}

#[test]
fn links_alone_are_links_and_links_in_words_are_words() {
    check("- [Why?](#why)\n- see [this](a)\n\n**[Top](#top)**\n", &["1 link Why?", "2 -/0 see this", "4 link* Top"]);
    check("## [Why?](#why)\n", &["1 h2 Why?"]);
}

#[test]
fn details_are_a_question_and_its_folded_answer() {
    check(
        "<details>\n<summary>Why?</summary>\n\nBecause **so**.\n\n- one\n\n</details>\n\nAfter.\n",
        &["2 summary Why?", "4 p> Because so.", "6 -/0> one", "10 p After."],
    );
    check("<details><summary><b>Why?</b></summary><p>So.</p></details>\n", &["1 summary* Why?", "1 p> So."]);
}

#[test]
fn a_summary_that_only_says_answer_belongs_to_the_question_above_it() {
    check(
        "### Why?\n\n<details><summary>Show answer</summary>\n\nSo.\n\n</details>\n",
        &["1 summary Why?", "5 p> So."],
    );
    check(
        "## Part\n\nLook at this:\n\n```\nx = 1\n```\n\n<details><summary>Answer</summary>\nSo.\n</details>\n",
        &["1 h2 Part", "3 summary Look at this: x = 1", "10 p> So."],
    );
}

#[test]
fn details_around_questions_are_a_section() {
    check(
        "<details><summary>Part</summary>\n<details><summary>Why?</summary>\nSo.\n</details>\n</details>\n",
        &["1 h2 Part", "2 summary Why?", "3 p> So."],
    );
    check(
        "<details><summary>Part</summary>\n\n1. Why?\n2. How?\n3. When?\n\n</details>\n",
        &["1 h2 Part", "3 1/0 Why?", "4 2/0 How?", "5 3/0 When?"],
    );
    check("<details><summary>Contents</summary>\n\n- [Why?](#a)\n\n</details>\n", &["1 link Contents", "3 link> Why?"]);
}

#[test]
fn a_table_with_a_column_of_questions_is_questions_with_folded_answers() {
    check(
        "| No. | Question | Answer | Topic |\n|--|--|--|--|\n| 1 | Why? | So. | Reasons |\n| 2 | How? | | Reasons |\n",
        &["3 h2 Reasons", "3 summary Why?", "3 p> So.", "4 summary How?"],
    );
    check("| No. | Questions |\n|--|--|\n| 1 | [Why?](#why) |\n", &["3 link Why?"]);
    check("| Unit | Means |\n|--|--|\n| mg | a thousandth |\n", &["1 p Unit – Means", "3 p mg – a thousandth"]);
}

#[test]
fn footnotes_pictures_and_comments_are_left_out_and_code_is_text() {
    check("Why?[^1] ![so](a.png)\n\n<!-- How? -->\n\n[^1]: When?\n\n```sh\nls -l\n```\n", &["1 p Why?", "8 p ls -l"]);
}

#[test]
fn a_paragraph_above_a_rule_is_no_heading() {
    check("Why?\n\nBecause it is so.\n---\n\nNext\n---\n", &["1 p Why?", "3 p Because it is so.", "6 h2 Next"]);
}

#[test]
fn line_ends_of_windows_do_not_shift_the_lines() {
    check("# a\r\n\r\nb\r\n\r\n<p>c</p>\r\n\r\nd\r\n", &["1 h1 a", "3 p b", "5 p c", "7 p d"]);
}

#[test]
fn a_definition_list_of_questions_is_questions() {
    check("Why do you ask?\n: Because.\n", &["1 summary Why do you ask?", "2 p> Because."]);
}

#[test]
fn bold_questions_in_a_list_are_parted_from_their_answers() {
    let outline = crate::import::recognise::recognise(&blocks(
        "# Fit\n\n* **Why baking?** I like mornings.\n* **Describe a loaf you burned** – The rye, in May.\n  - It smoked.\n* Who comes after me?\n",
    ));
    let found: Vec<(&str, Option<&str>)> =
        outline.items.iter().map(|item| (item.prompt.as_str(), item.answer.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("Why baking?", Some("I like mornings.")),
            ("Describe a loaf you burned", Some("The rye, in May. It smoked.")),
            ("Who comes after me?", None)
        ]
    );
}

#[test]
fn a_list_and_a_table_on_one_page_are_both_taken() {
    let outline = crate::import::recognise::recognise(&blocks(
        "## Dough\n\n- Why rye?\n\n    It keeps.\n\n- How long do you knead?\n\n| Question | Mine |\n|---|---|\n| Why salt? | Taste |\n",
    ));
    let prompts: Vec<&str> = outline.items.iter().map(|item| item.prompt.as_str()).collect();
    assert_eq!(prompts, ["Why rye?", "How long do you knead?", "Why salt?"]);
}
