//! What part of a sentence a word is likely to be, by lists, by its ending and by the word before it.
//!
//! It is a guess for proposals that a person looks at, and errs towards "no noun".

use super::words::is_small;

/// What a word is by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Says nothing, or does something: no phrase goes over it.
    Stop,
    /// Says how something is: it may begin a phrase and never ends one.
    Adjective,
    /// Names something, as far as can be told.
    Noun,
    /// Names something so general that it says nothing alone.
    General,
}

/// The part that a word in small letters is.
pub(super) fn part(word: &str) -> Part {
    let bare = word.replace(['\'', '’'], "");
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    let has = |list: &[&str]| list.binary_search(&bare.as_str()).is_ok();
    if letters < 2 || is_small(&bare) || has(&STOPS) || bare.len() < word.len() && word.contains("n't") {
        Part::Stop
    } else if has(&ADJECTIVES) {
        Part::Adjective
    } else if is_verb(&bare) || bare.ends_with("ly") && !has(&NOUNS_LY) {
        Part::Stop
    } else if bare.contains(['-', '‑']) {
        // "bar-raiser" is a thing, "well-known" is not.
        if bare.ends_with("ed") || bare.ends_with("known") { Part::Adjective } else { Part::Noun }
    } else if bare.ends_with("ing") && letters > 5 && !has(&ING_NOUNS) {
        Part::Adjective
    } else if bare.ends_with("ed") && letters > 4 && !bare.ends_with("eed") {
        if bare.starts_with("un") || DONE.contains(&bare.as_str()) { Part::Adjective } else { Part::Stop }
    } else if ENDINGS.iter().any(|ending| bare.ends_with(ending)) && letters > 5 {
        Part::Adjective
    } else if has(&GENERAL) || bare.strip_suffix('s').is_some_and(|one| GENERAL.binary_search(&one).is_ok()) {
        Part::General
    } else {
        Part::Noun
    }
}

/// Whether a word is one of the commonest verbs, in any of its forms.
fn is_verb(word: &str) -> bool {
    let known = |stem: &str| VERBS.binary_search(&stem).is_ok();
    let with_e = |stem: &str| known(stem) || known(&format!("{stem}e"));
    let doubled = |stem: &str| {
        let mut letters = stem.chars().rev();
        letters.next().is_some_and(|last| letters.next() == Some(last) && known(&stem[..stem.len() - last.len_utf8()]))
    };
    if ING_NOUNS.binary_search(&word).is_ok() || THINGS_TOO.contains(&word) {
        return false;
    }
    known(word)
        || IRREGULAR.binary_search(&word).is_ok()
        || word.strip_suffix("ies").or_else(|| word.strip_suffix("ied")).is_some_and(|stem| known(&format!("{stem}y")))
        || word.strip_suffix("es").is_some_and(with_e)
        || word.strip_suffix('s').is_some_and(known)
        || ["ed", "ing"].iter().any(|end| word.strip_suffix(end).is_some_and(|stem| with_e(stem) || doubled(stem)))
}

/// Whether what follows this word is done rather than named: "to", "we", "should".
pub(super) fn leads_to_a_verb(word: &str) -> bool {
    const BEFORE: [&str; 33] = [
        "to", "i", "we", "you", "they", "he", "she", "it", "who", "which", "would", "will", "can", "could", "should",
        "must", "may", "might", "not", "never", "always", "don't", "don’t", "didn't", "didn’t", "i'd", "i’d", "we'd",
        "we’d", "i'll", "i’ll", "let", "lets",
    ];
    BEFORE.contains(&word)
}

/// Whether what follows this word is named: "the", "our", "of".
pub(super) fn leads_to_a_noun(word: &str) -> bool {
    const BEFORE: [&str; 34] = [
        "the", "a", "an", "our", "my", "their", "his", "her", "its", "your", "every", "each", "of", "in", "on", "for",
        "with", "without", "by", "from", "into", "over", "under", "about", "between", "through", "no", "any", "this",
        "these", "those", "against", "across", "as",
    ];
    BEFORE.contains(&word)
}

/// Whether a verb stands before this word rather than a noun: "tests the release".
pub(super) fn follows_a_verb(word: &str) -> bool {
    const BEHIND: [&str; 20] = [
        "the", "a", "an", "it", "them", "their", "our", "my", "his", "her", "its", "us", "me", "him", "every", "each",
        "these", "those", "your", "you",
    ];
    BEHIND.contains(&word)
}

