//! What was measured of a recording, as lines for people.

use std::time::Duration;

use crate::interview::time::show_clock;
use crate::store::analysis::{Analysis, Times};

/// The widest name of a measure.
const NAMES: usize = 16;

/// So many places are told one by one.
const MOST_PLACES: usize = 8;

/// A place in a recording.
pub fn place(seconds: f64) -> String {
    show_clock(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or_default())
}

/// An estimate of words a minute, no finer than it is known.
pub fn roughly(words: f64) -> String {
    format!("{:.0}", (words / 5.0).round() * 5.0)
}

/// The measures of a recording, a line each; and a last one for what could not be measured.
pub fn lines(of: &Analysis) -> Vec<String> {
    let mut lines = Vec::new();
    let mut tell = |name: &str, what: Option<String>| {
        if let Some(what) = what {
            lines.push(format!("  {name:<NAMES$} {what}"));
        }
    };
    tell("first word", of.first_word_s.map(|s| format!("after {s:.2} s")));
    tell(
        "last word",
        of.last_word_end_s
            .zip(of.after_last_word_s)
            .map(|(end, after)| format!("ends at {}, {after:.1} s before the end", place(end))),
    );
    tell("pauses", of.pauses.as_ref().map(|pauses| pauses_told(of, pauses)));
    tell("likely fillers", of.filled_pauses.as_ref().map(|fillers| fillers_told(of, fillers)));
    tell("syllables", of.syllables.map(|count| count.to_string()));
    tell(
        "pace",
        of.speech_rate.zip(of.articulation_rate).zip(of.words_a_minute_estimate).map(|((all, spoken), words)| {
            format!(
                "{all:.1} syllables a second, {spoken:.1} without the pauses; about {} words a minute (estimated)",
                roughly(words)
            )
        }),
    );
    tell(
        "pace over time",
        of.pace.as_ref().map(|pace| {
            let (fast, slow) = (&pace.fastest, &pace.slowest);
            format!(
                "fastest {:.1} a second from {}, slowest {:.1} from {}",
                fast.rate,
                place(fast.start),
                slow.rate,
                place(slow.start)
            )
        }),
    );
    tell("pitch", of.pitch_median_hz.map(|median| pitch_told(of, median)));
    let ends = [
        of.phrase_end_st.map(|st| format!("pitch {:.1} semitones {}", st.abs(), side(st, "above", "below"))),
        of.phrase_end_lu.map(|lu| format!("{:.1} LU {}", lu.abs(), side(lu, "louder", "quieter"))),
    ];
    let ends: Vec<String> = ends.into_iter().flatten().collect();
    tell("ends of phrases", (!ends.is_empty()).then(|| format!("{} than the phrase", ends.join(", "))));
    tell("loudness", of.lufs.map(|lufs| format!("{lufs:.1} LUFS")));
    tell("recording", recording_told(of));
    lines.extend(unmeasured(of));
    lines
}

fn side(value: f64, above: &'static str, below: &'static str) -> &'static str {
    if value < 0.0 { below } else { above }
}

fn pauses_told(of: &Analysis, pauses: &[Times]) -> String {
    let a_minute = of.pauses_a_minute.map(|rate| format!(" ({rate:.1} a minute)")).unwrap_or_default();
    let Some([start, end]) = of.longest_pause else { return "none of 0.25 s or more".to_owned() };
    let share = of.pauses_share.map(|share| format!(", {:.0} % of the time", 100.0 * share)).unwrap_or_default();
    format!("{}{a_minute}{share}, the longest {:.1} s at {}", pauses.len(), end - start, place(start))
}

fn fillers_told(of: &Analysis, fillers: &[Times]) -> String {
    let a_minute = of.filled_pauses_a_minute.filter(|_| !fillers.is_empty());
    let a_minute = a_minute.map(|rate| format!(" ({rate:.1} a minute)")).unwrap_or_default();
    let places: Vec<String> = fillers.iter().take(MOST_PLACES).map(|[start, _]| place(*start)).collect();
    let more = fillers.len().saturating_sub(MOST_PLACES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let at = if places.is_empty() { String::new() } else { format!(" at {}{more}", places.join(", ")) };
    let count = if fillers.is_empty() { "none".to_owned() } else { fillers.len().to_string() };
    format!("{count}{a_minute}{at}")
}

fn pitch_told(of: &Analysis, median: f64) -> String {
    let range = of.pitch_low_hz.zip(of.pitch_high_hz).zip(of.pitch_range_st);
    let range = range.map(|((low, high), st)| format!(", mostly {low:.0} to {high:.0} Hz ({st:.1} semitones)"));
    let spread = of.pitch_sd_st.map(|sd| format!(", standard deviation {sd:.1} semitones"));
    format!("{median:.0} Hz in the middle{}{}", range.unwrap_or_default(), spread.unwrap_or_default())
}

fn recording_told(of: &Analysis) -> Option<String> {
    let mut told: Vec<String> = of.peak_dbfs.map(|peak| format!("peak {peak:.1} dB")).into_iter().collect();
    let first = of.first_clipped_s.map(|at| format!(", the first at {}", place(at))).unwrap_or_default();
    match of.clipped_samples {
        0 if told.is_empty() => {}
        0 => told.push("nothing clipped".to_owned()),
        1 => told.push(format!("1 sample clipped{first}")),
        count => told.push(format!("{count} samples clipped{first}")),
    }
    if let (Some(noise), Some(snr)) = (of.noise_dbfs, of.snr_db) {
        told.push(format!("noise {noise:.0} dB, the voice {snr:.0} dB above it"));
    } else if let Some(noise) = of.noise_dbfs {
        told.push(format!("noise {noise:.0} dB"));
    }
    if let Some(hum) = &of.mains_hum {
        told.push(format!("hum of {} Hz at {:.0} dB", hum.hz, hum.dbfs));
    }
    if of.dc_offset.abs() >= 0.01 {
        told.push(format!("off centre by {:.1} %", 100.0 * of.dc_offset));
    }
    if of.strange_samples > 0 {
        told.push(format!("{} samples are no numbers", of.strange_samples));
    }
    (!told.is_empty()).then(|| told.join(", "))
}

/// What it is well to have none of.
const FINE: [&str; 3] = ["mains_hum", "first_clipped_s", "longest_pause"];

/// What could not be measured: the names that have the same reason together.
fn unmeasured(of: &Analysis) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, reason) in of.not_measured.iter().filter(|(name, _)| !FINE.contains(&name.as_str())) {
        let name = name.replace('_', " ");
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, names)) => names.push(name),
            None => reasons.push((reason, vec![name])),
        }
    }
    let line = |(reason, names): (&str, Vec<String>)| {
        // Where there is no speech, a list of all that speech has says nothing more.
        let what = if names.len() > 8 { "speech and all that speech has".to_owned() } else { names.join(", ") };
        format!("  {:<NAMES$} {what}: {reason}", "not measured")
    };
    reasons.into_iter().map(line).collect()
}
