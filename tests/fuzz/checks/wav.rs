//! The readers of sound: what a voice program wrote, and a file that is named as a microphone or replayed.

use std::cell::RefCell;
use std::io::Write;

use greenroom::app::measure;
use greenroom::audio::wav as file;
use greenroom::store::analysis::{Analysis, Whole};
use greenroom::voice::wav;

thread_local! {
    static PLACE: RefCell<tempfile::NamedTempFile> =
        RefCell::new(tempfile::NamedTempFile::new().expect("a temporary file can be made"));
}

/// Whatever bytes come, there is no more sound than they hold.
pub fn check(bytes: &[u8]) {
    if let Ok((rate, samples)) = wav::read(bytes) {
        assert!((4_000..=192_000).contains(&rate));
        assert!(samples.len() <= bytes.len(), "sound is invented");
        assert!(samples.len() as u64 <= u64::from(rate) * 900, "too long");
    }
    PLACE.with_borrow_mut(|place| {
        place.as_file().set_len(0).expect("it can be emptied");
        std::io::Seek::rewind(place).expect("it is a file");
        place.write_all(bytes).expect("it can be written");
        let (measured, read) = (file::measure(place.path()), file::read(place.path()));
        if let Ok(clip) = &read {
            assert!(clip.samples.len() <= bytes.len(), "sound is invented");
            let extent = measured.as_ref().expect("what can be read can be measured");
            assert_eq!(extent.frames.0, clip.samples.len() as u64);
        }
        if let Ok(report) = measure::file(place.path(), |_| ()) {
            assert!(report.condition.samples <= bytes.len() as u64, "sound is invented");
            let analysis = Analysis::of("x.wav", &report);
            let text = serde_json::to_vec(&Whole { analysis: &analysis, contour: report.contour.as_ref().ok() });
            let back: Analysis =
                serde_json::from_slice(&text.expect("every number can be written")).expect("it reads back");
            assert_eq!(back, analysis);
        }
    });
}
