//! `greenroom analyze`: the real program on files of every kind, good and bad.

#[path = "support/spoken.rs"]
mod spoken;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;
use serde_json::Value;
use spoken::{Form, sound_of, voice};

/// A folder for the files of a test.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a temporary folder"))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a WAV file: whole frames of bytes of this form.
    fn wav(&self, name: &str, form: Form, sound: &[u8]) -> PathBuf {
        let path = self.at(name);
        std::fs::write(&path, [form.header(sound.len() as u32), sound.to_vec()].concat()).expect("it can be written");
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args(arguments)
            .env_clear()
            .env("GREENROOM_HOME", self.at("home"))
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs")
    }

    /// What is measured of a file.
    fn analyze(&self, path: &Path) -> Value {
        let output = self.run(&["analyze", "--json", &path.to_string_lossy()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut lines = std::str::from_utf8(&output.stdout).expect("it is text").lines();
        let value = serde_json::from_str(lines.next().expect("there is a line")).expect("it is JSON");
        assert_eq!(lines.next(), None, "one object a file");
        value
    }
}

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("{name} is no number: {}", value["not_measured"]))
}

/// What every recording of [`voice`] must show, whatever its form.
fn shows_the_voice(value: &Value, seconds: f64, what: &str) {
    assert!((number(value, "duration_s") - seconds).abs() < 0.01, "{what}");
    assert!((number(value, "first_word_s") - 0.6).abs() < 0.1, "{what}: {}", value["first_word_s"]);
    let pauses = value["pauses"].as_array().expect("there are pauses");
    assert_eq!(pauses.len(), 2, "{what}: {pauses:?}");
    for (pause, start) in pauses.iter().zip([3.6, 7.6]) {
        assert!((pause[0].as_f64().unwrap_or_default() - start).abs() < 0.15, "{what}: {pause}");
    }
    let median = number(value, "pitch_median_hz");
    assert!((112.0..129.0).contains(&median), "{what}: {median}");
    let rate = number(value, "articulation_rate");
    assert!((3.6..4.4).contains(&rate), "{what}: {rate}");
}

#[test]
fn every_form_of_wav_shows_the_same_voice() {
    let place = Place::new();
    let forms = [
        Form::USUAL,
        Form { bits: 8, ..Form::USUAL },
        Form { bits: 24, ..Form::USUAL },
        Form { bits: 32, ..Form::USUAL },
        Form { tag: 3, bits: 32, ..Form::USUAL },
        Form { rate: 8_000, ..Form::USUAL },
        Form { rate: 11_025, ..Form::USUAL },
        Form { rate: 16_000, channels: 2, ..Form::USUAL },
        Form { rate: 44_100, ..Form::USUAL },
        Form { rate: 192_000, bits: 24, ..Form::USUAL },
        Form { channels: 32, rate: 16_000, ..Form::USUAL },
    ];
    for form in forms {
        let frames = voice(form.rate, 11.6);
        let sound: Vec<u8> =
            frames.iter().flat_map(|&sample| (0..form.channels).flat_map(move |_| form.bytes(sample))).collect();
        let what = format!("{} bits, {} Hz, {} channels", form.bits, form.rate, form.channels);
        let value = place.analyze(&place.wav("x.wav", form, &sound));
        assert_eq!(
            (value["channels"].as_u64(), value["rate_hz"].as_u64()),
            (Some(form.channels.into()), Some(form.rate.into()))
        );
        shows_the_voice(&value, 11.6, &what);
    }
}

#[test]
fn the_whole_of_the_promised_form_is_there() {
    let place = Place::new();
    let value = place.analyze(&place.wav("x.wav", Form::USUAL, &sound_of(voice(48_000, 11.6), Form::USUAL)));
    let promised = [
        "file",
        "duration_s",
        "first_word_s",
        "last_word_end_s",
        "pauses",
        "filled_pauses",
        "nuclei",
        "syllables",
        "speech_rate",
        "articulation_rate",
        "pitch_median_hz",
        "pitch_sd_st",
        "f0",
        "lufs",
        "peak_dbfs",
        "clipped_samples",
        "noise_dbfs",
        "snr_db",
        "not_measured",
    ];
    for name in promised {
        assert!(!value[name].is_null(), "{name} is missing: {}", value["not_measured"]);
    }
    assert_eq!(value["schema"], 1);
    assert_eq!(value["syllables"].as_u64(), value["nuclei"].as_array().map(|nuclei| nuclei.len() as u64));
    let hertz = value["f0"]["hz"].as_array().expect("it is a track");
    assert_eq!((value["f0"]["dt"].as_f64(), hertz.len()), (Some(0.01), 1160));
    assert_eq!(hertz[5], 0.0);
    // What is absent says why, and what says why is absent.
    for (name, reason) in value["not_measured"].as_object().expect("it is a table") {
        assert!(value[name].is_null() && reason.as_str().is_some_and(|reason| !reason.is_empty()), "{name}");
    }
    let levels = (number(&value, "noise_dbfs"), number(&value, "snr_db"));
    assert!((levels.0 - -64.8).abs() < 1.0 && levels.1 > 30.0, "{levels:?}");
}

