use super::*;
use crate::store::home::FoundBy;

fn home() -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home { root: folder.path().join("home"), found: FoundBy::Flag };
    (folder, home)
}

fn payments() -> Story {
    Story {
        id: "payments".to_owned(),
        title: Text::clean("The \"payments\" rewrite"),
        kind: StoryKind::Win,
        shows: vec!["migration".to_owned(), "risk taking".to_owned()],
        questions: vec!["legacy-exit".to_owned()],
        notes: Some(Text::clean("Say the 40 percent first")),
    }
}

fn outage() -> Story {
    Story { id: "outage".to_owned(), kind: StoryKind::Lesson, notes: None, questions: Vec::new(), ..payments() }
}

#[test]
fn a_home_without_stories_has_none_and_no_file() {
    let (_folder, home) = home();
    assert_eq!(load(&home), Ok(Vec::new()));
    assert!(!path(&home).exists());
}

#[test]
fn stories_are_kept_changed_and_taken_out() {
    let (_folder, home) = home();
    add(&home, &payments()).unwrap();
    add(&home, &outage()).unwrap();
    assert_eq!(load(&home), Ok(vec![payments(), outage()]));
    assert!(matches!(add(&home, &payments()), Err(StoryError::Taken { .. })));
    let other = Story { kind: StoryKind::Change, shows: Vec::new(), ..payments() };
    replace(&home, &other).unwrap();
    assert_eq!(load(&home), Ok(vec![other, outage()]));
    remove(&home, "payments").unwrap();
    assert_eq!(load(&home), Ok(vec![outage()]));
    let wrong = remove(&home, "outages").unwrap_err().to_string();
    assert_eq!(wrong, "there is no story `outages`: did you mean `outage`?");
    remove(&home, "outage").unwrap();
    assert_eq!(load(&home), Ok(Vec::new()));
}

#[test]
fn what_a_person_wrote_stays() {
    let (_folder, home) = home();
    std::fs::create_dir_all(&home.root).unwrap();
    let written = "# mine\nschema = 1\n\n# the big one\n[[story]]\nid = \"payments\"   # short\ntitle = 'Payments'\n\
        kind = \"win\"\n\n# the sad one\n[[story]]\nid = \"outage\"\ntitle = \"Outage\"\nkind = \"lesson\"\n";
    std::fs::write(path(&home), written).unwrap();
    replace(&home, &Story { title: Text::clean("An outage"), ..load(&home).unwrap()[1].clone() }).unwrap();
    assert_eq!(std::fs::read_to_string(path(&home)).unwrap(), written.replace("\"Outage\"", "\"An outage\""));
    add(&home, &Story { id: "third".to_owned(), ..outage() }).unwrap();
    let now = std::fs::read_to_string(path(&home)).unwrap();
    assert!(now.starts_with(&written.replace("\"Outage\"", "\"An outage\"")), "{now}");
}

#[test]
fn a_file_with_mistakes_is_told_and_never_written_over() {
    let (_folder, home) = home();
    std::fs::create_dir_all(&home.root).unwrap();
    let written = "schema = 1\n[[story]]\nid = \"Pay ments\"\ntitel = \"x\"\nkind = \"victory\"\nshows = [3, \"\"]\n";
    std::fs::write(path(&home), written).unwrap();
    let told = load(&home).unwrap_err().to_string();
    for part in [":3:6:", "is no id", "did you mean `title`?", "`kind`", "`title` is missing", "a word in `shows`"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(matches!(add(&home, &payments()), Err(StoryError::Flawed(_))));
    assert_eq!(std::fs::read_to_string(path(&home)).unwrap(), written);
}

#[test]
fn a_list_in_brackets_can_be_added_to() {
    let (_folder, home) = home();
    std::fs::create_dir_all(&home.root).unwrap();
    let written = "schema = 1\nstory = [{ id = \"a\", title = \"A\", kind = \"win\" }]\n";
    std::fs::write(path(&home), written).unwrap();
    add(&home, &outage()).unwrap();
    let ids: Vec<String> = load(&home).unwrap().into_iter().map(|story| story.id).collect();
    assert_eq!(ids, ["a", "outage"]);
}

#[test]
fn a_story_that_cannot_stand_in_the_file_is_refused() {
    let (_folder, home) = home();
    let wrong = add(&home, &Story { id: "Not an id".to_owned(), ..payments() }).unwrap_err();
    assert!(wrong.to_string().contains("is no id"), "{wrong}");
    assert!(!path(&home).exists());
}

#[test]
fn a_title_gives_an_id() {
    assert_eq!(id_of("The Payments Rewrite"), Ok("payments-rewrite".to_owned()));
    assert_eq!(id_of("How we left the old data center for good"), Ok("how-we-left-old".to_owned()));
    assert!(id_of("雨").is_err() && id_of("").is_err());
}
