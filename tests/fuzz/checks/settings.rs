//! The readers of formats, settings, stories and durations.

use greenroom::interview::time::{parse_duration, show_duration};
use greenroom::store::config::Config;
use greenroom::store::format_file::parse_formats;
use greenroom::store::story_file;

use super::bank::places;
use super::harmless;

/// Any text is settings, formats, stories or a duration within all bounds, or it is told why not.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse_formats("formats.toml", text) {
        Ok(formats) => {
            for format in formats {
                let hour = std::time::Duration::from_secs(3_600);
                let times = [format.timing.prep, format.timing.limit, format.timing.warn, Some(format.timing.gap)];
                assert!(times.iter().flatten().all(|time| *time <= hour), "{format:?}");
                let within = |warn| format.timing.limit.is_some_and(|limit| warn < limit);
                assert!(format.timing.warn.is_none_or(within), "{format:?}");
                assert!(format.timing.retakes.is_none_or(|retakes| retakes <= 99), "{format:?}");
            }
        }
        Err(flaws) => places(text, &flaws),
    }
    match Config::parse("config.toml", text) {
        Ok(config) => {
            let names = [config.bank, config.format, config.voice, config.host, config.input, config.output];
            let program = config.voice_command.iter().flat_map(|words| words.first().cloned());
            for name in names.into_iter().flatten().chain(program) {
                assert!(!name.trim().is_empty() && !name.chars().any(char::is_control), "{name:?}");
            }
            assert!(config.voice_command.is_none_or(|words| !words.concat().contains('\0')));
        }
        Err(flaws) => places(text, &flaws),
    }
    match story_file::parse("stories.toml", text) {
        Ok(stories) => {
            for (place, story) in stories.iter().enumerate() {
                harmless(story.title.as_str(), false);
                assert!(
                    !story.title.is_empty() && stories[..place].iter().all(|other| other.id != story.id),
                    "{story:?}"
                );
            }
        }
        Err(flaws) => places(text, &flaws),
    }
    for line in text.lines() {
        if let Ok(duration) = parse_duration(line) {
            assert!(duration.as_secs() <= 86_400, "{line:?}");
            // Parts of a second are shown only where there is nothing else.
            if duration.subsec_millis() == 0 {
                assert_eq!(parse_duration(&show_duration(duration)), Ok(duration), "{line:?}");
            }
        }
    }
}
