//! What lies around an article on its page: menus, banners about cookies, what else there is to read, comments.
//!
//! The names that the authors of pages give to such parts are only a suspicion: who uses it looks whether the article
//! itself is inside.

use super::tags::Role;
use crate::import::{Block, Kind};

/// Attributes that say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// `class` and `id`.
    Called,
    Style,
    Role,
    /// `start` of a list and `value` of an item.
    Number,
    Hidden,
    AriaHidden,
    /// What makes a link a switch.
    Toggle,
}

/// What the attributes of a tag say.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) number: Option<u32>,
    pub(super) bold: bool,
    pub(super) light: bool,
    /// It opens something on the same page.
    pub(super) toggles: bool,
    pub(super) suspect: bool,
    pub(super) main: bool,
    hidden: bool,
    /// Hidden until somebody asks for it, as answers are.
    unfolds: bool,
    decoration: bool,
    around: bool,
}

/// Words in the names of what lies around an article.
const AROUND: [&str; 41] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "advertisements",
    "adsense",
    "sponsored",
    "sponsor",
    "promo",
    "promotion",
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    "related",
    "recommended",
    "recirculation",
    "share",
    "sharing",
    "social",
    "comment",
    "comments",
    "respond",
    "disqus",
    "breadcrumb",
    "breadcrumbs",
    "newsletter",
    "subscribe",
    "signup",
    "sidebar",
    "popup",
    "modal",
    "overlay",
    "navbar",
    "menu",
    "pagination",
    "byline",
    "trending",
    "outbrain",
    "taboola",
    "skip",
];
/// Words beside those in such names.
const COMPANIONS: [&str; 50] = [
    "area",
    "articles",
    "author",
    "banner",
    "bar",
    "block",
    "bottom",
    "box",
    "button",
    "buttons",
    "card",
    "cards",
    "container",
    "content",
    "cta",
    "float",
    "footer",
    "form",
    "group",
    "header",
    "holder",
    "icons",
    "inline",
    "inner",
    "item",
    "items",
    "js",
    "left",
    "links",
    "list",
    "main",
    "media",
    "meta",
    "notice",
    "onetrust",
    "outer",
    "panel",
    "posts",
    "reading",
    "right",
    "row",
    "sdk",
    "section",
    "slot",
    "sticky",
    "stories",
    "top",
    "unit",
    "widget",
    "wrapper",
];
/// Words in the names of what is unfolded to read it.
const UNFOLDS: [&str; 14] = [
    "accordion",
    "collapse",
    "collapsible",
    "faq",
    "faqs",
    "answer",
    "answers",
    "panel",
    "toggle",
    "content",
    "body",
    "spoiler",
    "tab",
    "reveal",
];

impl Attributes {
    /// What the attribute called `name` will say; what it says without a value is taken now.
    pub(super) fn name(&mut self, name: &[u8]) -> Option<Name> {
        Some(match name {
            b"class" | b"id" => Name::Called,
            b"style" => Name::Style,
            b"role" => Name::Role,
            b"start" | b"value" => Name::Number,
            b"aria-hidden" => Name::AriaHidden,
            b"hidden" => {
                self.hidden = true;
                Name::Hidden
            }
            b"data-toggle" | b"data-bs-toggle" | b"aria-expanded" | b"aria-controls" => {
                self.toggles = true;
                Name::Toggle
            }
            _ => return None,
        })
    }

    pub(super) fn value(&mut self, name: Name, value: &[u8]) {
        let Ok(value) = std::str::from_utf8(value) else { return };
        match name {
            Name::Called => {
                for name in value.split_ascii_whitespace() {
                    self.suspect |= is_furniture(name);
                    self.unfolds |= name_words(name).any(|word| is_one_of(word, &UNFOLDS));
                }
            }
            Name::Style => {
                let style: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                let style = style.to_ascii_lowercase();
                self.hidden |= style.contains("display:none") || style.contains("visibility:hidden");
                self.light |= style.contains("font-weight:normal") || style.contains("font-weight:400");
                self.bold |= ["bold", "600", "700", "800", "900"]
                    .iter()
                    .any(|weight| style.contains(&format!("font-weight:{weight}")));
            }
            Name::Role => {
                self.around |= matches!(
                    value,
                    "navigation"
                        | "banner"
                        | "contentinfo"
                        | "complementary"
                        | "search"
                        | "dialog"
                        | "alertdialog"
                        | "menu"
                        | "menubar"
                        | "alert"
                );
                self.main |= value == "main";
                self.toggles |= value == "button";
            }
            Name::Number => self.number = value.trim().parse().ok(),
            Name::Hidden => self.unfolds |= value.eq_ignore_ascii_case("until-found"),
            Name::AriaHidden => self.decoration = value == "true",
            Name::Toggle => {}
        }
    }

    /// Whether it is a button that opens an answer, as far as its name goes.
    pub(super) fn opens_answer(&self) -> bool {
        self.unfolds && !self.suspect && !self.hidden
    }

    /// Whether an element with these attributes cannot be seen, or says that it is no part of the article.
    pub(super) fn hides(&self, role: Role) -> bool {
        (self.hidden && !self.unfolds)
            || (self.decoration && role.is_inline())
            || (self.around && !role.is_anchor() && !matches!(role, Role::Header | Role::Block(2 | 3)))
    }
}

/// Whether `name` is a name for furniture and for nothing else: `related-posts` is, `related-experience` is not.
fn is_furniture(name: &str) -> bool {
    let known =
        |word: &str| word.len() <= 2 || word.bytes().all(|byte| byte.is_ascii_digit()) || is_one_of(word, &COMPANIONS);
    name_words(name).any(|word| is_one_of(word, &AROUND))
        && name_words(name).all(|word| is_one_of(word, &AROUND) || known(word))
}

/// The words of a name such as `related-posts` or `relatedPosts`.
fn name_words(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    parts.flat_map(|part| {
        let bytes = part.as_bytes();
        let humps = (1..bytes.len()).filter(|at| bytes[*at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase());
        let mut from = 0;
        let mut words = Vec::new();
        for at in humps {
            words.push(&part[from..at]);
            from = at;
        }
        words.push(&part[from..]);
        words
    })
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|other| word.eq_ignore_ascii_case(other))
}

impl Role {
    /// Whether the names in its attributes may make furniture of it.
    pub(super) fn may_be_furniture(self) -> bool {
        !matches!(self, Self::Main | Self::Block(2 | 3) | Self::Heading(_) | Self::Bold)
    }
}

/// The blocks of the article from `start` to `end`, and the title above it, where most of the page is the article.
pub(super) fn within(mut blocks: Vec<Block>, start: usize, end: usize) -> Vec<Block> {
    let letters = |blocks: &[Block]| blocks.iter().map(|block| block.text.len()).sum::<usize>();
    let inside = blocks.get(start..end).map_or(0, letters);
    if inside * 2 < letters(&blocks) {
        return blocks;
    }
    blocks.truncate(end);
    let mut at = 0;
    blocks.retain(|block| {
        at += 1;
        at > start || block.kind == Kind::Heading(1)
    });
    blocks
}

/// The title of a page without the name of its site.
pub(super) fn title(title: &str) -> &str {
    let cut = [" | ", " - ", " – ", " — ", " · ", " :: "].iter().filter_map(|between| title.rfind(between)).max();
    match cut {
        Some(at) if at * 2 >= title.len() => title[..at].trim_end(),
        _ => title,
    }
}
