use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [hidden, kind] if hidden == "voice-host" => greenroom::voice::host::serve(kind),
        _ => ExitCode::from(2),
    }
}
