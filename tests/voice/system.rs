//! The system's voice through the helper greenroom-speechd, against a speech service that the test plays itself.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use greenroom::interview::Text;
use greenroom::interview::panel::Voicing;
use greenroom::ports::{Playing, Speech, Utterance, Voice, VoiceError};
use greenroom::voice::Chain;
use greenroom::voice::built_in::Host;
use greenroom::voice::system::System;
use greenroom::voice::system_company::company;

/// How the service behaves.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// It accepts and never answers.
    Deaf,
    /// It speaks when told to by the test.
    Good,
    /// It takes the text and tells nothing about it.
    Secretive,
    /// It begins and is gone.
    Dying,
    /// It answers the first speech and then nothing any more.
    Tiring,
}

/// What the service was asked, as it came.
type Asked = Receiver<String>;

/// Plays speech-dispatcher at a socket: enough of its protocol (SSIP) for one client.
fn service(socket: &Path, manner: Manner) -> Asked {
    let listener = UnixListener::bind(socket).unwrap();
    let (told, asked) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, told) = (stream.unwrap(), told.clone());
            thread::spawn(move || serve(stream, manner, &told));
        }
    });
    asked
}

fn serve(stream: UnixStream, manner: Manner, told: &Sender<String>) {
    let mut out = stream.try_clone().unwrap();
    let mut say = |lines: &[&str]| {
        let _ = out.write_all((lines.join("\r\n") + "\r\n").as_bytes());
    };
    let mut lines = BufReader::new(stream).lines();
    let mut spoken = 0;
    while let Some(Ok(line)) = lines.next() {
        let line = line.trim_end().to_owned();
        let _ = told.send(line.clone());
        if manner == Manner::Deaf || (manner == Manner::Tiring && spoken > 0) {
            continue;
        }
        if line.starts_with("HISTORY GET CLIENT_ID") {
            say(&["245-7", "245 OK CLIENT ID SENT"]);
        } else if line.eq_ignore_ascii_case("speak") {
            say(&["230 OK RECEIVING DATA"]);
            let text: Vec<String> =
                lines.by_ref().map_while(Result::ok).take_while(|line| line.trim() != ".").collect();
            let _ = told.send(text.join("\n"));
            spoken += 1;
            let id = spoken.to_string();
            say(&[&format!("225-{id}"), "225 OK MESSAGE QUEUED"]);
            match manner {
                Manner::Good | Manner::Tiring => {
                    say(&[&format!("701-{id}"), "701-7", "701 BEGIN"]);
                    if !text.concat().contains("forever") {
                        say(&[&format!("702-{id}"), "702-7", "702 END"]);
                    }
                }
                Manner::Dying => {
                    say(&[&format!("701-{id}"), "701-7", "701 BEGIN"]);
                    return;
                }
                _ => {}
            }
        } else if line.to_uppercase().starts_with("CANCEL") {
            say(&["210 OK CANCELED"]);
            say(&[&format!("703-{spoken}"), "703-7", "703 CANCELED"]);
        } else if line.starts_with("LIST SYNTHESIS_VOICES") {
            let voice = |name: &str, language: &str| format!("249-{name}\t{language}\tnone");
            let voices = [
                voice("English (America)", "en-US"),
                voice("English (America)+whisper", "en-US"),
                voice("English (America)+female1", "en-US"),
                voice("English (Great Britain)+male1", "en-GB"),
                voice("German+female1", "de"),
            ];
            let lines: Vec<&str> = voices.iter().map(String::as_str).chain(["249 OK VOICE LIST SENT"]).collect();
            say(&lines);
        } else if line.starts_with("GET") {
            say(&["251-0", "251 OK GET RETURNED"]);
        } else if line.eq_ignore_ascii_case("quit") {
            return;
        } else {
            say(&["208 OK DONE"]);
        }
    }
}

/// The helper, sent to a socket and kept from starting a service of its own.
fn helper(socket: &Path) -> Host {
    Host {
        program: "/usr/bin/env".into(),
        arguments: vec![
            format!("SPEECHD_ADDRESS=unix_socket:{}", socket.display()),
            "SPEECHD_CMD=/bin/false".into(),
            env!("CARGO_BIN_EXE_greenroom-speechd").into(),
        ],
    }
}