/// Whether a word alone names a thing, by its ending.
pub(super) fn names_a_thing(word: &str) -> bool {
    const THINGS: [&str; 12] =
        ["tion", "tions", "sion", "ment", "ments", "ship", "ology", "metry", "ware", "ency", "ility", "ities"];
    word.len() >= 8 && THINGS.iter().any(|ending| word.ends_with(ending))
}

/// The singular of a word that is a plural as far as can be told.
pub(super) fn singular(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    if capitals >= 2 {
        // "SLOs" are several, "ACLS" is a name.
        return word.strip_suffix('s').filter(|one| one.len() >= 2).map(str::to_lowercase);
    }
    let is = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let cut = |count: usize| Some(lower[..lower.len() - count].to_owned());
    let is_one = is(&["ss", "us", "is", "ics", "oes"]) || ONE.binary_search(&lower.as_str()).is_ok();
    if !lower.is_ascii() || lower.len() < 4 || !lower.ends_with('s') || is_one {
        None
    } else if is(&["ies"]) {
        if lower.len() < 6 { cut(1) } else { Some(format!("{}y", &lower[..lower.len() - 3])) }
    } else if is(&["aches", "iches", "anches"]) && !is(&["eaches", "oaches", "ranches", "iches"]) {
        cut(1)
    } else if is(&["ches", "shes", "xes", "sses", "zzes"]) {
        cut(2)
    } else {
        cut(1)
    }
}

/// Forms of verbs that name things as often.
const THINGS_TOO: [&str; 6] = ["leaves", "builds", "covers", "drinks", "settings", "savings"];
/// Endings of words that say how something is.
const ENDINGS: [&str; 11] = ["ous", "ful", "ive", "able", "ible", "less", "ical", "ional", "ary", "ent", "ant"];
/// What was done to a thing, and names a kind of it.
const DONE: [&str; 14] = [
    "automated",
    "distributed",
    "dedicated",
    "shared",
    "hosted",
    "managed",
    "planned",
    "delayed",
    "blended",
    "federated",
    "estimated",
    "expected",
    "cached",
    "written",
];

/// Verbs that are seldom nouns; sorted, as all lists here, so that they can be searched by halves.
#[rustfmt::skip]
const VERBS: [&str; 299] = [
    "accept", "achieve", "acknowledge", "adapt", "add", "address", "adjourn", "adjust", "admit", "adopt", "advise",
    "affect", "agree", "align", "allow", "amplify", "anchor", "announce", "anticipate", "apologize", "appear",
    "apply", "appreciate", "approve", "argue", "arrange", "arrive", "articulate", "assess", "assign", "assume",
    "attend", "avoid", "backfill", "bake", "become", "beg", "begin", "believe", "belong", "bet", "blame", "break",
    "bring", "build", "bundle", "buy", "calibrate", "carry", "catch", "celebrate", "choose", "clarify", "clean",
    "close", "codify", "collect", "combine", "communicate", "compare", "complain", "complete", "compromise",
    "concentrate", "confirm", "connect", "consider", "contain", "continue", "contribute", "convince", "cook",
    "create", "decide", "decline", "decouple", "defend", "defer", "define", "delegate", "delight", "deliver",
    "demonstrate", "deny", "depend", "deserve", "develop", "differ", "disagree", "disappear", "discover", "discuss",
    "divide", "drag", "dream", "drink", "earn", "eat", "embed", "embrace", "empower", "enable", "encourage",
    "enforce", "engage", "enjoy", "ensure", "escalate", "establish", "evaluate", "evolve", "examine", "exist",
    "expand", "expect", "explore", "express", "extend", "facilitate", "fail", "fall", "favor", "feel", "fight",
    "fill", "find", "finish", "fix", "follow", "force", "forget", "foster", "frustrate", "gather", "generate", "grow",
    "guess", "handle", "happen", "hate", "hear", "hide", "hit", "hold", "identify", "ignore", "illustrate",
    "implement", "imply", "improve", "include", "increase", "inform", "insist", "install", "integrate", "introduce",
    "invest", "investigate", "invite", "involve", "isolate", "join", "justify", "kill", "lay", "learn", "leave",
    "limit", "listen", "live", "look", "lose", "love", "maintain", "manage", "mandate", "matter", "mean", "meet",
    "mention", "miss", "mitigate", "motivate", "negotiate", "notice", "obtain", "occur", "open", "operate",
    "organize", "outline", "overcome", "own", "participate", "pay", "perform", "persist", "persuade", "pick", "pour",
    "prefer", "prepare", "preserve", "prevent", "prioritize", "proceed", "produce", "promote", "propose", "protect",
    "prove", "provide", "quantify", "reach", "react", "read", "realize", "receive", "recognize", "recommend",
    "reduce", "refer", "reflect", "refuse", "regret", "reinforce", "reject", "relate", "rely", "remain", "remember",
    "remind", "remove", "repeat", "replace", "reply", "represent", "require", "resolve", "respond", "retain",
    "retire", "reveal", "rotate", "satisfy", "save", "say", "seek", "seem", "sell", "send", "sequence", "serve",
    "settle", "shout", "shut", "sit", "socialize", "solve", "speak", "specify", "spend", "stand", "stay", "steal",
    "stick", "streamline", "strengthen", "suggest", "suit", "suppose", "survive", "sustain", "swim", "teach", "tend",
    "thank", "thrash", "throw", "translate", "travel", "treat", "trigger", "try", "understand", "unlock", "urge",
    "validate", "verify", "wake", "warn", "wash", "wear", "weigh", "welcome", "wonder", "write", "yell",
];

