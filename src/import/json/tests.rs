use proptest::prelude::*;

use super::*;

fn shown(outline: &Outline) -> Vec<String> {
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
    assert_eq!(shown(&outline(text).expect("it is JSON")), expected, "{text}");
}

#[test]
fn texts_objects_and_pairs_are_questions() {
    check("[\"Why?\",\n\"Tell me more\"]", &["1 - Why? ", "2 - Tell me more "]);
    check("[{\"question\": \"Why?\",\n\"answer\": [\"So.\", \"Thus.\"]}]", &["1 - Why? So. Thus."]);
    check("{\"front\": \"Why?\", \"back\": \"So\"}", &["1 - Why? So"]);
    check("[[\"Why?\", \"So.\"], [\"How?\", \"When?\"]]", &["1 - Why? So.", "1 - How? ", "1 - When? "]);
    check("{\"data\": [{\"title\": \"Why?\", \"response\": {\"text\": \"So\"}}]}", &["1 - Why? So"]);
}

#[test]
fn sections_are_found_in_every_shape() {
    let sections = "{\"title\": \"T\", \"sections\": [\n{\"title\": \"A\", \"questions\": [\"Why?\"]},\n{\"name\": \"B\", \"items\": [{\"q\": \"How?\"}]}]}";
    check(sections, &["2 A Why? ", "3 B How? "]);
    assert_eq!(outline(sections).expect("it is JSON").title.as_deref(), Some("T"));
    check("{\"B\": [\"Why?\"],\n\"A\": {\"How is it?\": \"So\"}}", &["1 B Why? ", "2 A How is it? So"]);
    check(
        "[{\"category\": \"A\", \"question\": \"Why?\"}, {\"category\": \"A\", \"question\": \"How?\"}]",
        &["1 A Why? ", "1 A How? "],
    );
}

#[test]
fn what_holds_no_question_is_told_and_makes_no_section() {
    let outline =
        outline("{\"meta\": {\"by\": \"me\"}, \"questions\": [3, {\"x\": 1}, \"Why?\"]}").expect("it is JSON");
    assert_eq!(shown(&outline), ["1 - Why? "]);
    assert_eq!(outline.sections, []);
    assert_eq!(outline.left_out.len(), 2);
}

#[test]
fn broken_json_is_told_with_its_line_and_column() {
    for (text, line, column, what) in [
        ("[\"Why?\",\n  \"é\" \"How?\"]", 2, 7, "a comma or ] is missing before this"),
        ("[\"Why?\",\n]", 2, 1, "nothing comes after the last comma of this list"),
        ("{\"a\": 1,}", 1, 9, "nothing comes after the last comma of this object"),
        ("{a: 1}", 1, 2, "a key in double quotes is missing here"),
        ("['Why?']", 1, 2, "texts stand in double quotes"),
        ("[\"Why\n?\"]", 1, 6, "the line ends within quotes: write \\n instead"),
        ("[\"Why?\"] x", 1, 10, "the value ends before this"),
        ("", 1, 1, "the text ends where a value should be"),
        ("[", 1, 2, "the text ends where a value should be"),
    ] {
        let expected = Broken { line, column, what: what.to_owned() };
        assert_eq!(outline(text), Err(expected), "{text}");
    }
}

#[test]
fn what_is_nested_too_deep_is_told_and_overflows_nothing() {
    let broken = outline(&"[".repeat(1 << 20)).expect_err("it is nested deep");
    assert_eq!((broken.line, broken.column), (1, 34));
}

#[test]
fn a_broken_line_of_json_lines_is_told_and_the_others_are_taken() {
    let outline = lines("\"Why?\"\n\n{\"q\": }\n{\"q\": \"How?\"}\n");
    assert_eq!(shown(&outline), ["1 - Why? ", "4 - How? "]);
    assert_eq!(outline.left_out.len(), 1);
    assert_eq!(outline.left_out[0].line, 3);
    assert_eq!(outline.left_out[0].text, "this line is no JSON: a value is missing here (column 7)");
}

