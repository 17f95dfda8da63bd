use super::*;

#[track_caller]
fn check(text: &str, expected: &[(usize, &str, &str)]) {
    let outline = outline(text);
    let found: Vec<_> = outline
        .items
        .iter()
        .map(|item| (item.line, item.prompt.as_str(), item.answer.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn html_in_fields_becomes_text_and_what_only_plays_is_dropped() {
    check(
        "#separator:tab\n#html:true\n<b>Why?</b>[sound:a.mp3]\tSo &amp;<br>thus<img src=x>\n",
        &[(3, "Why?", "So & thus")],
    );
    check("#separator:tab\n#html:false\nWhy <b>?\tSo &amp;\n", &[(3, "Why <b>?", "So &amp;")]);
}

#[test]
fn gaps_show_what_they_hide() {
    check("#html:true\n{{c1::a::hint}} and {{c12::b {{c2::c}}}} {x} d::e }}\t\n", &[(2, "a and b c {x} d::e }}", "")]);
    assert_eq!(outline("{{c1::a\n").items[0].prompt, "a");
    assert_eq!(outline("{{c1::a}}\n").unsure.len(), 1);
}

#[test]
fn columns_that_are_no_fields_are_known_by_their_number() {
    let text = "#separator:comma\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n\
                g1,Basic,A::B,Why?,So,x y leech\ng2,Basic,A::C::D,\"How,\n?\",Thus,\ng3,Basic,A,When?,,\n";
    check(text, &[(6, "Why?", "So"), (7, "How, ?", "Thus"), (9, "When?", "")]);
    let outline = outline(text);
    assert_eq!(outline.title.as_deref(), Some("A"));
    assert_eq!(outline.sections.iter().map(|section| section.title.as_str()).collect::<Vec<_>>(), ["B", "C – D"]);
    assert_eq!(outline.items.iter().map(|item| item.section).collect::<Vec<_>>(), [Some(0), Some(1), None]);
    assert_eq!(outline.items[0].tags, ["x", "y"]);
    assert_eq!(outline.items[0].id.as_deref(), Some("g1"));
}

#[test]
fn columns_are_known_by_their_names() {
    check("#separator:;\n#columns:Back;Front\nSo;Why?\n", &[(3, "Why?", "So")]);
}

#[test]
fn an_export_without_a_head_has_its_front_first() {
    check("Why?\tSo\n\nHow?\t\"Thus\nand thus\"\n\tnothing\n", &[(1, "Why?", "So"), (3, "How?", "Thus and thus")]);
    assert_eq!(outline("\tnothing\n").left_out.len(), 1);
}

#[test]
fn a_column_that_is_taken_for_nothing_is_told() {
    let outline = super::outline("#separator:Semicolon\n#columns:Front;Back;Notes\nWhy rye?;It keeps.;ask Ada\n");
    assert_eq!(outline.items.len(), 1);
    assert_eq!((outline.left_out[0].line, outline.left_out[0].text.as_str()), (3, "the column “Notes”"));
}