/// Their forms that no rule gives.
#[rustfmt::skip]
const IRREGULAR: [&str; 90] = [
    "ate", "became", "began", "begun", "blew", "bought", "broke", "broken", "brought", "built", "burnt", "came",
    "caught", "chose", "chosen", "drew", "driven", "drove", "dug", "fell", "felt", "fled", "forgot", "forgotten",
    "fought", "found", "froze", "grew", "grown", "heard", "held", "hid", "hit", "hung", "hurt", "kept", "knew",
    "known", "laid", "leapt", "learned", "learnt", "left", "lent", "lost", "meant", "met", "paid", "proved", "proven",
    "ran", "rang", "read", "rose", "sang", "sat", "saw", "seen", "sent", "shook", "shot", "showed", "shown", "slept",
    "slid", "sold", "sought", "spent", "spoke", "spoken", "stole", "stood", "stuck", "stung", "sung", "swam", "swept",
    "swung", "taught", "threw", "thrown", "told", "tore", "understood", "wept", "woke", "won", "wore", "written",
    "wrote",
];

/// Words that say how something is.
#[rustfmt::skip]
const ADJECTIVES: [&str; 315] = [
    "actual", "ad", "additional", "ahead", "alive", "annual", "average", "aware", "bad", "bare", "basic", "big",
    "bigger", "biggest", "blue", "brief", "bright", "broad", "busy", "careful", "central", "certain", "cheap",
    "cheaper", "clean", "cleaner", "clear", "clearer", "close", "cold", "common", "complete", "complex", "concrete",
    "consistent", "constant", "correct", "critical", "current", "daily", "dark", "dead", "deep", "deeper",
    "different", "difficult", "direct", "due", "eager", "early", "easier", "easy", "effective", "empty", "entire",
    "equal", "everlasting", "everyday", "exact", "expensive", "explicit", "external", "extra", "fair", "false",
    "familiar", "far", "fast", "faster", "fastest", "fewer", "final", "fine", "firm", "first-class", "flat", "formal",
    "former", "free", "frequent", "fresh", "friendly", "full", "funny", "future", "general", "gentle", "genuine",
    "glad", "global", "great", "greater", "greatest", "green", "grey", "half", "happy", "hard", "harder", "hardest",
    "healthy", "heavy", "helpful", "high", "higher", "highest", "honest", "hot", "huge", "human", "ideal",
    "immediate", "important", "independent", "individual", "internal", "key", "kind", "known", "large", "larger",
    "largest", "late", "latest", "lean", "light", "little", "live", "local", "lone", "long", "longer",
    "loose", "looser", "loud", "low", "lower", "lowest", "lucky", "main", "major", "manual", "mere", "minimal",
    "minor", "mixed", "modest", "monthly", "narrow", "national", "natural", "near", "neat", "necessary", "neutral",
    "newer", "nice", "nicer", "normal", "obvious", "odd", "old", "older", "open", "opposite", "ordinary", "original",
    "overall", "particular", "past", "perfect", "personal", "plain", "pleasant", "poor", "poorer", "popular",
    "positive", "possible", "potential", "powerful", "practical", "present", "previous", "primary", "private",
    "proper", "proud", "public", "pure", "quarterly", "quick", "quicker", "quiet", "random", "rare", "raw", "ready",
    "real", "recent", "red", "regular", "relevant", "remote", "rich", "richer", "right", "rough", "round", "sad",
    "safe", "safer", "secondary", "senior", "separate", "serious", "sharp", "short", "shorter", "shy", "sick",
    "sicker", "significant", "silent", "similar", "simple", "simpler", "simplest", "single", "slight", "slow",
    "slower", "small", "smaller", "smallest", "smart", "smooth", "social", "soft", "solid", "special", "specific",
    "stable", "standard", "steady", "straight", "strange", "strategic", "strict", "stricter", "strong", "stronger",
    "strongest", "stupid", "sudden", "sufficient", "suitable", "sure", "sweet", "systemic", "tall", "temporary",
    "thick", "thin", "thinner", "thorough", "tight", "tighter", "tiny", "tired", "top", "total", "tough", "tougher",
    "true", "typical", "ugly", "unable", "unclear", "uncomfortable", "unhappy", "unique", "unlikely", "unsure",
    "upset", "urgent", "useful", "useless", "usual", "vague", "valid", "various", "vast", "visible", "warm", "weak",
    "weaker", "weekly", "weird", "wet", "white", "whole", "wide", "wider", "wild", "willing", "wise", "wonderful",
    "worse", "worst", "worth", "wrong", "yearly", "young", "younger",
];

