//! The microphone is pulled, moved, muted, changed; its server killed, hung.

use std::thread;
use std::time::{Duration, Instant};

use crate::folder::strict;
use crate::place::{Place, seconds};
use crate::program::{LONG, Told, ending};
use crate::rig::Rig;
use crate::room::{Room, Talk, missing};
use crate::sequence::{Piece, pieces};

/// As much is said before the fault, and as much of it has to be kept, but for what was on its way.
const SAID: Duration = Duration::from_millis(2_500);
const ON_ITS_WAY: f64 = 1.0;
const TOLD: f64 = 3.0;

/// What happens to the microphone.
struct Fault {
    name: &'static str,
    hosts: &'static [&'static str],
    /// What the program says of it.
    told: &'static [&'static str],
    /// Whether the session is held until the microphone is back.
    held: bool,
    happens: fn(&mut Room) -> Told<()>,
    ends: fn(&mut Room) -> Told<()>,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "removed",
        hosts: &["pulse", "alsa"],
        told: &["Held:"],
        held: true,
        happens: |room| rig(room, Rig::unplug_mic),
        ends: |room| rig(room, Rig::plug_mic),
    },
    Fault {
        name: "suspended",
        hosts: &["pulse", "alsa"],
        told: &["Held:"],
        held: true,
        happens: |room| rig(room, |rig| rig.suspend_mic(true)),
        ends: |room| rig(room, |rig| rig.suspend_mic(false)),
    },
    Fault {
        name: "server killed",
        hosts: &["pulse", "alsa"],
        told: &["Held:"],
        held: true,
        happens: |room| {
            room.rig.kill_server();
            Ok(())
        },
        ends: |room| {
            room.rig.start_server();
            room.talk = Some(Talk::begin(&room.rig, 0)?);
            Ok(())
        },
    },
    Fault {
        name: "server hung",
        hosts: &["pulse", "alsa"],
        told: &["Held:"],
        held: true,
        happens: |room| rig(room, Rig::freeze_server),
        ends: |room| rig(room, Rig::thaw_server),
    },
    Fault {
        name: "back at another rate",
        hosts: &["pulse"],
        told: &["Held:"],
        held: true,
        happens: |room| rig(room, Rig::unplug_mic),
        ends: |room| {
            let mic = ["load-module", "module-remap-source", "source_name=mic", "master=feed.monitor", "rate=44100"];
            room.rig.ask(&mic).ok_or("the server refuses a microphone of 44.1 kHz")?;
            room.rig.ask(&["set-default-source", "mic"]).ok_or("the server refuses a default")?;
            Ok(())
        },
    },
    Fault {
        name: "moved",
        hosts: &["pulse"],
        told: &["Note:", "Held:"],
        held: false,
        happens: |room| {
            room.rig.plug_second_mic();
            let streams = room.rig.ask(&["list", "short", "source-outputs"]).ok_or("the server does not answer")?;
            // The streams of the virtual microphones themselves are among them; the program's is on `mic`.
            let sources = room.rig.ask(&["list", "short", "sources"]).ok_or("the server does not answer")?;
            let mic = sources.lines().find(|line| line.contains("\tmic\t")).and_then(|line| line.split('\t').next());
            let mic = mic.ok_or("there is no microphone")?;
            let of_mic = |line: &&str| line.split('\t').nth(1) == Some(mic);
            let stream = streams.lines().find(of_mic).and_then(|line| line.split('\t').next());
            let stream = stream.ok_or_else(|| format!("no stream is on the microphone: {streams}"))?;
            room.rig.ask(&["move-source-output", stream, "mic2"]).ok_or("the server refuses to move it")?;
            Ok(())
        },
        ends: |_| Ok(()),
    },
    Fault {
        name: "muted",
        hosts: &["pulse", "alsa"],
        told: &["Note:", "Held:"],
        held: false,
        happens: |room| rig(room, |rig| rig.mute_mic(true)),
        ends: |room| rig(room, |rig| rig.mute_mic(false)),
    },
    Fault {
        name: "digital zeros",
        hosts: &["pulse", "alsa"],
        told: &["Note:", "Held:"],
        held: false,
        happens: |room| {
            room.talk = None;
            Ok(())
        },
        ends: |_| Ok(()),
    },
];

