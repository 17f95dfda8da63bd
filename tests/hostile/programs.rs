//! Which programs are run: those of absolute folders in PATH, and never one that lies in the current folder.

use std::ffi::OsString;
use std::fs;

use crate::place::Place;

/// Programs that greenroom, or a library in it, might run by name.
const WANTED: [&str; 8] =
    ["espeak-ng", "greenroom-speechd", "speech-dispatcher", "tput", "pulseaudio", "sh", "own-voice", "greenroom"];

/// A current folder in which everything lies that might be run, each of which says so in a file.
fn trapped() -> Place {
    let place = Place::new();
    place.tone("a.wav");
    for folder in ["", "bin/", "questions/"] {
        for name in WANTED {
            let mark = place.at("RUN").display().to_string();
            place.script(&format!("{folder}{name}"), &format!("echo {folder}{name} >> {mark}; cat a.wav"));
        }
    }
    place
}

fn rehearse(voice: &str) -> Vec<&str> {
    let words = ["rehearse", "--count", "1", "--limit", "1s", "--fast", "--input", "wav:a.wav", "--output", "none"];
    [&words[..], &["--voice", voice]].concat()
}

/// Every way in which PATH can name the current folder or one that depends on it; none holds the program itself.
fn paths(place: &Place) -> Vec<OsString> {
    let here = place.at("").into_os_string().into_string().expect("a temporary folder has a name of text");
    let here = here.trim_end_matches('/');
    let link = place.at("../").join(format!("{}-link", here.rsplit('/').next().expect("it has a name")));
    let mut paths: Vec<OsString> =
        [".", "", ":", ".:bin", "bin:./bin", "::.:..", "./", "/proc/self/cwd"].map(OsString::from).into();
    paths.extend([here, &format!("{here}/"), &format!("{here}/bin/.."), &format!(".:{here}:")].map(OsString::from));
    if std::os::unix::fs::symlink(here, &link).is_ok() {
        paths.push(link.into_os_string());
    }
    paths
}

#[test]
fn a_program_of_the_current_folder_is_not_run_whatever_path_says() {
    let mut place = trapped();
    let config = |place: &Place, program: &str| {
        fs::write(place.in_home("config.toml"), format!("voice_command = [\"{program}\"]\n")).unwrap();
    };
    for path in paths(&place) {
        place.path = path.clone();
        let _ = fs::remove_file(place.in_home("config.toml"));
        place.run(&rehearse("espeak")).fails(1, &["install espeak-ng"]);
        config(&place, "own-voice");
        place.run(&rehearse("command")).fails(1, &["in no folder of PATH"]);
        for program in ["./own-voice", "bin/own-voice", "../own-voice"] {
            config(&place, program);
            place.run(&rehearse("command")).fails(1, &["depends on the current folder"]);
        }
        let run = fs::read_to_string(place.at("RUN")).unwrap_or_default();
        assert_eq!(run, "", "with PATH={path:?}");
        if path.to_string_lossy().ends_with("-link") {
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_program_in_an_absolute_folder_is_run_though_others_of_its_name_come_first() {
    let mut place = trapped();
    let fixed = tempfile::tempdir().unwrap();
    let program = place.script("own", &format!("cat {}", place.at("a.wav").display()));
    fs::rename(program, fixed.path().join("own-voice")).unwrap();
    place.path = format!(".::bin:{}:/usr/bin:/bin", fixed.path().display()).into();
    fs::write(place.in_home("config.toml"), "voice_command = [\"own-voice\"]\n").unwrap();
    let ran = place.run(&rehearse("command"));
    ran.succeeds();
    assert!(!ran.said().contains("from here on"), "{}", ran.said());
    assert!(!place.at("RUN").exists(), "{:?}", fs::read_to_string(place.at("RUN")));
}

#[test]
fn what_a_voice_program_runs_itself_is_not_looked_for_in_the_current_folder() {
    let mut place = trapped();
    place.path = ".:bin::/usr/bin:/bin".into();
    let seen = place.at("PATH").display().to_string();
    let voice =
        place.script("fixed/voice", &format!("echo \"$PATH\" > {seen}; espeak-ng --version; tput cols; sh -c true"));
    fs::write(place.in_home("config.toml"), format!("voice_command = [\"{}\"]\n", voice.display())).unwrap();
    place.run(&rehearse("command")).succeeds();
    assert_eq!(fs::read_to_string(seen).unwrap().trim(), "/usr/bin:/bin");
    assert!(!place.at("RUN").exists(), "{:?}", fs::read_to_string(place.at("RUN")));
}

#[test]
fn every_other_command_runs_nothing_of_the_current_folder_either() {
    let mut place = trapped();
    place.path = ".:bin:".into();
    for words in [
        &["questions", "list"][..],
        &["sessions", "list"],
        &["rehearse", "--fast", "--count", "1", "--limit", "1s", "--input", "wav:a.wav", "--output", "none"],
        &["replay", "--fast", "--output", "none"],
        &["doctor", "--json"],
    ] {
        place.run(words);
        assert!(!place.at("RUN").exists(), "{words:?}: {:?}", fs::read_to_string(place.at("RUN")));
    }
}
