//! A page saved from a browser as blocks.
//!
//! The page is read as a run of tags, and what is open is kept in a stack: there is no tree, so a page may be nested as
//! deep as it likes, and no tag looks at more than [`SCOPE`] open ones.
//! Which tags mean what is in [`tags`], and what lies around an article in [`furniture`].

mod furniture;
mod tags;

use std::borrow::Cow;
use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use self::furniture::Attributes;
use self::tags::Role;
use super::flow::Flow;
use super::lines::Lines;
use super::{Block, Kind};

/// How many open elements a tag looks at to find the one that it closes.
const SCOPE: usize = 128;

/// The blocks of a page, without what lies around its article.
pub fn blocks(text: &str) -> Vec<Block> {
    let text = with_line_feeds(text);
    let mut page = Page::default();
    page.read(&text, 1);
    page.finish()
}

/// The words of a scrap of HTML, such as a field of a flashcard, in one line.
pub(super) fn words(scrap: &str) -> String {
    let blocks = Page::fragment().scrap(scrap);
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    texts.join(" ")
}

/// Line ends as they are counted: the tokenizer makes one of CR and LF, and its offsets with it.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// What has been read of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) flow: Flow,
    open: Vec<Element>,
    /// The tag that is being read.
    tag: Option<Role>,
    attributes: Attributes,
    /// The attribute whose value is to come.
    attribute: Option<furniture::Name>,
    /// The title in the head of the page, with its line.
    title: (usize, String),
    /// What was left out because its name says that it is furniture.
    set_aside: Vec<Block>,
    /// How many elements have been opened that only the article itself has.
    anchors: usize,
    /// The blocks of `<main>`, or else of the only `<article>`.
    main: Option<(usize, usize)>,
    articles: Vec<(usize, usize)>,
    /// It is a part of something else: nothing around it is furniture.
    scrap: bool,
}

/// An open element, and what its end undoes.
#[derive(Debug)]
struct Element {
    role: Role,
    /// How many blocks there were before it.
    start: usize,
    /// The count of anchors before it.
    anchors: usize,
    bold: bool,
    link: bool,
    mute: bool,
    /// It is likely to be furniture.
    suspect: bool,
}

impl Page {
    /// A page for the HTML within another document, where everything was put by its author.
    pub(super) fn fragment() -> Self {
        Self { scrap: true, ..Self::default() }
    }

    /// Reads `html`, whose first line is `line` of the document; what is open stays open.
    pub(super) fn read(&mut self, html: &str, line: usize) {
        let lines = Lines::of(html);
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
            match event {
                CallbackEvent::OpenStartTag { name } => {
                    self.tag = tags::role(name);
                    self.attributes = Attributes::default();
                }
                CallbackEvent::AttributeName { name } => {
                    self.attribute = self.attributes.name(name);
                }
                CallbackEvent::AttributeValue { value } => {
                    if let Some(name) = self.attribute.take() {
                        self.attributes.value(name, value);
                    }
                }
                CallbackEvent::CloseStartTag { self_closing } => {
                    if let Some(role) = self.tag.take() {
                        self.start(role, self_closing);
                    }
                }
                CallbackEvent::EndTag { name } => {
                    if let Some(role) = tags::role(name) {
                        self.end(role);
                    }
                }
                CallbackEvent::String { value } => {
                    let value = String::from_utf8_lossy(value);
                    self.text(&value, line + lines.at(span.start) - 1);
                }
                CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
            }
            None
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    }

    fn text(&mut self, text: &str, line: usize) {
        if self.open.last().is_some_and(|element| element.role == Role::Title) && self.flow.mute == 0 {
            if self.title.1.is_empty() {
                self.title = (line, super::keys::one_line(text));
            }
            return;
        }
        self.flow.text(text, line);
    }