/// Words that say when, where and how much.
#[rustfmt::skip]
const STOPS: [&str; 165] = [
    "according", "across", "actually", "afternoon", "aha", "ahead", "alone", "alongside", "alright", "altogether",
    "amid", "amongst", "anybody", "anyone", "anyway", "anywhere", "apart", "aside", "asleep", "awhile", "behind",
    "beneath", "beside", "besides", "beyond", "bit", "bits", "bunch", "couple", "despite", "dozen", "eg", "eight",
    "eighty", "elsewhere", "etc", "evening", "everybody", "everyone", "everywhere", "except", "fifteen", "fifth",
    "fifty", "first", "five", "forever", "forty", "forward", "four", "fourth", "fully", "half", "hello", "hence",
    "herself", "hi", "himself", "hour", "hours", "hundred", "ie", "indeed", "inside", "instead", "itself", "kind",
    "kinds", "lastly", "lot", "lots", "maybe", "meanwhile", "midnight", "million", "minute", "minutes",
    "moment", "moments", "month", "months", "morning", "myself", "nearby", "neither", "nine", "ninety", "nobody",
    "none", "noon", "nor", "nowhere", "oh", "ok", "okay", "ones", "onto", "opposite", "otherwise", "ourselves",
    "outside", "part", "parts", "perhaps", "please", "plenty", "plus", "pretty", "quarter", "quarters", "quite",
    "rather", "regarding", "second", "seven", "seventy", "several", "six", "sixty", "somebody", "somehow", "someone",
    "sometimes", "somewhere", "soon", "sort", "sorts", "still", "stuff", "ten", "thanks", "themselves", "therefore",
    "third", "thirty", "though", "thousand", "throughout", "thus", "today", "together", "tomorrow", "tonight",
    "toward", "towards", "twelve", "twenty", "twice", "unless", "unlike", "versus", "via", "vs", "week", "weeks",
    "whatever", "whenever", "whereas", "wherever", "whichever", "whoever", "year", "years", "yesterday", "yourself",
];

/// Names of things that end as adverbs do.
#[rustfmt::skip]
const NOUNS_LY: [&str; 14] = [
    "ally", "anomaly", "assembly", "bully", "butterfly", "family", "italy", "july", "monopoly", "rally", "reply",
    "supplies", "supply", "tally",
];

