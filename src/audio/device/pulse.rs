//! What a PulseAudio or PipeWire server says of its devices, and of the source that this program records from.
//!
//! A connection of its own, with a deadline on each answer, beside the one of the stream: a connection of the stream's
//! library cannot be closed for certain, and a server serves few. Knows nothing of streams. On other systems there is
//! no such server, and every question says so.

use std::time::Duration;

use super::error::AudioError;

/// How long the server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why there is no connection.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "there is no server to learn it from"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no server, or it turns us away.
    Absent(String),
    /// There is one, and it does not answer.
    Silent,
}

impl Refusal {
    /// The error this is where the server is needed.
    pub(super) fn into_error(self) -> AudioError {
        match self {
            Refusal::Absent(reason) => AudioError::HostUnavailable { host: "PulseAudio/PipeWire".to_owned(), reason },
            Refusal::Silent => AudioError::Hung { what: "the sound service".to_owned(), seconds: PATIENCE.as_secs() },
        }
    }
}

/// A source or a sink.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "there is no server to learn it from"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    /// The server's own name for it.
    pub(super) id: String,
    /// What a person would call it.
    pub(super) name: String,
    pub(super) rate: u32,
    pub(super) channels: u16,
    pub(super) default: bool,
    /// A source that gives what a sink plays.
    pub(super) monitor: bool,
    pub(super) muted: bool,
    pub(super) suspended: bool,
}

/// The source that a stream of this process records from.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "there is no server to learn it from"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sight {
    /// The server's number for the stream.
    pub(super) stream: u32,
    /// The stream itself is muted.
    pub(super) stream_muted: bool,
    pub(super) source: End,
}

#[cfg(target_os = "linux")]
pub(super) use server::{HangUp, Server};

#[cfg(not(target_os = "linux"))]
pub(super) use nowhere::{HangUp, Server};

#[cfg(target_os = "linux")]
mod server {
    use std::ffi::{CStr, CString};
    use std::io::BufReader;
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc;
    use std::time::Instant;

    use pulseaudio::protocol::{
        self, AuthParams, AuthReply, ClientInfoList, Command, CommandReply, Prop, Props, ServerInfo,
        SetClientNameReply, SinkInfo, SinkInfoList, SinkState, SourceInfo, SourceInfoList, SourceOutputInfoList,
        SourceState, SubscriptionEventFacility, SubscriptionEventType, SubscriptionMask,
    };

    use super::{End, PATIENCE, Refusal, Sight};

    /// A connection to the server of the session.
    pub(in super::super) struct Server {
        socket: BufReader<UnixStream>,
        version: u16,
        next: u32,
    }

    impl Server {
        /// Connects.
        ///
        /// # Errors
        /// Why there is no server, or none that answers in time.
        pub(in super::super) fn connect() -> Result<Server, Refusal> {
            let absent = |reason: &dyn std::fmt::Display| Refusal::Absent(reason.to_string());
            let path = pulseaudio::socket_path_from_env()
                .ok_or_else(|| absent(&"there is no PulseAudio or PipeWire service"))?;
            // Connecting to a server that has stopped listening waits for ever, so that is done elsewhere.
            let (tell, told) = mpsc::channel();
            std::thread::spawn(move || _ = tell.send(UnixStream::connect(path)));
            let socket = match told.recv_timeout(PATIENCE) {
                Ok(Ok(socket)) => socket,
                Ok(Err(error)) => return Err(absent(&error)),
                Err(_) => return Err(Refusal::Silent),
            };
            let limit = Some(PATIENCE);
            socket.set_read_timeout(limit).and(socket.set_write_timeout(limit)).map_err(|error| absent(&error))?;
            let mut server = Server { socket: BufReader::new(socket), version: protocol::MAX_VERSION, next: 0 };

            let began = Instant::now();
            let cookie = pulseaudio::cookie_path_from_env().and_then(|path| std::fs::read(path).ok());
            let version = protocol::MAX_VERSION;
            let auth =
                AuthParams { version, supports_shm: false, supports_memfd: false, cookie: cookie.unwrap_or_default() };
            // An answer that came late did not come: the library's errors do not tell a time-out from a refusal.
            let refused =
                |reason: String| if began.elapsed() >= PATIENCE { Refusal::Silent } else { Refusal::Absent(reason) };
            let reply: AuthReply = server.ask(Command::Auth(auth)).map_err(refused)?;
            server.version = protocol::MAX_VERSION.min(reply.version);
            let mut props = Props::new();
            props.set(Prop::ApplicationName, c"greenroom");
            let _: SetClientNameReply = server.ask(Command::SetClientName(props)).map_err(refused)?;
            Ok(server)
        }