#[test]
fn recordings_without_speech_say_so_and_give_no_number_of_speech() {
    let place = Place::new();
    let seconds = 0..5 * 48_000u32;
    let mut state = 5u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / 8_388_608.0 - 1.0
    };
    let float = Form { tag: 3, bits: 32, ..Form::USUAL };
    let cases: Vec<(&str, Form, Vec<u8>)> = vec![
        ("header-only", Form::USUAL, vec![]),
        ("one-sample", Form::USUAL, vec![0, 64]),
        ("zeros", Form::USUAL, vec![0; 480_000]),
        ("noise", Form::USUAL, sound_of(seconds.clone().map(|_| 0.3 * noise()), Form::USUAL)),
        ("tone", Form::USUAL, sound_of(seconds.clone().map(|n| 0.5 * (f64::from(n) * 0.02).sin()), Form::USUAL)),
        ("constant", Form::USUAL, sound_of(seconds.clone().map(|_| 0.4), Form::USUAL)),
        (
            "square",
            Form::USUAL,
            sound_of(seconds.clone().map(|n| if n / 200 % 2 == 0 { 1.0 } else { -1.0 }), Form::USUAL),
        ),
        ("nan", float, f32::NAN.to_le_bytes().repeat(48_000)),
        ("infinity", float, f32::INFINITY.to_le_bytes().repeat(48_000)),
    ];
    for (name, form, sound) in cases {
        let value = place.analyze(&place.wav(&format!("{name}.wav"), form, &sound));
        let of_speech = [
            "first_word_s",
            "last_word_end_s",
            "pauses",
            "filled_pauses",
            "nuclei",
            "syllables",
            "speech_rate",
            "articulation_rate",
            "words_a_minute_estimate",
            "pitch_median_hz",
            "pitch_sd_st",
            "f0",
            "snr_db",
        ];
        for measure in of_speech {
            assert!(value[measure].is_null(), "{name}: {measure} is {}", value[measure]);
            assert!(value["not_measured"][measure].is_string(), "{name}: no reason for {measure}");
        }
    }
    let square = place.analyze(&place.at("square.wav"));
    assert_eq!(square["clipped_samples"], 240_000);
    assert_eq!(place.analyze(&place.at("zeros.wav"))["all_zero"], true);
    assert_eq!(place.analyze(&place.at("nan.wav"))["strange_samples"], 48_000);
    assert!((number(&place.analyze(&place.at("constant.wav")), "dc_offset") - 0.4).abs() < 1e-3);
}

