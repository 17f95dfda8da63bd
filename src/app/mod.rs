//! What joins the floors below: the session loop and the commands.
pub mod split;
