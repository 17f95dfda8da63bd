use super::*;
use crate::import::block::shown;

#[track_caller]
fn check(html: &str, expected: &[&str]) {
    assert_eq!(shown(&blocks(html)), expected, "{html}");
}

#[test]
fn the_title_is_the_first_heading_or_else_the_title_of_the_page_without_its_site() {
    check("<title>Nurses | Site</title><h1>All nurses</h1>", &["1 h1 All nurses"]);
    check("<title>\nQuestions for nurses | Site</title><p>Why?", &["1 h1 Questions for nurses", "2 p Why?"]);
    check("<title>Nurses - a</title><p>Why?<p>So.", &["1 h1 Nurses", "1 p Why?", "1 p So."]);
}

#[test]
fn tags_that_nobody_closes_end_where_browsers_end_them() {
    check(
        "<ul><li>a<li>b<ul><li>c</ul><li>d</ul><p>e<p>f<h2>g</h2>h",
        &["1 -/0 a", "1 -/0 b", "1 -/1 c", "1 -/0 d", "1 p e", "1 p f", "1 h2 g", "1 p h"],
    );
    check("<p><b>a<p>b", &["1 p* a", "1 p b"]);
    check("<p><b>a</p>b</b> c", &["1 p* a", "1 p b c"]);
    check("<b><p>a</b> b</p><p>c", &["1 p a b", "1 p c"]);
    check("a</p></div></ul></b>b", &["1 p ab"]);
}

#[test]
fn lines_are_those_of_the_source_and_entities_are_characters() {
    check("<p>\r\n\r\n a &amp; b&nbsp;c<br>\r\nd\n\n<div>e&shy;f</div>", &["3 p a & b c", "4 p d", "6 p ef"]);
}

#[test]
fn ordered_lists_have_their_numbers() {
    check("<ol start=4><li>a<li value=9>b<li>c</ol>", &["1 4/0 a", "1 9/0 b", "1 10/0 c"]);
}

#[test]
fn bold_is_told_where_all_of_a_block_is_and_a_bold_question_parts_from_its_answer() {
    check("<p><strong>Why</strong> <b>not</b>?</p>", &["1 p* Why not?"]);
    check("<p><b>Why?</b> So.</p>", &["1 p* Why?", "1 p So."]);
    check("<p><span style='font-weight: 700'>Why</span></p>", &["1 p* Why"]);
    check("<b style='font-weight:normal'><p>Why</p></b>", &["1 p Why"]);
}

#[test]
fn what_lies_around_an_article_is_left_out() {
    for around in [
        "<nav><p>x</nav>",
        "<footer>x</footer>",
        "<aside>x</aside>",
        "<script>document.write('<p>x')</script>",
        "<style>x</style>",
        "<form><p>x</form>",
        "<button>x</button>",
        "<noscript><p>x</noscript>",
        "<template><p>x</template>",
        "<svg><text>x</text></svg>",
        "<div hidden>x</div>",
        "<div style='DISPLAY: none'>x</div>",
        "<div role=dialog>x</div>",
        "<span aria-hidden=true>x</span>",
        "<div class='cookie-banner js-2'>x</div>",
        "<div id=relatedPosts><h3>x</h3></div>",
        "<section class=comments-area><ol><li><div><p>x</div></ol></section>",
        "<header><h1>x</h1></header>",
        "<!-- x -->",
    ] {
        check(&format!("<h1>t</h1><p>a</p>{around}<p>b</p>"), &["1 h1 t", "1 p a", "1 p b"]);
    }
}

#[test]
fn names_of_furniture_on_what_holds_the_article_say_nothing() {
    let page = ["1 h1 t", "1 p a", "1 p b"];
    check("<body class='comments ad'><form><div class=content-ad><h1>t</h1><p>a<p>b</div></form>", &page);
    check("<div id=related-experience><p>a</div><p>b", &["1 p a", "1 p b"]);
    check("<article><header><h1>t</h1><p>x</header><p>a<p>b</article>", &page);
    check("<p>x</p><main><h1>t</h1><p>a<p>b</main><p>x", &page);
}

#[test]
fn a_page_that_is_nothing_but_furniture_is_taken_as_it_is() {
    check("<div class=comments><p>Why?<p>How?</div>", &["1 p Why?", "1 p How?"]);
}

#[test]
fn an_accordion_keeps_its_questions_and_its_hidden_answers() {
    check(
        "<h3><button>Why?</button></h3><div class=accordion-collapse style='display:none'>So.</div><h3>How?</h3>",
        &["1 h3 Why?", "1 p So.", "1 h3 How?"],
    );
    check(
        "<button class=accordion>Why?</button><div class=panel style='display:none'><p>So.</div><p>After",
        &["1 h6 Why?", "1 p So.", "1 p After"],
    );
    check("<div><a data-toggle=collapse href=#a>Why?</a></div><p>So.", &["1 p Why?", "1 p So."]);
}

#[test]
fn terms_that_ask_are_questions_and_terms_that_do_not_are_words() {
    check("<dl><dt>Why?<dd>So.<dd>Thus.</dl><p>x", &["1 summary Why?", "1 p> So.", "1 p> Thus.", "1 p x"]);
    check("<dl><dt>Author<dd>Me</dl><p>x", &["1 p* Author", "1 p Me", "1 p x"]);
}

#[test]
fn tables_are_questions_or_facts_or_only_a_way_to_lay_out_a_page() {
    check(
        "<table><tr><th>Question<th>Answer<tr><td>Why?<td><p>So.<p>Thus.</table>x",
        &["1 summary Why?", "1 p> So.", "1 p> Thus.", "1 p x"],
    );
    check(
        "<table><tr><td>Why?<td>So.<tr><td>How?<td>Thus.</table>",
        &["1 summary Why?", "1 p> So.", "1 summary How?", "1 p> Thus."],
    );
    check("<table><tr><td>a<td>b<tr><td>c</table><p>x", &["1 p a – b", "1 p c", "1 p x"]);
    check("<table><tr><td>a<td><h2>b</h2><p>c</table>", &["1 p a", "1 h2 b", "1 p c"]);
}

#[test]
fn deep_pages_are_read_to_their_ground() {
    let deep = format!("{}<p>Why?</p>{}<p>How?", "<div>".repeat(100_000), "</div>".repeat(100_000));
    check(&deep, &["1 p Why?", "1 p How?"]);
    let deep = format!("{}Why?{}", "<dl><dt>".repeat(30_000), "<table><tr><td><details><summary>a".repeat(30_000));
    assert!(!blocks(&deep).is_empty());
}

#[test]
fn a_scrap_is_its_words() {
    assert_eq!(words("<div>a &lt;b&gt;</div><ul><li>c<br>d</ul><img src=x>"), "a <b> c d");
    assert_eq!(words("<nav>a</nav><script>b</script>"), "a");
}

#[test]
fn a_heading_wins_over_the_words_below_it_and_keeps_its_own() {
    let page = "<main><h1>Baker interview</h1><h2>General questions</h2><p>These are easy:</p><ul><li>Why bread?</li><li>Why so early?</li></ul>\
        <h2>Skills</h2><h3>How do you knead?</h3><p>With time.</p><h3>When is it done?</h3><p>When it sings.</p>\
        <h3>Related articles</h3><ul><li>How to write a letter?</li></ul></main>";
    let outline = crate::import::recognise::recognise(&blocks(page));
    let sections: Vec<&str> = outline.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(sections, ["General", "Skills"]);
    assert_eq!(outline.items.last().unwrap().answer.as_deref(), Some("When it sings."));
}