#[test]
fn what_is_no_recording_says_why_and_the_others_are_measured() {
    let place = Place::new();
    std::fs::write(place.at("empty.wav"), "").expect("it can be written");
    std::fs::write(place.at("text.wav"), "it was a dark and stormy night").expect("it can be written");
    let good = place.wav("good.wav", Form::USUAL, &sound_of(voice(48_000, 5.0), Form::USUAL));
    let cut = std::fs::read(&good).expect("it is there");
    std::fs::write(place.at("cut.wav"), &cut[..cut.len() / 2 + 1]).expect("it can be written");
    let output = place.run(&["analyze", "--json", "empty.wav", "text.wav", "nosuch", "cut.wav", "good.wav"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    assert_eq!(lines.len(), 5);
    for (line, file) in lines.iter().zip(["empty.wav", "text.wav", "nosuch"]) {
        assert_eq!(line["file"], file);
        assert!(line["error"].as_str().is_some_and(|error| error.contains(file)), "{line}");
    }
    assert!((number(&lines[3], "duration_s") - 2.5).abs() < 0.01);
    assert!((number(&lines[4], "duration_s") - 5.0).abs() < 0.01);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("3 recordings could not be measured"), "{told}");
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn a_folder_is_measured_file_by_file_and_one_without_recordings_says_so() {
    let place = Place::new();
    std::fs::create_dir_all(place.at("talks")).expect("a folder");
    for name in ["talks/b.wav", "talks/a.WAV"] {
        place.wav(name, Form::USUAL, &sound_of(voice(48_000, 2.0), Form::USUAL));
    }
    std::fs::write(place.at("talks/notes.txt"), "later").expect("it can be written");
    let output = place.run(&["analyze", "talks"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    let names: Vec<&str> = text.lines().filter(|line| line.starts_with("talks")).collect();
    assert_eq!(names, ["talks/a.WAV  0:02", "talks/b.wav  0:02"]);
    std::fs::create_dir_all(place.at("none")).expect("a folder");
    let output = place.run(&["analyze", "none"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no WAV file"), "{output:?}");
}

#[test]
fn without_a_path_the_usage_is_told() {
    let output = Place::new().run(&["analyze"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("PATH"), "{output:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever bytes stand behind a valid header: the program ends well, and every number is one.
    #[test]
    fn random_bytes_behind_a_valid_header_are_measured_or_refused(
        tag in prop::sample::select(vec![1u16, 3]),
        bits in prop::sample::select(vec![8u16, 16, 24, 32]),
        channels in prop::sample::select(vec![1u16, 2, 7, 32]),
        rate in prop::sample::select(vec![4_000u32, 8_000, 11_025, 48_000, 192_000, 384_000]),
        seed in any::<u64>(),
        length in 0usize..300_000,
        repeat in 1usize..50,
    ) {
        let mut state = seed | 1;
        let noise: Vec<u8> = (0..length.div_ceil(repeat)).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        }).collect();
        let place = Place::new();
        let path = place.wav("x.wav", Form { tag, channels, rate, bits }, &noise.repeat(repeat));
        let output = place.run(&["analyze", "--json", &path.to_string_lossy()]);
        let told = String::from_utf8_lossy(&output.stderr);
        prop_assert!(!told.contains("panicked"), "{}", told);
        // JSON has no word for what is no number: it would stand there as null.
        let line: Value = serde_json::from_slice(&output.stdout).expect("a line of JSON");
        prop_assert!(no_null(&line), "{}", line);
        prop_assert_eq!(output.status.success(), line["error"].is_null());
    }
}

/// Whether nothing in it is null but in a series over time.
fn no_null(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(_) => true,
        Value::Object(fields) => fields.values().all(no_null),
        _ => true,
    }
}

#[test]
fn every_measure_is_explained_with_its_unit_method_and_source() {
    let place = Place::new();
    let output = place.run(&["analyze", "--explain", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let mut explained: Vec<String> = Vec::new();
    for measure in told["measures"].as_array().expect("there are measures") {
        for part in ["unit", "method", "source"] {
            assert!(measure[part].as_str().is_some_and(|text| !text.is_empty()), "{measure}");
        }
        explained.extend(
            measure["names"].as_array().into_iter().flatten().filter_map(|name| name.as_str().map(String::from)),
        );
    }
    for rule in told["rules"].as_array().expect("there are rules") {
        assert!(rule["source"].as_str().is_some_and(|source| source.len() > 10), "{rule}");
    }
    let hum = voice(48_000, 25.6)
        .into_iter()
        .enumerate()
        .map(|(n, sample)| sample + 0.01 * (std::f64::consts::TAU * 50.0 * n as f64 / 48_000.0).sin());
    let value = place.analyze(&place.wav("x.wav", Form::USUAL, &sound_of(hum, Form::USUAL)));
    let form = ["schema", "method", "file", "duration_s", "rate_hz", "frames", "channels", "not_measured"];
    let fields = value.as_object().expect("it is a table").keys();
    let names = fields.chain(value["not_measured"].as_object().expect("it is a table").keys());
    for name in names.filter(|name| !form.contains(&name.as_str())) {
        assert!(explained.contains(name), "{name} is not explained");
    }
    // All that is explained can be there.
    for name in &explained {
        assert!(
            !value[name].is_null() || value["not_measured"][name].is_string(),
            "{name} is explained and never told"
        );
    }
    let text = String::from_utf8(place.run(&["analyze", "--explain"]).stdout).expect("it is text");
    assert!(text.contains("de Jong") && text.contains("There is no score"), "{text}");
}

#[test]
fn two_channels_that_take_each_other_out_are_heard() {
    let place = Place::new();
    let form = Form { channels: 2, ..Form::USUAL };
    let sound: Vec<u8> =
        voice(48_000, 11.6).into_iter().flat_map(|sample| [form.bytes(sample), form.bytes(-sample)].concat()).collect();
    shows_the_voice(&place.analyze(&place.wav("x.wav", form, &sound)), 11.6, "one channel inverted");
}
