//! `greenroom questions import` through the real program: every form, what is kept, what is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use greenroom::import::{draft, read};
use greenroom::store::bank_file::parse_bank;
use greenroom::store::bank_writer::write;
use greenroom::store::format_file::formats;
use proptest::prelude::*;
use serde_json::Value;

/// A home of its own for one test, and the program in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("a file can be written");
        path.to_string_lossy().into_owned()
    }

    fn bank(&self, name: &str) -> PathBuf {
        self.folder.path().join("home/questions").join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.bank(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command
            .env("GREENROOM_HOME", self.folder.path().join("home"))
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null());
        command
    }

    fn greenroom(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Imports a file, which must succeed, and reads the JSON of it.
    #[track_caller]
    fn import(&self, arguments: &[&str]) -> Value {
        let output = self.greenroom(&[&["questions", "import", "--json"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).expect("standard output is JSON and nothing else")
    }

    #[track_caller]
    fn refuses(&self, arguments: &[&str], status: i32, words: &[&str]) {
        let output = self.greenroom(&[&["questions", "import"], arguments].concat());
        let said = said(&output);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?} does not say {word:?}: {said}");
        }
        assert!(!said.contains("panicked"), "{said}");
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.bank("")).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn ids(value: &Value) -> Vec<String> {
    let questions = value["questions"].as_array().expect("a list of questions");
    questions.iter().map(|question| question["id"].as_str().unwrap_or_default().to_owned()).collect()
}

const BAKING: &str = "Baking Interview Questions\n\nDough\n1. How do you know that the dough is ready?\nI press a finger into it, and the hole fills slowly.\n\
    2. Which flour do you buy?\nRye, from the mill by the river, because I know the miller.\nLoaves\n3. Describe your best loaf.\nIt sang when it left the oven.\n\
    4. Who gets the first slice?\n";

#[test]
fn the_article_gives_fifty_questions_each_whole() {
    let folder = std::env::var_os("GREENROOM_REFERENCE").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference"));
    let article = folder.join("vp-engineering-article.txt");
    let Ok(text) = fs::read_to_string(&article) else {
        eprintln!("skipped: there is no {} (GREENROOM_REFERENCE names its folder)", article.display());
        return;
    };
    let place = Place::new();
    let told = place.import(&[&article.to_string_lossy()]);
    let counts: Vec<(u64, u64)> = told["sections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|section| (section["questions"].as_u64().unwrap(), section["answers"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [(10, 10), (15, 15), (15, 15), (10, 0)]);
    assert_eq!(told["unsure"], serde_json::json!([]), "nothing in it is unsure");
    // By the lines of the article itself: a prompt is the line of its number, an answer the line below it.
    let lines: Vec<&str> = text.lines().collect();
    let bank = parse_bank("article", &place.text("vp-engineering-article.toml"), &formats(None).unwrap()).unwrap();
    assert_eq!(bank.questions.len(), 50);
    let mut explained: Vec<usize> = Vec::new();
    for (number, question) in (1..).zip(&bank.questions) {
        let start = format!("{number}. ");
        let at = lines.iter().position(|line| line.starts_with(&start)).unwrap();
        let clean = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(question.prompt.as_str(), clean(&lines[at][start.len()..]));
        explained.push(at + 1);
        if number <= 40 {
            assert_eq!(
                question.answer.as_ref().map(|answer| answer.as_str().to_owned()),
                Some(clean(lines[at + 1])),
                "{number}"
            );
            assert!((3..=6).contains(&question.points.len()), "{}: {} points", question.id, question.points.len());
            explained.push(at + 2);
        } else {
            assert!(question.answer.is_none(), "{number}");
        }
        assert!(question.points.iter().all(|point| point.proposed));
    }
    // Every other line is a heading, or was told to be left out.
    explained
        .extend(told["left_out"].as_array().unwrap().iter().map(|remark| remark["line"].as_u64().unwrap() as usize));
    let rest: Vec<&str> = (1..=lines.len())
        .filter(|line| !explained.contains(line))
        .map(|line| lines[line - 1])
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(rest.len(), 5, "the title and four headings: {rest:?}");
    for (section, heading) in bank.sections.iter().zip(&rest[1..]) {
        assert!(
            heading.starts_with(section.title.as_str()) && !section.title.as_str().contains("Question"),
            "{heading}"
        );
    }
    let again = place.import(&[&article.to_string_lossy()]);
    assert_eq!((again["written"].as_bool(), ids(&again)), (Some(false), ids(&told)));
}

#[test]
fn every_form_becomes_the_bank_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    assert!(files.len() >= 20, "the files are gone");
    let mut differences = String::new();
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let reading = read(&name, &fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let draft =
            draft(&reading.outline, "golden", "Golden", None).unwrap_or_else(|| panic!("{name} has no question"));
        let mut now = write(&draft.bank, &[]).text;
        for (what, remarks) in [("unsure", &reading.outline.unsure), ("left out", &reading.outline.left_out)] {
            for remark in remarks {
                now += &format!("# {what}, line {}: {}\n", remark.line, remark.text);
            }
        }
        let golden = folder.join("banks").join(format!("{name}.toml"));
        if std::env::var_os("GREENROOM_GOLDEN").is_some() {
            fs::create_dir_all(golden.parent().unwrap()).unwrap();
            fs::write(&golden, &now).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if now != expected {
            differences += &format!("--- {name} should be\n{expected}--- but is\n{now}");
        }
        let bank = parse_bank(&name, &now, &formats(None).unwrap()).unwrap_or_else(|flaws| panic!("{flaws}"));
        assert_eq!(bank, draft.bank, "{name}");
    }
    assert!(differences.is_empty(), "\n{differences}");
}

#[test]
fn an_import_writes_a_bank_that_can_be_rehearsed() {
    let place = Place::new();
    let file = place.file("Baking notes.txt", BAKING);
    let output = place.greenroom(&["questions", "import", &file]);
    let said = said(&output);
    for word in [
        "4 questions in 2 sections, 3 with an answer",
        "plain text, UTF-8",
        "baking-notes.toml",
        "greenroom rehearse --bank baking-notes",
    ] {
        assert!(said.contains(word), "{word:?} is not in {said}");
    }
    let check = place.greenroom(&["questions", "check", &place.bank("baking-notes.toml").to_string_lossy()]);
    assert!(check.status.success() && String::from_utf8_lossy(&check.stdout).contains("proposed by an import"));
    let list = place.greenroom(&["questions", "list", "--bank", "baking-notes"]);
    assert!(String::from_utf8_lossy(&list.stdout).contains("loaf"), "{}", String::from_utf8_lossy(&list.stdout));
    let show = place.greenroom(&["questions", "show", "flour-buy", "--bank", "baking-notes"]);
    assert!(String::from_utf8_lossy(&show.stdout).contains("(proposed)"), "{}", String::from_utf8_lossy(&show.stdout));
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::new();
    let told = place.import(&[&place.file("b.txt", BAKING), "--dry-run"]);
    assert_eq!((told["dry_run"].as_bool(), told["written"].as_bool(), ids(&told).len()), (Some(true), Some(false), 4));
    assert!(place.names().is_empty());
}

#[test]
fn a_changed_file_keeps_ids_and_edits_and_the_earlier_bank() {
    let place = Place::new();
    let file = place.file("b.txt", BAKING);
    let one = place.import(&[&file]);
    let first = place.text("b.toml");
    assert_eq!(place.import(&[&file])["written"], Value::Bool(false));
    assert_eq!((place.text("b.toml"), place.names().len()), (first.clone(), 2));
    // A person accepts a point, chooses a format and writes an answer.
    let mine = first.replacen(", proposed = true", "", 1).replacen("format = \"standard\"", "format = \"drill\"", 1);
    let mine = mine.replace("It sang when it left the oven.", "It was heavy, and it was gone by noon.");
    fs::write(place.bank("b.toml"), &mine).unwrap();
    assert_eq!(place.import(&[&file])["written"], Value::Bool(false));
    assert_eq!(place.text("b.toml"), mine);
    let changed = format!(
        "{}5. When do you get up?\nAt three.\n",
        BAKING.replace("Which flour do you buy?", "Which flour do you always buy?")
    );
    place.file("b.txt", changed);
    let two = place.import(&[&file]);
    assert_eq!(two["written"], Value::Bool(true));
    assert_eq!(ids(&two)[..4], ids(&one)[..]);
    assert_eq!(two["changes"]["added"].as_array().unwrap().len(), 1);
    assert_eq!(place.text(".b.toml.1"), mine);
    let now = place.text("b.toml");
    for kept in
        ["It was heavy, and it was gone by noon.", "format = \"drill\"", "Which flour do you always buy?", "At three."]
    {
        assert!(now.contains(kept), "{kept}\n{now}");
    }
    // The point that was accepted stays so.
    let accepted =
        mine.lines().find(|line| line.contains("any = [") && !line.contains("proposed")).expect("a point was accepted");
    assert!(now.contains(accepted), "{accepted}");
    assert_eq!(place.names(), [".b.imported.toml", ".b.toml.1", "b.toml"]);
}

#[test]
fn what_no_import_made_is_never_replaced() {
    let place = Place::new();
    let file = place.file("b.txt", BAKING);
    let own = "schema = 1\nid = \"b\"\ntitle = \"B\"\n[[section]]\nid = \"s\"\ntitle = \"S\"\nformat = \"drill\"\n[[question]]\nid = \"q\"\nsection = \"s\"\nprompt = \"Mine?\"\n";
    fs::create_dir_all(place.bank("")).unwrap();
    fs::write(place.bank("b.toml"), own).unwrap();
    place.refuses(&[&file], 1, &["b.toml", "not made by an import", "--id"]);
    place.refuses(&[&file, "--id", "b"], 1, &["not made by an import"]);
    fs::rename(place.bank("b.toml"), place.bank("other.toml")).unwrap();
    place.refuses(&[&file], 2, &["other.toml", "has the id `b`", "--id"]);
    assert_eq!((place.text("other.toml"), place.names().len()), (own.to_owned(), 1));
    // Nor is what another file gave.
    assert_eq!(place.import(&[&file, "--id", "c"])["bank"], "c");
    let before = place.text("c.toml");
    let other = place.file("sailing.txt", "1. What is port?\n2. What is starboard?\n3. When do you reef?\n");
    place.refuses(&[&other, "--id", "c"], 1, &["imported from b.txt", "--id"]);
    assert_eq!(place.text("c.toml"), before);
}

#[test]
fn a_bank_that_comes_with_greenroom_is_hidden_only_by_name() {
    let place = Place::new();
    let file = place.file("behavioral.txt", BAKING);
    place.refuses(&[&file], 2, &["comes with greenroom", "--id my-behavioral"]);
    assert_eq!(place.import(&[&file, "--id", "behavioral"])["written"], Value::Bool(true));
    assert_eq!(place.import(&[&place.file("formats.txt", BAKING)])["bank"], "formats-questions");
    place.refuses(&[&file, "--id", "formats"], 2, &["another id"]);
    place.refuses(&[&file, "--id", "Not An Id"], 2, &["try `not-an-id`"]);
}

#[test]
fn a_bank_of_greenrooms_own_is_taken_whole_or_its_mistakes_are_told() {
    let place = Place::new();
    let own = "# Mine.\nschema = 1\nid = \"own\"\ntitle = \"Own\"\n[[section]]\nid = \"s\"\ntitle = \"S\"\nformat = \"drill\"\n[[question]]\nid = \"q\"\nsection = \"s\"\nprompt = \"Mine?\"\n";
    let file = place.file("given.toml", own);
    assert_eq!(place.import(&[&file])["bank"], "own");
    assert_eq!(place.text("own.toml"), own);
    assert_eq!(place.import(&[&file])["written"], Value::Bool(false));
    assert_eq!(place.import(&[&file, "--id", "copy", "--title", "Copy"])["title"], "Copy");
    fs::write(place.bank("own.toml"), own.replace("Mine?", "Edited?")).unwrap();
    place.file("given.toml", own.replace("Mine?", "Another?"));
    place.refuses(&[&file], 1, &["was edited since"]);
    let flawed = place.file("flawed.toml", own.replace("prompt", "promt"));
    place.refuses(&[&flawed, "--id", "flawed"], 1, &["flawed.toml:12:1", "did you mean `prompt`", "mistake"]);
}

#[test]
fn what_cannot_be_imported_is_refused_with_a_remedy() {
    let place = Place::new();
    for (name, bytes, words) in [
        ("a.pdf", &b"%PDF-1.7\n"[..], &["PDF", "save it as text or HTML first"][..]),
        ("a.docx", b"PK\x03\x04....", &["DOCX", "save it as"]),
        ("a.txt", b"1. Why?\0\0", &["not a text file"]),
        ("empty.txt", b"", &["empty"]),
        ("prose.txt", b"It rained. Then it stopped.\n", &["no question was found", "Q:"]),
        ("broken.json", b"{\"a\": ", &["line 1"]),
    ] {
        place.refuses(&[&place.file(name, bytes)], 1, words);
    }
    place.refuses(&["nowhere.txt"], 1, &["nowhere.txt", "cannot be read"]);
    place.refuses(&[&place.folder.path().to_string_lossy()], 1, &["is a folder"]);
    assert!(place.names().is_empty());
}

#[test]
fn a_dry_run_shows_each_question_and_what_is_left_out() {
    let place = Place::new();
    let file = place.file("b.txt", format!("{BAKING}\nConclusion\nBake on, and be kind to your miller.\n"));
    let said = said(&place.greenroom(&["questions", "import", &file, "--dry-run"]));
    for word in [
        "1. How do you know that the dough is ready?  (line 4, answer of 11 words)",
        "Who gets the first slice?",
        "no answer",
    ] {
        assert!(said.contains(word), "{word:?} is not in {said}");
    }
    assert!(said.contains("“Bake on, and be kind to your miller.”"), "{said}");
    let many: String = (1..=90).map(|at| format!("{at}. Why is loaf number {at} burned?\n")).collect();
    let output = place.greenroom(&["questions", "import", &place.file("many.txt", many), "--dry-run"]);
    let said = self::said(&output);
    assert!(said.contains("… and 84 more") && said.contains("  90. "), "{said}");
}

#[test]
fn a_file_of_other_questions_does_not_replace_a_bank_of_its_name() {
    let place = Place::new();
    let file = place.file("q.txt", "1. How do you boil rice?\n2. How long do you boil eggs?\n");
    place.import(&[&file]);
    let before = place.text("q.toml");
    place.file("q.txt", "1. What is port?\n2. What is starboard?\n");
    place.refuses(&[&file], 1, &["has other questions", "--id", "delete", "q.toml"]);
    assert_eq!(place.text("q.toml"), before);
    assert_eq!(place.import(&[&file, "--id", "ships"])["bank"], "ships");
}

#[test]
fn a_title_that_was_asked_for_and_an_edited_question_stay() {
    let place = Place::new();
    let file = place.file("b.txt", BAKING);
    place.import(&[&file, "--title", "My bread", "--id", "b"]);
    assert_eq!(place.import(&[&file, "--id", "b"])["written"], Value::Bool(false));
    let mine = place.text("b.toml").replace("It sang when it left the oven.", "It fell on the floor.");
    fs::write(place.bank("b.toml"), mine).unwrap();
    let short = BAKING.split("Loaves").next().unwrap();
    place.file("b.txt", short);
    let told = place.import(&[&file, "--id", "b"]);
    assert_eq!(told["title"], "My bread");
    assert_eq!(told["changes"]["edited"].as_array().unwrap().len(), 1);
    assert_eq!(told["changes"]["removed"].as_array().unwrap().len(), 1);
    assert!(place.text("b.toml").contains("It fell on the floor."));
    assert_eq!(place.import(&[&file, "--id", "b", "--title", "Your bread"])["title"], "Your bread");
}

#[test]
fn a_bank_that_an_edit_broke_is_named_with_its_mistake() {
    let place = Place::new();
    let file = place.file("b.txt", BAKING);
    place.import(&[&file]);
    fs::write(place.bank("b.toml"), place.text("b.toml").replace("title = \"Dough\"", "title = Dough")).unwrap();
    place.refuses(&[&file], 1, &["b.toml:", "nothing was imported", "or import into another bank with --id"]);
}

#[test]
fn points_give_way_before_questions_do() {
    let place = Place::new();
    let text: String = (1..=4_900)
        .map(|at| {
            format!("{at}. What is loaf number {at} made of?\nOf rye{at} flour{at}, the salted butter{at} and a proofing basket{at}.\n")
        })
        .collect();
    let told = place.import(&[&place.file("many.txt", text)]);
    assert_eq!(ids(&told).len(), 4_900);
    assert!(told["unsure"].to_string().contains("were not proposed"), "{}", told["unsure"]);
    let again = place.import(&[&place.folder.path().join("many.txt").to_string_lossy()]);
    assert_eq!(again["written"], Value::Bool(false));
}

#[test]
fn the_hint_names_the_home_that_was_asked_for() {
    let place = Place::new();
    let file = place.file("b.txt", BAKING);
    let home = place.folder.path().join("elsewhere").to_string_lossy().into_owned();
    let output = place.greenroom(&["--home", &home, "questions", "import", &file]);
    let said = said(&output);
    assert!(said.contains("rehearse --bank b --home ") && said.contains("elsewhere"), "{said}");
}

#[test]
fn standard_input_is_a_file_too() {
    let place = Place::new();
    let text = place.file("x", BAKING);
    let mut command = place.command(&["questions", "import", "-", "--id", "piped", "--json"]);
    let output = command.stdin(fs::File::open(text).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(place.text("piped.toml").starts_with("# Imported from standard input\n"));
}

/// Reads, drafts and writes, and demands that what was written reads back; gives how long that took.
fn passes(name: &str, bytes: &[u8]) -> Duration {
    let start = Instant::now();
    if let Ok(reading) = read(name, bytes)
        && let Some(draft) = draft(&reading.outline, "x", "X", None)
    {
        let written = write(&draft.bank, &[]);
        let again = parse_bank("x.toml", &written.text, &formats(None).unwrap());
        let again = again.unwrap_or_else(|flaws| panic!("{flaws}"));
        assert_eq!(again.questions[..], draft.bank.questions[..written.questions]);
        assert_eq!(write(&again, &[]).text, written.text, "stable");
    }
    start.elapsed()
}

#[test]
fn hostile_files_cost_bounded_time_and_break_nothing() {
    // A quarter of the largest file where nothing is optimised: a time that grew with the square would show all the same.
    let share = if cfg!(debug_assertions) { 4 } else { 1 };
    let mib = (1 << 20) / share;
    let nested: String =
        (0..20_000).map(|depth| format!("{}- {depth}. Why?\n", " ".repeat(depth % 4_000))).collect::<String>();
    for (name, text) in [
        ("one line", "word? ".repeat(8 * mib / 6)),
        ("one word", "x".repeat(8 * mib)),
        ("headings", (0..100_000 / share).map(|at| format!("Heading {at}\n")).collect()),
        ("rules", "=".repeat(80).to_owned() + &"\n---\n".repeat(mib)),
        ("numbers", (0..400_000 / share).map(|at| format!("{}. a\n", at % 300)).collect()),
        ("ones", "1. Why?\n".repeat(mib / 2)),
        (
            "questions",
            (0..50_000 / share).map(|at| format!("{at}. Why {at} and not {}?\nBecause {at}.\n\n", at + 1)).collect(),
        ),
        ("same", "1. How do you lead the team?\nI listen.\n".repeat(50_000 / share)),
        ("labels", "A:\nQ:\n".repeat(mib)),
        ("quotes", "1. \"\"\" \\ ''' \u{202e}\u{0}?\n".replace('\0', "").repeat(50_000 / share)),
        ("nested", nested[..nested.len().min(8 * mib)].to_owned()),
    ] {
        let took = passes("x.txt", text.as_bytes());
        eprintln!("{name}: {took:?}");
        assert!(took < Duration::from_secs(60), "{name} took {took:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn import_save_load_save_is_stable(parts in prop::collection::vec(part(), 0..40)) {
        passes("x.txt", parts.concat().as_bytes());
    }

    #[test]
    fn random_bytes_are_a_bank_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        passes("x.txt", &bytes);
    }
}

/// A piece of which files in the wild are made.
fn part() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "1. ",
        "2) ",
        "Q3: ",
        "IV. ",
        "Question 5\n",
        "- ",
        "\n",
        "\n\n",
        "\r\n",
        "?",
        "? ",
        "Why is it so?\n",
        "Describe it.\n",
        "Answer: ",
        "A: ",
        "Section 2: People (1–10)\n",
        "Related: more\n",
        "© 2024\n",
        "Conclusion\n",
        "12\n",
        "\t",
        "    ",
        "\u{a0}",
        "“",
        "\"\"\"",
        "\\",
        "===\n",
        "é",
        "日本？",
        "\u{feff}",
        "Tags: a, B c\n",
        "Follow-up: And then?\n",
        "# ",
        "**",
        "|",
    ]);
    prop_oneof![known.prop_map(str::to_owned), "[a-zA-Z ,.]{1,60}\n", "\\PC{0,12}"]
}
