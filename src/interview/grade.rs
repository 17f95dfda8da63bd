//! How the candidate rates an answer.

/// How well the person thinks that an answer went. The order is from the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// It must be said again.
    Again,
    /// It was hard.
    Hard,
    /// It was good.
    Good,
    /// It was easy.
    Easy,
}

impl Grade {
    /// All of them, the worst first: the order of the keys 1 to 4.
    pub const ALL: [Grade; 4] = [Grade::Again, Grade::Hard, Grade::Good, Grade::Easy];

    /// The word, as it stands in files.
    pub fn word(self) -> &'static str {
        match self {
            Grade::Again => "again",
            Grade::Hard => "hard",
            Grade::Good => "good",
            Grade::Easy => "easy",
        }
    }

    /// The grade that the word stands for.
    pub fn of_word(word: &str) -> Option<Grade> {
        Grade::ALL.into_iter().find(|grade| grade.word() == word)
    }
}