fn live(voice: &mut System, text: &str) -> Box<dyn Speech> {
    match voice.utter(&Text::clean(text)) {
        Ok(Utterance::Live(speech)) => speech,
        Ok(_) => panic!("the system speaks itself"),
        Err(error) => panic!("{error}"),
    }
}

/// Waits for another state than `Sounding`.
fn after(speech: &mut dyn Speech) -> Playing {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match speech.state() {
            Playing::Sounding if Instant::now() < until => thread::yield_now(),
            state => return state,
        }
    }
}

fn wait_for(asked: &Asked, what: &str) -> String {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let line = asked.recv_timeout(until.saturating_duration_since(Instant::now()));
        match line.unwrap_or_else(|_| panic!("the service was never asked for {what}")) {
            line if line.contains(what) => return line,
            _ => {}
        }
    }
}

#[test]
fn a_speech_begins_is_heard_to_its_end_and_another_follows() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("speechd.sock");
    let asked = service(&socket, Manner::Good);
    let mut voice = System::through(helper(&socket), None);
    for text in ["Tell me about yourself.", "And .\nthen <b>what</b>?"] {
        let mut speech = live(&mut voice, text);
        assert_eq!(speech.state(), Playing::Idle, "it has not begun");
        speech.start();
        assert_eq!(after(&mut *speech), Playing::Idle);
    }
    assert_eq!(wait_for(&asked, "yourself"), "Tell me about yourself.");
    assert_eq!(wait_for(&asked, "then"), "And . then  b what /b ?");
}

#[test]
fn a_speech_stops_when_it_is_told_to_and_when_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("speechd.sock");
    let asked = service(&socket, Manner::Good);
    let mut voice = System::through(helper(&socket), None);
    let mut speech = live(&mut voice, "This goes on forever.");
    speech.start();
    wait_for(&asked, "forever");
    assert_eq!(speech.state(), Playing::Sounding);
    speech.stop();
    assert_eq!(speech.state(), Playing::Idle);
    wait_for(&asked, "CANCEL");
    speech.start();
    wait_for(&asked, "forever");
    drop(speech);
    wait_for(&asked, "CANCEL");
    let mut speech = live(&mut voice, "Once more forever.");
    speech.start();
    wait_for(&asked, "Once more");
    drop((speech, voice));
    wait_for(&asked, "CANCEL");
}

#[test]
fn each_panelist_speaks_with_a_voice_of_their_own_and_where_there_are_too_few_it_is_told_once() {
    for (count, alike) in [(3, 0), (5, 1)] {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("speechd.sock");
        let asked = service(&socket, Manner::Good);
        let panel: Vec<Voicing> = (0..count).map(Voicing::of_seat).collect();
        let voices = company(helper(&socket), &panel, None);
        let mut chains: Vec<Chain> = voices.into_iter().map(|voice| Chain::of(vec![voice])).collect();
        let mut told = Vec::new();
        let mut taken = Vec::new();
        for chain in &mut chains {
            let (utterance, notice) = chain.utter(&Text::clean("Good morning."));
            let Utterance::Live(mut speech) = utterance else { panic!("the system speaks itself: {notice:?}") };
            speech.start();
            assert_eq!(after(&mut *speech), Playing::Idle);
            told.extend(notice);
            told.extend(chain.utter(&Text::clean("Good evening.")).1);
            taken.push(wait_for(&asked, "SYNTHESIS_VOICE "));
        }
        assert!(taken[0].contains("English (America)+female1"), "{taken:?}");
        assert!(taken[1].contains("English (Great Britain)+male1"), "{taken:?}");
        assert!(taken.iter().all(|line| !line.contains("German")), "{taken:?}");
        assert_eq!(chains[1].speaking(), "system (English (Great Britain)+male1)");
        assert_eq!(told.iter().filter(|notice| notice.contains("sound alike")).count(), alike, "{told:?}");
        assert_eq!(told.len(), alike);
    }
}

