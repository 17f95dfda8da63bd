//! What the tags of HTML mean for a list of questions.

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A part of the page; each name closes only its own.
    Block(u8),
    Main,
    Article,
    Header,
    Form,
    Heading(u8),
    Paragraph,
    Pre,
    List,
    Numbered,
    Item,
    Terms,
    Term,
    Meaning,
    Details,
    Summary,
    Table,
    /// `<thead>`, `<tbody>` and `<tfoot>`.
    Rows,
    Row,
    Cell,
    Title,
    /// What is never a part of the text.
    LeftOut,
    /// What lies around an article, unless it is a scrap.
    Around,
    Button,
    Bold,
    Anchor,
    Inline(u8),
    Break,
    Rule,
    /// Something without words, such as a picture.
    Picture,
}

/// The role of the element called `name`, in small letters; `None` where it means nothing.
pub(super) fn role(name: &[u8]) -> Option<Role> {
    Some(match name {
        b"div" => Role::Block(0),
        b"section" => Role::Block(1),
        b"body" => Role::Block(2),
        b"html" => Role::Block(3),
        b"blockquote" => Role::Block(4),
        b"figure" => Role::Block(5),
        b"address" => Role::Block(6),
        b"center" => Role::Block(7),
        b"fieldset" => Role::Block(8),
        b"hgroup" => Role::Block(9),
        b"main" => Role::Main,
        b"article" => Role::Article,
        b"header" => Role::Header,
        b"form" => Role::Form,
        b"h1" => Role::Heading(1),
        b"h2" => Role::Heading(2),
        b"h3" => Role::Heading(3),
        b"h4" => Role::Heading(4),
        b"h5" => Role::Heading(5),
        b"h6" => Role::Heading(6),
        b"p" => Role::Paragraph,
        b"pre" => Role::Pre,
        b"ul" | b"menu" | b"dir" => Role::List,
        b"ol" => Role::Numbered,
        b"li" => Role::Item,
        b"dl" => Role::Terms,
        b"dt" => Role::Term,
        b"dd" => Role::Meaning,
        b"details" => Role::Details,
        b"summary" => Role::Summary,
        b"table" => Role::Table,
        b"thead" | b"tbody" | b"tfoot" => Role::Rows,
        b"tr" => Role::Row,
        b"td" | b"th" => Role::Cell,
        b"title" => Role::Title,
        b"script" | b"style" | b"noscript" | b"template" | b"svg" | b"math" | b"iframe" | b"object" | b"select"
        | b"textarea" | b"video" | b"audio" | b"canvas" | b"map" | b"datalist" | b"rp" | b"rt" => Role::LeftOut,
        b"nav" | b"footer" | b"aside" | b"dialog" | b"caption" | b"figcaption" | b"search" => Role::Around,
        b"button" => Role::Button,
        b"b" | b"strong" => Role::Bold,
        b"a" => Role::Anchor,
        b"span" => Role::Inline(0),
        b"font" => Role::Inline(1),
        b"i" | b"em" => Role::Inline(2),
        b"sup" => Role::Inline(3),
        b"label" => Role::Inline(4),
        b"br" => Role::Break,
        b"hr" => Role::Rule,
        b"img" | b"input" | b"wbr" => Role::Picture,
        _ => return None,
    })
}

impl Role {
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Bold | Self::Anchor | Self::Inline(_) | Self::Button)
    }

    pub(super) fn is_void(self) -> bool {
        matches!(self, Self::Break | Self::Rule | Self::Picture)
    }

    /// Whether only the article itself has it, and nothing around it.
    pub(super) fn is_anchor(self) -> bool {
        matches!(self, Self::Main | Self::Article | Self::Heading(1))
    }

    /// Whether the beginning of this one ends an `open` one that lacks its end.
    pub(super) fn replaces(self, open: Self) -> bool {
        match self {
            Self::Item => matches!(open, Self::Item | Self::Paragraph),
            Self::Term | Self::Meaning => matches!(open, Self::Term | Self::Meaning | Self::Paragraph),
            Self::Cell => open == Self::Cell,
            Self::Row => matches!(open, Self::Row | Self::Cell),
            Self::Rows => matches!(open, Self::Rows | Self::Row | Self::Cell),
            Self::Heading(_) => matches!(open, Self::Paragraph | Self::Heading(_)),
            _ => open == Self::Paragraph,
        }
    }

    /// Whether, after an `open` one that it ends, there is none further out that it ends too.
    pub(super) fn replaces_no_more(self, open: Self) -> bool {
        match self {
            Self::Item | Self::Term | Self::Meaning | Self::Heading(_) => open != Self::Paragraph,
            Self::Cell | Self::Row | Self::Rows => open == self,
            _ => true,
        }
    }

    /// Whether one that ends another may find it behind an `open` one.
    pub(super) fn looks_past(self, open: Self) -> bool {
        match self {
            Self::Cell | Self::Row | Self::Rows => !matches!(open, Self::Table),
            Self::Item => open.is_inline() || matches!(open, Self::Block(0) | Self::Heading(_) | Self::Details),
            Self::Term | Self::Meaning => open.is_inline() || matches!(open, Self::Heading(_)),
            _ => open.is_inline(),
        }
    }

    /// Whether the end tag of this role ends an `open` one.
    pub(super) fn is_ended_by_the_tag_of(self, open: Self) -> bool {
        match (self, open) {
            (Self::Heading(_), Self::Heading(_)) => true,
            _ => self == open,
        }
    }

    /// Whether an end tag does not reach beyond an `open` element.
    pub(super) fn stops_at(self, open: Self) -> bool {
        match open {
            Self::Cell => !matches!(self, Self::Row | Self::Rows | Self::Table),
            Self::Table => true,
            Self::Item => matches!(self, Self::Paragraph | Self::Heading(_)),
            _ => false,
        }
    }
}
