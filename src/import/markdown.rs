//! Markdown as blocks.
//!
//! Raw HTML in it is read by the reader of HTML, into the same flow: a `<details>` that begins in one scrap of HTML
//! ends in another, with Markdown between them.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::html::Page;
use super::keys;
use super::lines::Lines;
use super::{Block, Kind};

/// A heading underlined with dashes that is longer than this is a paragraph above a rule.
const LONGEST_UNDERLINED: usize = 150;

/// The blocks of a Markdown document.
pub fn blocks(text: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_DEFINITION_LIST;
    let mut reader = Reader { source: text, lines: Lines::of(text), page: Page::fragment(), ..Reader::default() };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(event, range.start);
    }
    reader.finish()
}

/// What has been read of a document.
#[derive(Debug)]
struct Reader<'a> {
    source: &'a str,
    lines: Lines,
    page: Page,
    /// The raw HTML that is being read, and the line on which it begins.
    html: Option<(usize, String)>,
    /// The front matter that is being read.
    front: Option<(usize, String)>,
    /// The title in the front matter, with its line.
    title: Option<(usize, String)>,
    /// Footnotes are left out.
    footnote: usize,
    /// A line has ended that the author may have wanted to go on.
    wrapped: bool,
    /// The heading that is being read is underlined.
    underlined: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, event: Event<'a>, at: usize) {
        let line = self.lines.at(at);
        if self.footnote > 0 {
            match event {
                Event::Start(Tag::FootnoteDefinition(_)) => self.footnote += 1,
                Event::End(TagEnd::FootnoteDefinition) => self.footnote -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(&tag, at, line),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text, line),
            Event::Html(html) => match &mut self.html {
                Some((_, all)) => all.push_str(&html),
                None => self.page.read(&html, line),
            },
            Event::InlineHtml(html) => {
                self.wrap();
                self.page.read(&html, line);
            }
            Event::SoftBreak => {
                // A line in bold is a heading or a question of its own.
                if self.page.flow.is_bold() && !self.page.flow.in_bold() {
                    self.page.flow.line_end();
                } else {
                    self.wrapped = true;
                }
            }
            Event::HardBreak => self.page.flow.line_end(),
            Event::Rule => self.page.flow.end(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text, line),
        }
    }

    fn text(&mut self, text: &str, line: usize) {
        if let Some((_, front)) = &mut self.front {
            front.push_str(text);
            return;
        }
        if self.wrapped && begins_anew(text) {
            self.wrapped = false;
            self.page.flow.line_end();
        }
        self.wrap();
        self.page.flow.text(text, line);
    }

    /// Goes on after the end of a line that was only too long.
    fn wrap(&mut self) {
        if std::mem::take(&mut self.wrapped) {
            self.page.flow.space();
        }
    }

    fn start(&mut self, tag: &Tag<'_>, at: usize, line: usize) {
        if matches!(tag, Tag::Strong) && std::mem::take(&mut self.wrapped) {
            self.page.flow.line_end();
        }
        self.wrap();
        let flow = &mut self.page.flow;
        match tag {
            Tag::Heading { level, .. } => {
                self.underlined = !self.source.get(at..).is_some_and(|rest| rest.starts_with('#'));
                flow.begin(Kind::Heading(depth(*level)));
            }
            // A paragraph in a summary is the summary.
            Tag::Paragraph | Tag::CodeBlock(_) if !flow.in_summary() => flow.begin(Kind::Paragraph),
            Tag::BlockQuote(_) => flow.end(),
            Tag::List(first) => flow.list(first.map(|first| u32::try_from(first).unwrap_or(u32::MAX))),
            Tag::Item => flow.item(None),
            Tag::HtmlBlock => self.html = Some((line, String::new())),
            Tag::MetadataBlock(_) => self.front = Some((line, String::new())),
            Tag::FootnoteDefinition(_) => {
                flow.end();
                self.footnote = 1;
            }
            Tag::DefinitionList => flow.terms(),
            Tag::DefinitionListTitle | Tag::DefinitionListDefinition => flow.term(),
            Tag::Table(_) => flow.grid(),
            Tag::TableHead | Tag::TableRow => flow.row(),
            Tag::TableCell => flow.cell(),
            Tag::Strong => flow.bold(true),
            Tag::Link { .. } => flow.link(true),
            // What a picture shows instead of itself is not a part of the text.
            Tag::Image { .. } => flow.mute += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        self.wrapped = false;
        let flow = &mut self.page.flow;
        match tag {
            TagEnd::Heading(_) => {
                let words = flow.words();
                if self.underlined && (words.len() > LONGEST_UNDERLINED || words.ends_with('.')) {
                    flow.lower();
                }
                flow.end();
            }
            TagEnd::Paragraph | TagEnd::CodeBlock if !flow.in_summary() => flow.end(),
            TagEnd::BlockQuote(_) => flow.end(),
            TagEnd::List(_) => flow.end_list(),
            TagEnd::Item => flow.end_item(),
            TagEnd::HtmlBlock => {
                if let Some((line, html)) = self.html.take() {
                    self.page.read(&html, line);
                    self.page.flow.space();
                }
            }
            TagEnd::MetadataBlock(_) => {
                if let Some((line, front)) = self.front.take() {
                    self.title = self.title.take().or_else(|| title_in(&front, line));
                }
            }
            TagEnd::DefinitionList => flow.end_terms(),
            TagEnd::DefinitionListTitle => flow.end_term(true),
            TagEnd::DefinitionListDefinition => flow.end_term(false),
            TagEnd::Table => flow.end_grid(),
            TagEnd::TableCell => flow.end_cell(),
            TagEnd::Strong => flow.bold(false),
            TagEnd::Link => flow.link(false),
            TagEnd::Image => flow.mute = flow.mute.saturating_sub(1),
            _ => {}
        }
    }

    fn finish(self) -> Vec<Block> {
        let mut blocks = self.page.finish();
        if let Some((line, text)) = self.title {
            let mut titles = blocks.iter().filter(|block| block.kind == Kind::Heading(1));
            let first = blocks.first().is_some_and(|block| block.kind == Kind::Heading(1));
            // One that is said again, or said better, above the text is not a section.
            let again = titles.clone().any(|block| block.text == text) || (first && titles.by_ref().count() == 1);
            if !again {
                blocks.insert(0, Block { line, kind: Kind::Heading(1), text, bold: false, folded: false });
            }
        }
        blocks
    }
}

