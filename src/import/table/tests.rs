use super::*;

/// What was found, one question a line: its line, its section, its prompt and its answer.
fn found(text: &str) -> Vec<String> {
    let outline = outline(text);
    let section = |item: &Item| item.section.map_or("-", |at| outline.sections[at].title.as_str()).to_owned();
    let answer = |item: &Item| item.answer.clone().unwrap_or_default();
    outline
        .items
        .iter()
        .map(|item| format!("{} {} {} {}", item.line, section(item), item.prompt, answer(item)))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn commas_semicolons_tabs_and_bars_are_found_out() {
    for between in [",", ";", "\t", "|"] {
        let text = "Question_Answer\nWhy?_So\nHow?_Thus\n".replace('_', between);
        check(&text, &["2 - Why? So", "3 - How? Thus"]);
        let text = "Why?_So it is, always\nHow?_Like this, I think\n".replace('_', between);
        if between != "," {
            check(&text, &["1 - Why? So it is, always", "2 - How? Like this, I think"]);
        }
    }
    check("sep=;\nFrage;Antwort\nWarum?;Darum\n", &["3 - Warum? Darum"]);
}

#[test]
fn lines_are_true_after_fields_of_several_lines_and_empty_rows() {
    check(
        "Question,Answer\r\n\"Why,\r\nnot?\",\"So.\r\n\r\nThus.\"\r\n\r\n,\r\n\r\nHow?,Now\r\n",
        &["2 - Why, not? So. Thus.", "9 - How? Now"],
    );
}

#[test]
fn sections_go_on_where_a_cell_is_empty_and_a_lone_name_is_one() {
    check("Topic,Question\nA,Why?\n,How?\nB,When?\nA,Who?\n", &["2 A Why? ", "3 A How? ", "4 B When? ", "5 A Who? "]);
    check("Question,Answer\nFamilies,\nWhy?,So\n", &["3 Families Why? So"]);
}

#[test]
fn without_names_the_questions_are_where_the_question_marks_are() {
    check("1,Why is it?,So it is\n2,How is it?,Like this\n", &["1 - Why is it? So it is", "2 - How is it? Like this"]);
    assert!(outline("Why is it?,So it is\n").unsure[0].text.contains("column 1 was taken as the questions, column 2"));
    check(
        "Was man fragt;Was ich sage\nWarum?;Weil es so ist\nWie?;So wie immer\n",
        &["2 - Warum? Weil es so ist", "3 - Wie? So wie immer"],
    );
}

#[test]
fn one_column_of_questions_may_hold_commas() {
    check("Question\nWho, and why?\n\"What, then?\"\n", &["2 - Who, and why? ", "3 - What, then? "]);
    check(
        "Who, and why?\nWhat else?\nWhere, when, how?\n",
        &["1 - Who, and why? ", "2 - What else? ", "3 - Where, when, how? "],
    );
}

#[test]
fn a_row_that_is_too_long_or_too_short_is_told_with_its_line() {
    let outline = outline("Question,Answer,Tags\nWhy?,\"So\",a\nHow?,Like this, and that,b\nWhen?,Now\nWho?,a,b,c\n");
    let told: Vec<String> = outline.unsure.iter().map(|remark| format!("{} {}", remark.line, remark.text)).collect();
    assert_eq!(
        told,
        [
            "3 a comma without quotes around its text was taken as a part of it",
            "4 this row has 2 values, where there are 3 columns",
            "5 this row has 4 values, where there are 3 columns: the last ones were left out",
        ]
    );
    assert_eq!(outline.items[1].answer.as_deref(), Some("Like this, and that"));
    check("Question,Answer\nWhy?,a,b\n", &["2 - Why? a,b"]);
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_told() {
    let outline = outline("Question,Answer\nWhy?,So\nHow?,\"Now\nWhen?,Then\n");
    assert_eq!(outline.items.len(), 2);
    assert_eq!(outline.unsure[0].line, 3);
    assert!(outline.unsure[0].text.contains("never closed"));
}

#[test]
fn everything_that_a_row_says_of_its_question_is_kept() {
    let outline = outline("ID,Question,Key points,Follow-ups,Tags\nq-1,1. Why?,a; b,How? | When?,\"x, y\"\n");
    let item = &outline.items[0];
    assert_eq!((item.id.as_deref(), item.prompt.as_str()), (Some("q-1"), "Why?"));
    assert_eq!(item.points, ["a", "b"]);
    assert_eq!(item.follow_ups, ["How?", "When?"]);
    assert_eq!(item.tags, ["x", "y"]);
}

#[test]
fn a_header_that_comes_again_is_no_question() {
    check("Question,Answer\nWhy?,So\nQuestion,Answer\nHow?,Thus\n", &["2 - Why? So", "4 - How? Thus"]);
}

#[test]
fn more_questions_than_anybody_practises_are_left_out_and_told() {
    let text: String = (0..20_003).map(|number| format!("Why {number}?\n")).collect();
    let text = format!("Question\n{text}");
    let outline = outline(&text);
    assert_eq!(outline.items.len(), 20_000);
    assert_eq!(outline.left_out[0].line, 20_002);
}

#[test]
fn the_names_of_the_columns_may_stand_below_a_title() {
    let outline = super::outline(
        "My bakery interviews,,,\n,,,\n#,Bakery,Question they asked,How I answered / notes\n1,Rye,Why bread?,\"Smell, mostly\"\n2,Rye,Shape a loaf,\n",
    );
    let prompts: Vec<&str> = outline.items.iter().map(|item| item.prompt.as_str()).collect();
    assert_eq!(prompts, ["Why bread?", "Shape a loaf"]);
    assert_eq!(outline.items[0].answer.as_deref(), Some("Smell, mostly"));
    let left: Vec<(usize, &str)> = outline.left_out.iter().map(|remark| (remark.line, remark.text.as_str())).collect();
    assert_eq!(left, [(1, "what stands above the names of the columns"), (3, "the column “Bakery”")]);
}

#[test]
fn a_form_may_call_its_columns_by_what_it_asked() {
    let outline = super::outline(
        "Timestamp,Which question did they ask you?,What did you answer?\n1/2,Why bees?,Honey\n1/3,Do you sting?,\n",
    );
    let prompts: Vec<&str> = outline.items.iter().map(|item| item.prompt.as_str()).collect();
    assert_eq!(prompts, ["Why bees?", "Do you sting?"]);
    assert_eq!(outline.items[0].answer.as_deref(), Some("Honey"));
    // A list without names that begins with a question about questions loses none.
    let list = super::outline(
        "Which question would you not answer?,\"One about my bees, I think\"\nWhy bees?,\"Because of the honey\"\n",
    );
    assert_eq!(list.items.len(), 2);
}

#[test]
fn notes_are_no_points_and_what_is_asked_again_is_told() {
    let outline = super::outline(
        "Question,Answer,Reference points,Follow-ups,Notes\nWhy bees?,Honey,sweet; old,How old?,ask Ada\nwhy bees?,,,,\n",
    );
    assert_eq!(outline.items.len(), 1);
    assert_eq!(outline.items[0].points, ["sweet", "old"]);
    assert_eq!(outline.items[0].follow_ups, ["How old?"]);
    let left: Vec<&str> = outline.left_out.iter().map(|remark| remark.text.as_str()).collect();
    assert_eq!(left, ["the column “Notes”", "asked again, and taken once, from line 2: “Why bees?”"]);
}