        /// The sources, monitors among them.
        ///
        /// # Errors
        /// Why the server gave no answer.
        pub(in super::super) fn sources(&mut self) -> Result<Vec<End>, String> {
            let info: ServerInfo = self.ask(Command::GetServerInfo)?;
            let sources: SourceInfoList = self.ask(Command::GetSourceInfoList)?;
            let default = info.default_source_name;
            Ok(sources.iter().map(|source| source_end(source, default.as_deref())).collect())
        }

        /// The sinks.
        ///
        /// # Errors
        /// Why the server gave no answer.
        pub(in super::super) fn sinks(&mut self) -> Result<Vec<End>, String> {
            let info: ServerInfo = self.ask(Command::GetServerInfo)?;
            let sinks: SinkInfoList = self.ask(Command::GetSinkInfoList)?;
            let default = info.default_sink_name;
            Ok(sinks.iter().map(|sink| sink_end(sink, default.as_deref())).collect())
        }

        /// The newest stream of this process that records, and where from.
        ///
        /// # Errors
        /// Why the server gave no answer.
        pub(in super::super) fn sight(&mut self) -> Result<Option<Sight>, String> {
            let streams: SourceOutputInfoList = self.ask(Command::GetSourceOutputInfoList)?;
            let clients: ClientInfoList = self.ask(Command::GetClientInfoList)?;
            let ours = |props: &Props| {
                let process = props.get(Prop::ApplicationProcessId).and_then(|id| CStr::from_bytes_until_nul(id).ok());
                process.is_some_and(|id| id.to_bytes() == std::process::id().to_string().as_bytes())
            };
            let newest = streams
                .iter()
                .filter(|stream| {
                    let owner = clients.iter().find(|client| Some(client.index) == stream.client_index);
                    ours(&stream.props) || owner.is_some_and(|client| ours(&client.props))
                })
                .max_by_key(|stream| stream.index);
            let Some(stream) = newest else { return Ok(None) };
            let sources: SourceInfoList = self.ask(Command::GetSourceInfoList)?;
            let source = sources.iter().find(|source| source.index == stream.source_index);
            Ok(source.map(|source| Sight {
                stream: stream.index,
                stream_muted: stream.muted,
                source: source_end(source, None),
            }))
        }

        /// Makes this connection one that tells when a stream may have come to record from another source.
        ///
        /// # Errors
        /// Why the server does not tell.
        pub(in super::super) fn tell_moves(mut self) -> Result<Moves, String> {
            let mask = SubscriptionMask::SOURCE | SubscriptionMask::SOURCE_OUTPUT;
            let error = |error: &dyn std::fmt::Display| error.to_string();
            protocol::write_command_message(self.socket.get_mut(), self.next, &Command::Subscribe(mask), self.version)
                .map_err(|why| error(&why))?;
            protocol::read_ack_message(&mut self.socket).map_err(|why| error(&why))?;
            self.socket.get_ref().set_read_timeout(None).map_err(|why| error(&why))?;
            Ok(Moves { socket: self.socket, version: self.version })
        }

        fn ask<R: CommandReply>(&mut self, command: Command) -> Result<R, String> {
            let number = self.next;
            self.next += 1;
            protocol::write_command_message(self.socket.get_mut(), number, &command, self.version)
                .map_err(|error| error.to_string())?;
            let (answered, reply) =
                protocol::read_reply_message(&mut self.socket, self.version).map_err(|error| error.to_string())?;
            if answered == number { Ok(reply) } else { Err("the sound service answered out of order".to_owned()) }
        }
    }