    fn start(&mut self, role: Role, self_closing: bool) {
        self.close_implied(role);
        let attributes = std::mem::take(&mut self.attributes);
        let kept = self.scrap || (role == Role::Button && (self.flow.in_title() || attributes.opens_answer()));
        let around = matches!(role, Role::Around | Role::Button) || attributes.hides(role);
        let mute = role == Role::LeftOut || (around && !kept);
        let element = Element {
            role,
            start: 0,
            anchors: self.anchors,
            bold: (role == Role::Bold && !attributes.light) || (attributes.bold && role.is_inline()),
            link: role == Role::Anchor && !attributes.toggles,
            mute,
            suspect: !self.scrap
                && !mute
                && (attributes.suspect && role.may_be_furniture() || matches!(role, Role::Form | Role::Header)),
        };
        if role.is_void() {
            self.void(role);
            return;
        }
        if self_closing && role == Role::LeftOut {
            return;
        }
        self.flow.mute += usize::from(mute);
        if element.bold {
            self.flow.bold(true);
        }
        if element.link {
            self.flow.link(true);
        }
        if self.flow.mute == 0 {
            self.begin(role, &attributes);
            if !element.suspect && (role.is_anchor() || attributes.main) {
                self.anchors += 1;
            }
        }
        let start = self.flow.blocks.len();
        self.open.push(Element { start, ..element });
    }

    /// A tag that has nothing in it.
    fn void(&mut self, role: Role) {
        if self.flow.mute > 0 {
            return;
        }
        match role {
            Role::Break => self.flow.line_end(),
            Role::Rule => self.flow.end(),
            _ => self.flow.space(),
        }
    }

    /// What the beginning of an element means for the blocks.
    fn begin(&mut self, role: Role, attributes: &Attributes) {
        let flow = &mut self.flow;
        match role {
            Role::Heading(level) if !flow.in_summary() => flow.begin(Kind::Heading(level)),
            Role::Heading(_) => flow.space(),
            Role::Paragraph | Role::Block(_) | Role::Pre if flow.in_summary() => flow.space(),
            Role::Paragraph | Role::Pre => flow.begin(Kind::Paragraph),
            Role::List => flow.list(None),
            Role::Numbered => flow.list(Some(attributes.number.unwrap_or(1))),
            Role::Item => flow.item(attributes.number),
            Role::Terms => flow.terms(),
            Role::Term | Role::Meaning => flow.term(),
            Role::Details => flow.details(),
            Role::Summary => flow.summary(),
            Role::Table => flow.grid(),
            Role::Row => flow.row(),
            Role::Cell => flow.cell(),
            // The button of an accordion stands where a heading would.
            Role::Button if !flow.in_title() => flow.begin(Kind::Heading(6)),
            role if !role.is_inline() => flow.end(),
            _ => {}
        }
    }

    /// Closes what the beginning of `role` ends without saying so.
    fn close_implied(&mut self, role: Role) {
        if role.is_inline() || role.is_void() && role != Role::Rule {
            return;
        }
        let mut found = None;
        for (at, element) in self.open.iter().enumerate().rev().take(SCOPE) {
            if role.replaces(element.role) {
                found = Some(at);
                if role.replaces_no_more(element.role) {
                    break;
                }
            } else if !role.looks_past(element.role) {
                break;
            }
        }
        if let Some(at) = found {
            self.close_down_to(at);
        }
    }

    fn end(&mut self, role: Role) {
        if role == Role::Break {
            return self.void(role);
        }
        let mut blocked = false;
        let reach = self.open.len().saturating_sub(SCOPE);
        for at in (reach..self.open.len()).rev() {
            let open = self.open[at].role;
            if role.is_ended_by_the_tag_of(open) {
                if blocked {
                    self.soften(at);
                } else {
                    self.close_down_to(at);
                }
                return;
            }
            if role.is_inline() {
                blocked |= !open.is_inline();
            } else if role.stops_at(open) {
                return;
            }
        }
    }