impl Default for Reader<'_> {
    fn default() -> Self {
        Self {
            source: "",
            lines: Lines::of(""),
            page: Page::fragment(),
            html: None,
            front: None,
            title: None,
            footnote: 0,
            wrapped: false,
            underlined: false,
        }
    }
}

fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The title in the front matter `front`, whose first line comes after `line`.
fn title_in(front: &str, line: usize) -> Option<(usize, String)> {
    front.lines().zip(line + 1..).find_map(|(text, line)| {
        let value = text.strip_prefix("title:")?.trim();
        let bare = ['"', '\''].iter().find_map(|mark| value.strip_prefix(*mark)?.strip_suffix(*mark));
        let title = keys::one_line(bare.unwrap_or(value));
        (!title.is_empty()).then_some((line, title))
    })
}

/// Whether a line that begins with `text` begins something of its own: "Q:", "Answer:", "12." or a bullet.
fn begins_anew(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(['•', '●', '▪', '◦']) {
        return true;
    }
    let rest = text.strip_prefix(['Q', 'q']).unwrap_or(text);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let named = digits > 0 || rest.len() < text.len();
    let marked =
        rest[digits..].strip_prefix(['.', ')', ':']).is_some_and(|after| after.starts_with(char::is_whitespace));
    if named && marked && digits <= 3 {
        return true;
    }
    let word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let marks = ["a", "answer", "ans", "question", "antwort", "frage", "section", "related"];
    marks.iter().any(|mark| word.eq_ignore_ascii_case(mark)) && text[word.len()..].starts_with(':')
}

#[cfg(test)]
mod tests;