#[test]
fn a_voice_that_was_asked_for_by_name_is_somebodys_and_one_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("speechd.sock");
    let asked = service(&socket, Manner::Good);
    let panel: Vec<Voicing> = (0..2).map(Voicing::of_seat).collect();
    let mut voices = company(helper(&socket), &panel, Some("english (america)"));
    assert!(voices[0].utter(&Text::clean("Good morning.")).is_ok());
    let taken = wait_for(&asked, "SYNTHESIS_VOICE ");
    assert!(taken.ends_with("English (America)"), "{taken}");
    let mut voices = company(helper(&socket), &panel, Some("Nobody"));
    let error = voices[1].utter(&Text::clean("Good morning.")).err().unwrap().to_string();
    assert!(error.contains("no voice of the name Nobody"), "{error}");
}

#[test]
fn a_service_that_hangs_costs_five_seconds_and_the_next_voice_speaks_with_a_notice() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("speechd.sock");
    let _asked = service(&socket, Manner::Deaf);
    let mut chain = Chain::of(vec![Box::new(System::through(helper(&socket), None))]);
    let began = Instant::now();
    let (utterance, notice) = chain.utter(&Text::clean("Hello there."));
    assert!(began.elapsed() < Duration::from_millis(6_000), "{:?}", began.elapsed());
    assert!(matches!(utterance, Utterance::Reading(_)));
    assert!(notice.unwrap().starts_with("system did not answer within 5 s"));
    let began = Instant::now();
    assert!(chain.utter(&Text::clean("Hello again.")).1.is_none());
    assert!(began.elapsed() < Duration::from_secs(1), "a voice that hung is not asked again");
}

#[test]
fn a_service_that_hangs_between_two_speeches_is_given_up_before_the_second() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("speechd.sock");
    let _asked = service(&socket, Manner::Tiring);
    let mut voice = System::through(helper(&socket), None);
    let mut speech = live(&mut voice, "The first one.");
    speech.start();
    assert_eq!(after(&mut *speech), Playing::Idle);
    let result = voice.utter(&Text::clean("The second one."));
    assert!(matches!(result, Err(VoiceError::TooSlow { seconds: 5, .. })));
}

#[test]
fn a_service_that_never_begins_or_dies_in_the_middle_fails_the_speech() {
    for manner in [Manner::Secretive, Manner::Dying] {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("speechd.sock");
        let _asked = service(&socket, manner);
        let mut voice = System::through(helper(&socket), None);
        let mut speech = live(&mut voice, "Hello.");
        speech.start();
        let began = Instant::now();
        let state = after(&mut *speech);
        assert!(matches!(state, Playing::Failed(_)), "{state:?}");
        assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
        assert!(voice.utter(&Text::clean("Hello again.")).is_err(), "it is not asked again");
    }
}

#[test]
fn a_service_that_is_absent_is_told_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let mut voice = System::through(helper(&folder.path().join("nothing")), None);
    let began = Instant::now();
    let error = voice.utter(&Text::clean("Hello.")).err().unwrap().to_string();
    assert!(error.contains("spd-say"), "{error}");
    assert!(began.elapsed() < Duration::from_secs(6));
}

#[test]
fn a_helper_that_cannot_start_is_told_with_a_remedy() {
    for (program, said) in [("/nowhere/greenroom-speechd", "does not start"), ("/bin/false", "speech-dispatcher")] {
        let host = Host { program: program.into(), arguments: Vec::new() };
        let error = System::through(host, None).utter(&Text::clean("Hello.")).err().unwrap().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_text_without_a_word_is_never_given_to_the_service() {
    let host = Host { program: "/nowhere/greenroom-speechd".into(), arguments: Vec::new() };
    for text in ["", "?!", "👍"] {
        let result = System::through(host.clone(), None).utter(&Text::clean(text));
        assert!(matches!(result, Ok(Utterance::Reading(_))), "{text:?}");
    }
}

#[test]
fn the_main_program_does_not_need_the_speech_library() {
    let listed = std::process::Command::new("ldd").arg(env!("CARGO_BIN_EXE_greenroom")).output();
    let Ok(listed) = listed else {
        println!("skipped: there is no ldd here");
        return;
    };
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("libc") && !listed.contains("speechd"), "{listed}");
}