/// The same value for the library.
fn theirs(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Word => serde_json::Value::Null,
        Value::Number(number) => serde_json::from_str(number).unwrap_or(serde_json::Value::Null),
        Value::Text(text) => text.to_string().into(),
        Value::List(list) => list.iter().map(theirs).collect(),
        Value::Object(object) => object.iter().map(|(key, node)| (key.to_string(), theirs(node))).collect(),
    }
}

fn without_words(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Bool(_) => serde_json::Value::Null,
        serde_json::Value::Array(list) => list.into_iter().map(without_words).collect(),
        serde_json::Value::Object(object) => {
            object.into_iter().map(|(key, value)| (key, without_words(value))).collect()
        }
        value => value,
    }
}

proptest! {
    #[test]
    fn what_is_json_is_what_the_library_says(
        parts in prop::collection::vec(prop::sample::select(vec![
            "[", "]", "{", "}", ",", ":", "\"a\"", "\"b\":", "1", "-0", "01", "1.5e3", "1.", "null", "true", "nul", " ",
            "\n", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\x\"", "\"\u{1}\"", "\"", "[1]", "{\"a\":[\"b\"]}",
        ]), 0..12),
    ) {
        let text = parts.concat();
        let ours = value::parse(&text, 1);
        let library = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(ours.is_ok(), library.is_ok(), "{}", text);
        if let (Ok(ours), Ok(library)) = (ours, library) {
            prop_assert_eq!(theirs(&ours), without_words(library), "{}", text);
        }
    }
}

#[test]
fn characters_by_their_names_are_characters() {
    let outline =
        outline("[\"What does &quot;proof&quot; mean to you &amp; R&D?\", \"Why a List<Loaf> &#39;now&#39;?\"]")
            .unwrap();
    let prompts: Vec<&str> = outline.items.iter().map(|item| item.prompt.as_str()).collect();
    assert_eq!(prompts, ["What does \"proof\" mean to you & R&D?", "Why a List<Loaf> 'now'?"]);
}

#[test]
fn records_of_talks_are_questions_with_answers() {
    let outline = lines(
        "{\"instruction\": \"Define it.\", \"input\": \"Sourdough\", \"output\": \"Old dough.\"}\n{\"prompt\": \"Why rye?\", \"completion\": \"It keeps.\"}\n\
         {\"input\": \"Why wheat?\", \"output\": \"It rises.\"}\n\
         {\"messages\": [{\"role\": \"system\", \"content\": \"Be kind.\"}, {\"role\": \"user\", \"content\": \"Why salt?\"}, {\"role\": \"assistant\", \"content\": \"Taste.\"}]}\n",
    );
    let found: Vec<(&str, Option<&str>)> =
        outline.items.iter().map(|item| (item.prompt.as_str(), item.answer.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("Define it. Sourdough", Some("Old dough.")),
            ("Why rye?", Some("It keeps.")),
            ("Why wheat?", Some("It rises.")),
            ("Why salt?", Some("Taste."))
        ]
    );
    assert_eq!(outline.left_out.len(), 1, "{:?}", outline.left_out);
}

#[test]
fn what_is_asked_again_is_taken_once_and_keys_without_a_place_are_told() {
    let text = "[{\"q\": \"Why us?\", \"mood\": \"shy\"},\n{\"q\": \"why us\", \"a\": \"The bread.\", \"Follow Ups\": [\"And?\"]}]";
    let outline = outline(text).unwrap();
    assert_eq!(outline.items.len(), 1);
    assert_eq!((outline.items[0].line, outline.items[0].answer.as_deref()), (2, Some("The bread.")));
    let left: Vec<(usize, &str)> = outline.left_out.iter().map(|remark| (remark.line, remark.text.as_str())).collect();
    assert_eq!(
        left,
        [(1, "what stands under the key “mood”"), (1, "asked again, and taken once, from line 2: “why us”")]
    );
}
