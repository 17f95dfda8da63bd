//! What was understood of a file, before it is a bank.

/// What a file was found to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// What the whole is called, where it says so.
    pub title: Option<String>,
    /// The id of the bank, where the file has one.
    pub id: Option<String>,
    /// The language as a BCP 47 tag, where the file says so.
    pub language: Option<String>,
    /// The sections, in their order.
    pub sections: Vec<Heading>,
    /// The questions, in their order.
    pub items: Vec<Item>,
    /// What the importer is not sure of, in the order of the lines.
    pub unsure: Vec<Remark>,
    /// What was left out, in the order of the lines.
    pub left_out: Vec<Remark>,
}

/// The heading of a section, without decoration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    /// The line, from 1.
    pub line: usize,
    /// What the section is called.
    pub title: String,
    /// The id of the section, where the file has one.
    pub id: Option<String>,
}

/// A question, as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its place in [`Outline::sections`]; `None` before the first.
    pub section: Option<usize>,
    /// What is asked, whole, without its number.
    pub prompt: String,
    /// The answer, whole; paragraphs follow each other with a space, and items of lists are
    /// parted by `;` where they end in no sign of their own.
    pub answer: Option<String>,
    /// Its id, where the file has one.
    pub id: Option<String>,
    /// Words by which it is picked, as they were written.
    pub tags: Vec<String>,
    /// Reference points, where the file has some.
    pub points: Vec<String>,
    /// Follow-up questions, where the file has some.
    pub follow_ups: Vec<String>,
}

/// Something that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The line, from 1.
    pub line: usize,
    /// What is to be said of it, as a sentence without a full stop.
    pub text: String,
}