    /// The news of moved streams.
    pub(in super::super) struct Moves {
        socket: BufReader<UnixStream>,
        version: u16,
    }

    impl Moves {
        /// Waits until some stream may have been moved; nothing where there will be no more news.
        pub(in super::super) fn wait(&mut self) -> Option<()> {
            use SubscriptionEventFacility::{Source, SourceOutput};
            use SubscriptionEventType::{Changed, Removed};
            loop {
                let (_, command) = protocol::read_command_message(&mut self.socket, self.version).ok()?;
                if let Command::SubscribeEvent(event) = command
                    && matches!((event.event_facility, event.event_type), (SourceOutput, Changed) | (Source, Removed))
                {
                    return Some(());
                }
            }
        }

        /// What ends the waiting, from anywhere, when it is dropped.
        pub(in super::super) fn hang_up(&self) -> Option<HangUp> {
            self.socket.get_ref().try_clone().ok().map(HangUp)
        }
    }

    /// Ends the news when it is dropped.
    pub(in super::super) struct HangUp(UnixStream);

    impl Drop for HangUp {
        fn drop(&mut self) {
            let _ = self.0.shutdown(std::net::Shutdown::Both);
        }
    }

    fn source_end(source: &SourceInfo, default: Option<&CStr>) -> End {
        End {
            id: source.name.to_string_lossy().into_owned(),
            name: text(source.description.as_ref(), &source.name),
            rate: source.sample_spec.sample_rate,
            channels: u16::from(source.sample_spec.channels),
            default: default == Some(source.name.as_c_str()),
            monitor: source.monitor_of_sink_index.is_some(),
            muted: source.muted,
            suspended: source.state == SourceState::Suspended,
        }
    }

    fn sink_end(sink: &SinkInfo, default: Option<&CStr>) -> End {
        End {
            id: sink.name.to_string_lossy().into_owned(),
            name: text(sink.description.as_ref(), &sink.name),
            rate: sink.sample_spec.sample_rate,
            channels: u16::from(sink.sample_spec.channels),
            default: default == Some(sink.name.as_c_str()),
            monitor: false,
            muted: sink.muted,
            suspended: sink.state == SinkState::Suspended,
        }
    }

    fn text(description: Option<&CString>, name: &CStr) -> String {
        crate::interview::Text::clean(&description.map_or(name, |description| description.as_c_str()).to_string_lossy())
            .to_string()
    }
}

#[cfg(not(target_os = "linux"))]
mod nowhere {
    use super::{End, Refusal, Sight};

    /// No connection.
    pub(in super::super) struct Server;

    impl Server {
        pub(in super::super) fn connect() -> Result<Server, Refusal> {
            Err(Refusal::Absent("there is no PulseAudio or PipeWire service".to_owned()))
        }

        pub(in super::super) fn sources(&mut self) -> Result<Vec<End>, String> {
            Ok(Vec::new())
        }

        pub(in super::super) fn sinks(&mut self) -> Result<Vec<End>, String> {
            Ok(Vec::new())
        }

        pub(in super::super) fn sight(&mut self) -> Result<Option<Sight>, String> {
            Ok(None)
        }

        pub(in super::super) fn tell_moves(self) -> Result<Moves, String> {
            Err("there is no PulseAudio or PipeWire service".to_owned())
        }
    }

    /// No news.
    #[allow(dead_code, reason = "there is no server to make one")]
    pub(in super::super) struct Moves;

    impl Moves {
        pub(in super::super) fn wait(&mut self) -> Option<()> {
            None
        }

        pub(in super::super) fn hang_up(&self) -> Option<HangUp> {
            None
        }
    }

    /// Nothing to end.
    #[allow(dead_code, reason = "there is no server to make one")]
    pub(in super::super) struct HangUp;
}
