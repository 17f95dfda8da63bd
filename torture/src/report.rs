//! What a torture found: figures beside their promises.

use std::fmt::Display;
use std::sync::Mutex;

/// The figures of a run, printed as they come.
pub struct Report {
    rows: Mutex<Vec<Row>>,
}

/// One figure.
pub struct Row {
    name: String,
    figure: String,
    promise: String,
    kept: Option<bool>,
}

impl Report {
    /// Nothing measured yet.
    pub fn new() -> Report {
        Report { rows: Mutex::new(Vec::new()) }
    }

    fn add(&self, name: &str, figure: String, promise: String, kept: Option<bool>) {
        let mark = if kept == Some(false) { "  BROKEN" } else { "" };
        println!("{name}: {figure} ({promise}){mark}");
        let row = Row { name: name.to_owned(), figure, promise, kept };
        self.rows.lock().expect("nobody panics while it is held").push(row);
    }

    /// A number of seconds, and the most that is promised.
    pub fn seconds(&self, name: &str, what: &str, seconds: f64, most: f64) {
        let figure = if what.is_empty() { format!("{seconds:.3} s") } else { format!("{seconds:.3} s {what}") };
        self.add(name, figure, format!("at most {most} s"), Some(seconds <= most));
    }

    /// Something that is so or is not.
    pub fn holds(&self, name: &str, figure: impl Display, promise: &str, holds: bool) {
        self.add(name, figure.to_string(), promise.to_owned(), Some(holds));
    }

    /// What was wrong in one of many: every one breaks the promise; the first few are told.
    pub fn none(&self, name: &str, of: &str, wrong: &[String], promise: &str) {
        self.add(name, format!("{} wrong of {of}", wrong.len()), promise.to_owned(), Some(wrong.is_empty()));
        for each in wrong.iter().take(6) {
            println!("    {}", each.replace('\n', "\n    "));
        }
        if wrong.len() > 6 {
            println!("    and {} more", wrong.len() - 6);
        }
    }

    /// A figure without a promise.
    pub fn note(&self, name: &str, figure: impl Display) {
        self.add(name, figure.to_string(), "no promise".to_owned(), None);
    }

    /// What was not done, and why.
    pub fn skipped(&self, name: &str, why: &str) {
        self.add(name, format!("skipped: {why}"), "not measured".to_owned(), None);
    }

    /// How many promises were kept, and how many broken.
    pub fn count(&self) -> (usize, usize) {
        let rows = self.rows.lock().expect("nobody panics while it is held");
        let count = |kept| rows.iter().filter(|row| row.kept == Some(kept)).count();
        (count(true), count(false))
    }

    /// The figures as rows of a Markdown table.
    pub fn table(&self) -> String {
        let rows = self.rows.lock().expect("nobody panics while it is held");
        let row = |row: &Row| {
            let broken = if row.kept == Some(false) { " **broken**" } else { "" };
            format!("| {} | {}{broken} | {} |\n", row.name, row.figure, row.promise)
        };
        "| torture | figure | promise |\n| --- | --- | --- |\n".to_owned() + &rows.iter().map(row).collect::<String>()
    }
}

/// The larger of two figures, where one may not be a number yet.
pub fn worst(figures: impl IntoIterator<Item = f64>) -> f64 {
    figures.into_iter().fold(0.0, f64::max)
}
