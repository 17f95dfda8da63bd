//! What `greenroom doctor` finds on a rig that works, on a silent one, and on one whose microphone hears the speaker.

use serde_json::Value;

use crate::program::{run, said};
use crate::sound::speech;
use crate::support::rig::{RATE, Rig, write_wav};

fn doctor(rig: &Rig) -> (bool, Value) {
    let output = run(rig, &["doctor", "--json"]);
    let found = serde_json::from_slice(&output.stdout);
    (output.status.success(), found.unwrap_or_else(|error| panic!("{error}: {}", said(&output))))
}

fn faults(found: &Value) -> Vec<Value> {
    let findings = found["findings"].as_array().expect("a list");
    findings.iter().filter(|finding| finding["ok"] == false).cloned().collect()
}

#[test]
fn a_microphone_that_is_spoken_into_is_well() {
    let rig = Rig::start();
    let wav = rig.folder().join("said.wav");
    let long: Vec<i16> = speech().iter().copied().cycle().take(30 * RATE as usize).collect();
    write_wav(&wav, &long, RATE);
    let _saying = rig.say(&wav);
    let (well, found) = doctor(&rig);
    assert!(well, "{:#?}", faults(&found));
    assert_eq!((&found["ok"], &found["schema"], &found["host"]), (&true.into(), &1.into(), &"pulse".into()));
    let microphone = &found["microphone"];
    assert_eq!((&microphone["name"], &microphone["rate"]), (&"Microphone".into(), &RATE.into()), "{found:#}");
    assert_eq!((&microphone["all_zero"], &microphone["dropped"]), (&false.into(), &0.into()), "{found:#}");
    assert!(microphone["peak_dbfs"].as_f64().is_some_and(|peak| peak > -30.0), "{found:#}");
    let speaker = found["outputs"].as_array().expect("a list").iter().find(|seen| seen["id"] == "speaker");
    assert_eq!(speaker.map(|speaker| &speaker["default"]), Some(&true.into()), "{found:#}");
}

#[test]
fn a_microphone_that_delivers_nothing_is_a_fault() {
    let rig = Rig::start();
    let (well, found) = doctor(&rig);
    assert!(!well && found["ok"] == false, "{found:#}");
    assert_eq!(found["microphone"]["all_zero"], true, "{found:#}");
    assert_eq!(found["microphone"]["leakage_dbfs"], Value::Null, "the speaker is not heard: {found:#}");
    let faults = faults(&found);
    assert!(faults.len() == 1 && faults[0]["what"] == "microphone test", "one fault is told once: {faults:#?}");
}

#[test]
fn a_speaker_that_the_microphone_hears_is_measured() {
    let rig = Rig::start();
    let echo = ["load-module", "module-loopback", "source=speaker.monitor", "sink=feed", "latency_msec=20"];
    rig.ask(&echo).expect("the server obeys");
    let (well, found) = doctor(&rig);
    assert!(!well, "{found:#}");
    let leakage = found["microphone"]["leakage_dbfs"].as_f64();
    // The tone has an amplitude of 3,000: a root mean square of 23.8 dB below full scale.
    assert!(leakage.is_some_and(|level| (level + 23.8).abs() < 3.0), "{:#}", found["microphone"]);
    let told = faults(&found).into_iter().find(|finding| finding["what"] == "speaker leakage");
    let remedy = told.map(|finding| finding["remedy"].to_string()).unwrap_or_default();
    assert!(remedy.contains("headphones"), "{found:#}");
    println!("the speaker is heard at {leakage:?} dB");
}