    /// Takes back what an inline element does, whose end comes within another block.
    fn soften(&mut self, at: usize) {
        let element = &mut self.open[at];
        let (bold, link) = (std::mem::take(&mut element.bold), std::mem::take(&mut element.link));
        self.ends(bold, link);
    }

    /// Bold or linked words end here.
    fn ends(&mut self, bold: bool, link: bool) {
        if bold {
            self.flow.bold(false);
        }
        if link {
            self.flow.link(false);
        }
    }

    fn close_down_to(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(element) = self.open.pop() else { return };
            self.close(&element);
        }
    }

    fn close(&mut self, element: &Element) {
        if self.flow.mute == 0 {
            match element.role {
                Role::List | Role::Numbered => self.flow.end_list(),
                Role::Item => self.flow.end_item(),
                Role::Terms => self.flow.end_terms(),
                Role::Term => self.flow.end_term(true),
                Role::Meaning => self.flow.end_term(false),
                Role::Details => self.flow.end_details(),
                Role::Summary => self.flow.end_summary(),
                Role::Table => self.flow.end_grid(),
                Role::Cell => self.flow.end_cell(),
                Role::Button if self.flow.words().is_empty() || !self.flow.in_title() => self.flow.end(),
                Role::Paragraph | Role::Block(_) | Role::Heading(_) | Role::Pre if self.flow.in_summary() => {
                    self.flow.space();
                }
                role if !role.is_inline() => self.flow.end(),
                _ => {}
            }
            self.judge(element);
        }
        self.ends(element.bold, element.link);
        self.flow.mute -= usize::from(element.mute);
    }

    /// Leaves out what has turned out to be furniture, and remembers where the article is.
    fn judge(&mut self, element: &Element) {
        let (start, end) = (element.start.min(self.flow.blocks.len()), self.flow.blocks.len());
        let anchored = self.anchors > element.anchors;
        if element.suspect && (!anchored || element.role == Role::Header) {
            // The title of an article may stand in its header; in the header of a page it is the name of the site.
            let of_article =
                self.open.iter().rev().take(SCOPE).any(|open| matches!(open.role, Role::Article | Role::Main));
            for block in self.flow.blocks.split_off(start) {
                let title = element.role == Role::Header && of_article && block.kind == Kind::Heading(1);
                if title { self.flow.blocks.push(block) } else { self.set_aside.push(block) }
            }
        } else if element.role == Role::Main && self.main.is_none() {
            self.main = Some((start, end));
        } else if element.role == Role::Article && self.articles.len() < 2 {
            self.articles.push((start, end));
        }
    }

    /// The blocks of a scrap.
    fn scrap(mut self, html: &str) -> Vec<Block> {
        self.read(html, 1);
        self.close_down_to(0);
        self.flow.end();
        self.flow.blocks
    }

    /// The blocks of the whole page.
    pub(super) fn finish(mut self) -> Vec<Block> {
        self.close_down_to(0);
        self.flow.end();
        let mut blocks = self.flow.blocks;
        let article = if self.articles.len() == 1 { self.articles.first().copied() } else { None };
        if let Some((start, end)) = self.main.or(article) {
            blocks = furniture::within(blocks, start, end);
        }
        if blocks.iter().filter(|block| !matches!(block.kind, Kind::Heading(_) | Kind::Link)).count() < 2 {
            blocks.append(&mut self.set_aside);
            blocks.sort_by_key(|block| block.line);
        }
        let (line, title) = self.title;
        if !blocks.iter().any(|block| block.kind == Kind::Heading(1)) {
            let site = self.set_aside.iter().find(|block| block.kind == Kind::Heading(1));
            if !title.is_empty() {
                let text = furniture::title(&title).to_owned();
                blocks.insert(0, Block { line, kind: Kind::Heading(1), text, bold: false, folded: false });
            } else if let Some(site) = site {
                blocks.insert(0, site.clone());
            }
        }
        blocks
    }
}

#[cfg(test)]
mod tests;
