//! The files: banks, formats, session folders, the journal.
