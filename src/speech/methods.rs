//! How each measure is taken, for people: its unit, its method and where that is from.

/// How a measure is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// The names that reports have for it; the first is its own.
    pub names: &'static [&'static str],
    /// What its numbers are.
    pub unit: &'static str,
    /// How it is measured, and where it is absent.
    pub how: &'static str,
    /// Where the method is from.
    pub source: &'static str,
}

const fn method(names: &'static [&'static str], unit: &'static str, how: &'static str, source: &'static str) -> Method {
    Method { names, unit, how, source }
}

/// Every measure.
pub const METHODS: [Method; 20] = [
    method(
        &["speech"],
        "from and to, s",
        "power in nine bands of 150 Hz to 7.5 kHz in windows of 32 ms each 10 ms; speech is where the three best bands \
         stand out of the noise of their own band, which is measured where nobody speaks, and where some of it is voiced. \
         The threshold rises with a noise that is not even. Absent where nothing stands out, or where the noise is \
         itself like speech",
        "no fixed threshold holds in noise: compared with seven detectors on recordings with known truth",
    ),
    method(
        &["first_word_s", "last_word_end_s", "after_last_word_s"],
        "s",
        "the beginning of the first speech, the end of the last, and from there to the end of the recording, on the clock \
         of its own samples",
        "by definition",
    ),
    method(
        &["pauses", "pauses_a_minute", "pauses_total_s", "pauses_share", "longest_pause"],
        "from and to, s; a minute; s; part of 1",
        "silences of 250 ms and more between speech; the rate and the share are of the time from the first word to the last",
        "de Jong and Bosker 2013, DiSS: 250 ms as the shortest silent pause",
    ),
    method(
        &["filled_pauses", "filled_pauses_a_minute"],
        "from and to, s; a minute",
        "voiced sounds that are held without the change of a syllable, beside a pause: likely fillers such as \"uh\" and \
         \"um\", never certain ones, for words are not recognised. Absent where the voice is less than 3 dB above the noise",
        "after de Jong, Pacilly and Heeren 2021, doi 10.1080/0969594X.2021.1951162",
    ),
    method(
        &["nuclei", "syllables"],
        "s; number",
        "the nuclei of syllables: peaks of the loudness between 300 and 3600 Hz that stand out of the noise, are voiced and \
         lie in speech; the nearer two are for this speaker's pace, the deeper is the dip between them",
        "after de Jong and Wempe 2009, doi 10.3758/BRM.41.2.385",
    ),
    method(
        &["speech_rate", "articulation_rate"],
        "syllables a second",
        "syllables by the time from the first word to the last, and by the time of speech in it. Absent for less than two \
         seconds of speech or six syllables",
        "de Jong and Wempe 2009, doi 10.3758/BRM.41.2.385",
    ),
    method(
        &["words_a_minute_estimate"],
        "words a minute",
        "an estimate: the speech rate at 1.4 syllables a word; right to a tenth, more or less, as people choose short words or long ones",
        "Tauroza and Allison 1990, doi 10.1093/applin/11.1.90: 1.3 syllables a word in interviews to 1.6 on the radio; 1.3 and 1.5 in the model answers of the built-in banks",
    ),
    method(
        &["pace"],
        "syllables a second of speech",
        "the articulation rate in windows of 10 s, one each second; the fastest and the slowest. Absent where from the \
         first word to the last it is less than 20 s",
        "our own choice: a window has some thirty syllables",
    ),
    method(
        &["f0"],
        "Hz each 10 ms, 0 where unvoiced",
        "autocorrelation at 4 kHz in windows of 40 ms, that of the noise taken out, and the best path through its peaks; 52 \
         to 550 Hz, without a range to be set. Absent where the voice is less than 3 dB above the noise",
        "after Boersma 1993 and Talkin 1995",
    ),
    method(
        &["pitch_median_hz", "pitch_low_hz", "pitch_high_hz", "pitch_range_st", "pitch_sd_st"],
        "Hz; semitones",
        "median, 10th and 90th percentile, how far these are apart, and standard deviation of the pitch of what is voiced \
         in speech. Absent for less than half a second of voice",
        "semitones as Traunmueller and Eriksson 1995 use them: the spread of voices high and low compares in them",
    ),
    method(
        &["phrases"],
        "s, semitones, LU",
        "what is spoken between two pauses, with how it ends",
        "by definition; where a sentence ends is not known from sound",
    ),
    method(
        &["phrase_end_st"],
        "semitones",
        "the pitch of the last 150 ms that are voiced against the median of the phrase; of three phrases or more the median",
        "our own choice of the length",
    ),
    method(
        &["phrase_end_lu"],
        "LU",
        "the loudness of the last 0.6 s of a phrase of 1.5 s or more against the whole phrase; of three phrases or more the \
         median. Absent where the voice is less than 15 dB above the noise, or more than a hundredth of it is clipped",
        "our own choice of the length",
    ),
    method(
        &["lufs", "lufs_short_term"],
        "LUFS",
        "integrated loudness, gated; and the loudness of 3 s, each second; of several channels together, of five and six \
         with the weights of the standard",
        "ITU-R BS.1770-4, EBU R 128",
    ),
    method(
        &["peak_dbfs", "rms_dbfs"],
        "dB of full scale",
        "the largest sample, and the root of the mean square; of several channels the loudest",
        "by definition",
    ),
    method(
        &["clipped_samples", "first_clipped_s"],
        "number; s",
        "samples at full scale of 16 bits or beyond, in all channels, and where the first is, to some 0.03 s",
        "by definition",
    ),
    method(
        &["noise_dbfs", "snr_db"],
        "dB of full scale; dB",
        "the root of the mean square where nobody speaks, without what is constant and without bangs; and the power of the \
         speech, that of the noise taken out, against it; of several channels that of their mean, or of the loudest where the mean is hardly heard. Where no speech stands out, \
         all of it is noise. Absent where nobody is silent",
        "by definition",
    ),
    method(&["dc_offset"], "part of full scale", "the mean of all samples", "by definition"),
    method(
        &["mains_hum"],
        "Hz; dB of full scale",
        "the first three multiples of 50 and 60 Hz in the quiet seconds, where they stand 12 dB out of what is beside them",
        "Goertzel's algorithm; the 12 dB are our own choice",
    ),
    method(
        &["all_zero", "strange_samples"],
        "yes or no; number",
        "whether every sample is 0; samples that are not a number, infinite or beyond 120 dB, which count as 0",
        "by definition",
    ),
];