fn rig(room: &mut Room, act: impl Fn(&Rig)) -> Told<()> {
    act(&room.rig);
    Ok(())
}

/// Runs the torture.
pub fn run(place: &Place) -> Told<()> {
    if let Some(why) = missing() {
        place.report.skipped("microphone", &why);
        return Ok(());
    }
    for fault in FAULTS {
        for host in fault.hosts {
            let name = format!("microphone, {} ({host})", fault.name);
            let mut wrong = Vec::new();
            match one(place, host, fault, &mut wrong) {
                Ok(told) => place.report.seconds(&name, "until it was told", told, TOLD),
                Err(error) => wrong.push(error),
            }
            let promise = if fault.held {
                "held, not switched; what was said is kept; goes on in a new take"
            } else {
                "what was said is kept, the session goes on"
            };
            place.report.none(&name, "the checks of a session", &wrong, promise);
        }
    }
    Ok(())
}

fn one(place: &Place, host: &str, fault: &Fault, wrong: &mut Vec<String>) -> Told<f64> {
    let name = format!("microphone-{}-{host}", fault.name.replace(' ', "-"));
    let mut room = Room::enter(place, &name, host, "6s", SAID)?;
    let happened = Instant::now();
    (fault.happens)(&mut room)?;
    let (when, line) = room.run.expect(fault.told, Duration::from_secs(12))?;
    let told = when.saturating_duration_since(happened).as_secs_f64();
    println!("    {host}, {}: {line}", fault.name);
    let session = room.home.session().ok_or("there is no session")?;
    let held = fault.held || line.starts_with("Held:");
    if held {
        // What goes on now would be another microphone.
        thread::sleep(Duration::from_secs(1));
        let meanwhile = session.takes().len();
        if meanwhile != 1 {
            wrong.push(format!("{meanwhile} takes are there while the microphone is not"));
        }
    }
    (fault.ends)(&mut room)?;
    if held {
        room.run.expect(&["Answer now"], LONG)?;
    }
    let status = room.run.end(LONG)?;
    if !status.success() {
        wrong.push(format!("it ended with {}; {}", ending(status), room.run.said()));
    }
    wrong.extend(session.flaws());
    let takes = session.takes();
    if takes.len() != if held { 2 } else { 1 } {
        wrong.push(format!("there are {} takes", takes.len()));
    }
    let first = strict(takes.first().ok_or("there is no take")?)?;
    let found = pieces(&first);
    let kept = match found.first() {
        Some(Piece::Known { frames, .. }) => seconds(*frames),
        _ => 0.0,
    };
    if kept + ON_ITS_WAY < SAID.as_secs_f64() {
        wrong.push(format!("only {kept:.3} s of {SAID:?} are kept: {found:?}"));
    }
    let strangers = |samples: &[i16]| pieces(samples).iter().any(|piece| matches!(piece, Piece::Foreign { .. }));
    if strangers(&first) {
        wrong.push(format!("foreign samples in the first take: {found:?}"));
    }
    if let Some(second) = takes.get(1) {
        let rate = hound::WavReader::open(second).map_err(|error| error.to_string())?.spec().sample_rate;
        let samples = strict(second)?;
        let journal = session.journal();
        let opened = journal.of("open-take").last().and_then(|line| line.detail["rate"].as_u64());
        if opened != Some(u64::from(rate)) || samples.len() != 6 * rate as usize {
            wrong.push(format!("the new take has {} frames at {rate} a second; journal {opened:?}", samples.len()));
        }
        if u64::from(rate) == crate::sequence::RATE && fault.name != "back at another rate" && strangers(&samples) {
            wrong.push("foreign samples in the new take".to_owned());
        }
    }
    Ok(told)
}