/// Names of things that end as what is being done does.
#[rustfmt::skip]
const ING_NOUNS: [&str; 91] = [
    "accounting", "advertising", "backlog", "bearing", "billing", "briefing", "building", "ceiling", "clothing",
    "coaching", "counseling", "drawing", "dressing", "engineering", "evening", "feeling", "filing", "finding",
    "fishing", "funding", "gatekeeping", "handling", "heading", "hearing", "hiring", "housing", "landing", "learning",
    "listing", "logging", "manufacturing", "marketing", "meaning", "meeting", "mentoring", "messaging", "modeling",
    "modelling", "monitoring", "morning", "networking", "nursing", "offering", "onboarding", "opening", "outsourcing",
    "packaging", "paging", "painting", "parenting", "parking", "planning", "pricing", "processing", "profiling",
    "programming", "prototyping", "pudding", "purchasing", "rating", "reading", "recruiting", "reporting", "roofing",
    "routing", "savings", "scaling", "scheduling", "screening", "setting", "shipping", "spring", "staffing",
    "staging", "standing", "storytelling", "string", "testing", "tracing", "tracking", "trading", "training",
    "tuning", "underwriting", "versioning", "warehousing", "warning", "wedding", "welding", "wiring", "writing",
];

/// Names of things so general that alone they say nothing.
#[rustfmt::skip]
const GENERAL: [&str; 118] = [
    "ability", "action", "answer", "approach", "area", "aspect", "aunt", "back", "benefit", "business", "businesses",
    "candidate", "candidates", "case", "chance", "change", "client", "companies", "company", "condition", "context",
    "customer", "decision", "detail", "difference", "effect", "effort", "employer", "employers", "end", "engineer",
    "example", "experience", "fact", "failure", "feature", "feedback", "feeling", "finding", "friend", "goal", "idea",
    "impact", "information", "instance", "interview", "interviewer", "interviewers", "issue", "item", "job", "jobs",
    "knowledge", "leader", "lesson", "level", "manager", "managers", "manner", "matter", "member", "members",
    "mistake", "name", "need", "number", "opportunity", "option", "order", "outcome", "people", "person", "place",
    "plan", "point", "position", "possibility", "practice", "pressure", "problem", "process", "project", "purpose",
    "quarter", "question", "reader", "reason", "response", "result", "role", "room", "rule", "sense", "side",
    "situation", "skill", "solution", "someone", "something", "stakeholder", "start", "step", "story", "subject",
    "success", "system", "task", "team", "term", "thing", "topic", "type", "update", "value", "version", "work",
    "world", "writing",
];

/// Words that end in `s` and whose singular is another.
#[rustfmt::skip]
const ONE: [&str; 49] = [
    "access", "alas", "always", "analyses", "atlas", "aws", "axes", "bases", "bias", "binoculars", "canvas", "chaos",
    "christmas", "cons", "cookies", "crises", "diagnoses", "gas", "glasses", "halves", "headquarters", "hypotheses",
    "iris", "jenkins", "knives", "kubernetes", "leaves", "lens", "lives", "mathematics", "means", "movies", "news",
    "paris", "perhaps", "physics", "process", "pros", "sales", "selves", "series", "shelves", "species", "texas",
    "thanks", "theses", "trousers", "wolves", "zombies",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_their_order() {
        for list in [&VERBS[..], &IRREGULAR, &ADJECTIVES, &STOPS, &NOUNS_LY, &ING_NOUNS, &GENERAL, &ONE] {
            assert!(list.is_sorted());
        }
    }

    #[test]
    fn a_word_is_what_it_mostly_is() {
        for (word, expected) in [
            ("showed", Part::Stop),
            ("learn", Part::Stop),
            ("becoming", Part::Stop),
            ("matters", Part::Stop),
            ("today", Part::Stop),
            ("honestly", Part::Stop),
            ("concrete", Part::Adjective),
            ("unplanned", Part::Adjective),
            ("onboarding", Part::Noun),
            ("flour", Part::Noun),
            ("bar-raiser", Part::Noun),
            ("family", Part::Noun),
            ("problems", Part::General),
        ] {
            assert_eq!(part(word), expected, "{word}");
        }
    }

    #[test]
    fn a_plural_has_its_singular_and_a_name_stays() {
        for (many, one) in [
            ("ceremonies", Some("ceremony")),
            ("fixes", Some("fix")),
            ("churches", Some("church")),
            ("caches", Some("cache")),
            ("dishes", Some("dish")),
            ("classes", Some("class")),
            ("releases", Some("release")),
            ("SLOs", Some("slo")),
            ("ACLS", None),
            ("news", None),
            ("focus", None),
            ("analysis", None),
            ("tea", None),
        ] {
            assert_eq!(singular(many).as_deref(), one, "{many}");
        }
    }
}
