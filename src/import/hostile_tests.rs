//! What no reader of a form may do, whatever it is given: panic, or take a time that grows with the square.

use proptest::prelude::*;

use super::{anki, block, html, json, markdown, sniff, table};

/// Reads `text` in every form; the lines that are told must be lines of it.
fn read(text: &str) {
    let last = text.split('\n').count().max(1) + text.matches('\r').count();
    for blocks in [markdown::blocks(text), html::blocks(text)] {
        for block in blocks {
            assert!((1..=last).contains(&block.line), "line {} of {last}: {text:?}", block.line);
            assert!(
                !block.text.is_empty() && block.text.trim() == block.text && !block.text.contains("  "),
                "{block:?}"
            );
        }
    }
    let mut outlines = vec![table::outline(text), anki::outline(text), json::lines(text)];
    outlines.extend(json::outline(text));
    for outline in outlines {
        for item in &outline.items {
            assert!((1..=last).contains(&item.line), "line {} of {last}: {text:?}", item.line);
            assert!(item.section.is_none_or(|section| section < outline.sections.len()));
            assert!(!item.prompt.is_empty());
        }
        assert!(outline.unsure.iter().chain(&outline.left_out).all(|remark| (1..=last).contains(&remark.line)));
    }
    for name in ["a", "a.txt", "a.json", "a.csv"] {
        sniff::form(name, text);
    }
}

/// Pieces of all the syntaxes.
const PIECES: [&str; 88] = [
    "Why?",
    "So it is.",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    ",",
    ";",
    "|",
    "\"",
    "\"\"",
    "'",
    "# ",
    "## ",
    "---\n",
    "- ",
    "1. ",
    "   ",
    "> ",
    "**",
    "*",
    "_",
    "`",
    "```\n",
    "[",
    "](#a)",
    "[^1]",
    "[^1]: ",
    "![",
    "| Question | Answer |\n|--|--|\n| a | b |\n",
    ": ",
    "title: x\n",
    "<details>",
    "</details>",
    "<summary>",
    "</summary>",
    "<summary>Answer</summary>",
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<div hidden>",
    "<div class=comments>",
    "<main>",
    "</main>",
    "<article>",
    "</article>",
    "<header>",
    "</header>",
    "<h1>",
    "</h1>",
    "<h3>",
    "</h3>",
    "<ul>",
    "</ul>",
    "<ol start=3>",
    "</ol>",
    "<li>",
    "</li>",
    "<dl>",
    "</dl>",
    "<dt>",
    "<dd>",
    "<table>",
    "</table>",
    "<tr>",
    "<th>Question",
    "<td>",
    "</td>",
    "<b>",
    "</b>",
    "<a href=x>",
    "</a>",
    "<br>",
    "<button>",
    "<script>",
    "</script>",
    "<!--",
    "&amp;",
    "&#x",
    "é\u{301}\u{200b}",
    "{\"question\":",
    "[\"a\",",
    "}",
    "]",
    "#separator:tab\n#html:true\n#deck column:1\n",
    "{{c1::a::b}}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn bytes_taken_as_text_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn pieces_of_their_syntax_are_read(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60)) {
        read(&pieces.concat());
    }
}

/// With a time that grows with the square of their length, these would take many minutes.
#[test]
fn the_same_piece_again_and_again_is_read() {
    for piece in PIECES {
        let text = piece.repeat((1 << 16) / piece.len());
        markdown::blocks(&text);
        html::blocks(&text);
        table::outline(&text);
        anki::outline(&text);
        json::lines(&text);
        let _ = json::outline(&text);
        sniff::form("a.txt", &text);
    }
}

#[test]
fn no_more_blocks_are_taken_than_any_list_of_questions_has() {
    let text = "<p>a".repeat(block::MOST + 10);
    assert_eq!(html::blocks(&text).len(), block::MOST);
}
