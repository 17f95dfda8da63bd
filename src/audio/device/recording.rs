//! The sound of a source, as a PulseAudio or PipeWire server sends it.
//!
//! Read straight off the connection, because the server may be asked to keep what nobody fetches, and because the sound
//! library takes the stream for dead when the program was suspended for a moment. Knows nothing of what the frames are
//! for.

/// How a stream ended.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "there is no server to end one"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The server ended it: its source is gone.
    Killed,
    /// The server is gone, or talks nonsense.
    Gone,
}

/// What is wanted of a source: mono or stereo, 16-bit.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "there is no server to ask"))]
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) rate: u32,
    /// One or two.
    pub(super) channels: u16,
    /// Frames that the server should send at once, with what its device holds.
    pub(super) block: u32,
}

#[cfg(target_os = "linux")]
pub(super) use stream::Recording;

#[cfg(not(target_os = "linux"))]
pub(super) use nowhere::Recording;

#[cfg(target_os = "linux")]
mod stream {
    use std::ffi::CString;
    use std::io::{BufReader, Read};
    use std::os::unix::net::UnixStream;

    use pulseaudio::protocol::{
        self, ChannelMap, Command, CorkStreamParams, CreateRecordStreamReply, DESCRIPTOR_SIZE, MAX_MEMBLOCKQ_LENGTH,
        Prop, Props, RecordStreamParams, SampleFormat, SampleSpec,
        stream::{BufferAttr, StreamFlags},
    };

    use super::super::pulse::{End, HangUp, Server};
    use super::{Ending, Wanted};

    /// A stream that was made and not begun.
    pub(in super::super) struct Recording {
        socket: BufReader<UnixStream>,
        version: u16,
        channel: u32,
    }

    impl Recording {
        /// Makes a stream from `source` of this connection.
        ///
        /// # Errors
        /// Why the server makes none.
        pub(in super::super) fn of(mut server: Server, source: &End, wanted: Wanted) -> Result<Recording, String> {
            let mut props = Props::new();
            props.set(Prop::MediaName, c"your answers");
            // By this the stream is known again as one of this program's.
            let process = CString::new(std::process::id().to_string()).unwrap_or_default();
            props.set(Prop::ApplicationProcessId, process);
            let params = RecordStreamParams {
                sample_spec: SampleSpec {
                    format: SampleFormat::S16Le,
                    channels: wanted.channels as u8,
                    sample_rate: wanted.rate,
                },
                channel_map: if wanted.channels == 2 { ChannelMap::stereo() } else { ChannelMap::mono() },
                source_name: CString::new(source.id.as_bytes()).ok(),
                buffer_attr: BufferAttr {
                    // As much as a server keeps at all: 21 s of stereo at 48 kHz, for a program that was suspended.
                    max_length: MAX_MEMBLOCKQ_LENGTH as u32,
                    fragment_size: wanted.block * u32::from(wanted.channels) * 2,
                    ..BufferAttr::default()
                },
                flags: StreamFlags { start_corked: true, adjust_latency: true, ..StreamFlags::default() },
                props,
                ..RecordStreamParams::default()
            };
            let reply: CreateRecordStreamReply = server.ask(Command::CreateRecordStream(params))?;
            let (socket, version) = server.into_parts();
            let recording = Recording { socket, version, channel: reply.channel };
            let made = reply.sample_spec;
            let asked = (SampleFormat::S16Le, wanted.channels as u8, wanted.rate);
            if (made.format, made.channels, made.sample_rate) != asked {
                return Err(format!("the sound service made {made:?} of what was asked for"));
            }
            Ok(recording)
        }

        /// What ends the stream, from anywhere, when it is dropped.
        ///
        /// # Errors
        /// Why there is no such thing.
        pub(in super::super) fn hang_up(&self) -> Result<HangUp, String> {
            self.socket.get_ref().try_clone().map(HangUp).map_err(|error| error.to_string())
        }

        /// Begins the stream.
        ///
        /// # Errors
        /// Why it cannot be begun.
        pub(in super::super) fn begin(&mut self) -> Result<(), String> {
            let begin = Command::CorkRecordStream(CorkStreamParams { channel: self.channel, cork: false });
            // The answer is read with the frames, which may come before it. The number is one that nobody waits for.
            protocol::write_command_message(self.socket.get_mut(), u32::MAX - 1, &begin, self.version)
                .map_err(|error| error.to_string())?;
            self.socket.get_ref().set_read_timeout(None).map_err(|error| error.to_string())
        }

        /// Hands over the bytes of each block until the stream ends.
        pub(in super::super) fn run(mut self, mut take: impl FnMut(&[u8])) -> Ending {
            let mut message = Vec::new();
            loop {
                let Some(channel) = self.next(&mut message) else { return Ending::Gone };
                if channel == self.channel {
                    take(&message);
                } else if channel == u32::MAX {
                    match Command::read_tag_prefixed(&mut message.as_slice(), self.version) {
                        Ok((_, Command::RecordStreamKilled(killed))) if killed == self.channel => {
                            return Ending::Killed;
                        }
                        Ok((_, Command::Error(_))) => return Ending::Gone,
                        // News that this stream does without, or that the library does not know.
                        _ => {}
                    }
                }
            }
        }

        /// Reads the next message, and says which channel it came by.
        fn next(&mut self, message: &mut Vec<u8>) -> Option<u32> {
            let mut head = [0; DESCRIPTOR_SIZE];
            self.socket.read_exact(&mut head).ok()?;
            let head = protocol::read_descriptor(&mut head.as_slice()).ok()?;
            let length = head.length as usize;
            if length > MAX_MEMBLOCKQ_LENGTH {
                return None;
            }
            message.resize(length, 0);
            self.socket.read_exact(message).ok()?;
            Some(head.channel)
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod nowhere {
    use super::super::pulse::{End, HangUp, Server};
    use super::{Ending, Wanted};

    /// No stream.
    #[allow(dead_code, reason = "there is no server to make one")]
    pub(in super::super) struct Recording;

    impl Recording {
        pub(in super::super) fn of(_: Server, _: &End, _: Wanted) -> Result<Recording, String> {
            Err("there is no PulseAudio or PipeWire service".to_owned())
        }

        pub(in super::super) fn hang_up(&self) -> Result<HangUp, String> {
            Err("there is no PulseAudio or PipeWire service".to_owned())
        }

        pub(in super::super) fn begin(&mut self) -> Result<(), String> {
            Err("there is no PulseAudio or PipeWire service".to_owned())
        }

        pub(in super::super) fn run(self, _: impl FnMut(&[u8])) -> Ending {
            Ending::Gone
        }
    }
}
