//! Who speaks: the built-in voice, the system's, espeak-ng, a command of the user's, or the text alone.
