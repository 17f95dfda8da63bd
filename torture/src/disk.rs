//! A disk with a cache that a power cut empties: it tells what was written from what was flushed.
//!
//! It is a file that the kernel sees through FUSE and a loop device makes a disk of. A flush of the file system arrives
//! here as `fsync`; what was written since may be on the disk after a cut or not, block by block. Blocks that were
//! never written hold a sound that belongs to nobody, so that a file which names more than was written shows it.

use std::collections::HashMap;
use std::ffi::CString;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::place::{Dice, tool};
use crate::program::{Told, said};

const BLOCK: usize = 4096;
/// More than any sample of the known sound.
const STRANGER: i16 = 31_420;
/// The most that the kernel writes at once.
const MOST: usize = 1 << 17;

type Block = Arc<[u8; BLOCK]>;

/// What is on the disk.
#[derive(Clone, Default)]
pub struct Platter {
    durable: HashMap<u64, Block>,
    cached: HashMap<u64, Block>,
    log: Vec<(u64, Block)>,
    /// How often it was flushed.
    pub flushes: u64,
}

impl Platter {
    fn block(&self, number: u64) -> Block {
        let found = self.cached.get(&number).or_else(|| self.durable.get(&number));
        found.cloned().unwrap_or_else(|| {
            let mut bytes = [0; BLOCK];
            bytes.chunks_exact_mut(2).for_each(|two| two.copy_from_slice(&STRANGER.to_le_bytes()));
            Arc::new(bytes)
        })
    }

    fn write(&mut self, mut at: u64, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (number, from) = (at / BLOCK as u64, (at % BLOCK as u64) as usize);
            let count = bytes.len().min(BLOCK - from);
            let mut block = *self.block(number);
            block[from..from + count].copy_from_slice(&bytes[..count]);
            let block = Arc::new(block);
            self.cached.insert(number, Arc::clone(&block));
            self.log.push((number, block));
            (at, bytes) = (at + count as u64, &bytes[count..]);
        }
    }

    fn read(&self, mut at: u64, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count);
        while bytes.len() < count {
            let from = (at % BLOCK as u64) as usize;
            let more = (count - bytes.len()).min(BLOCK - from);
            bytes.extend_from_slice(&self.block(at / BLOCK as u64)[from..from + more]);
            at += more as u64;
        }
        bytes
    }

    fn flush(&mut self) {
        self.durable.extend(self.cached.drain());
        self.log.clear();
        self.flushes += 1;
    }

    /// The disk after a power cut at this moment: of what was not flushed, each write is there with the chance `kept`.
    pub fn cut(&self, kept: f64, dice: &mut Dice) -> Platter {
        let mut left = Platter { durable: self.durable.clone(), ..Platter::default() };
        for (number, block) in &self.log {
            if dice.share() < kept {
                left.durable.insert(*number, Arc::clone(block));
            }
        }
        left
    }
}

/// A disk that the kernel can use.
pub struct Disk {
    platter: Arc<Mutex<Platter>>,
    file: PathBuf,
    server: Option<JoinHandle<()>>,
    device: Option<String>,
    folder: PathBuf,
}

impl Disk {
    /// Makes a disk of `size` bytes out of a platter, with its file and its mount point in `folder`.
    pub fn new(platter: Platter, size: u64, folder: &Path) -> Told<Disk> {
        let (file, mounted) = (folder.join("disk"), folder.join("mounted"));
        said("a folder")(fs::create_dir_all(&mounted))?;
        said("a mount point")(fs::write(&file, ""))?;
        let fuse = said("/dev/fuse")(OpenOptions::new().read(true).write(true).open("/dev/fuse"))?;
        let options = format!("fd={},rootmode=100600,user_id=0,group_id=0", fuse.as_raw_fd());
        let (target, data) = (CString::new(file.as_os_str().as_bytes()), CString::new(options));
        let (target, data) = (said("the file's name")(target)?, said("the options")(data)?);
        // SAFETY: every pointer is to a string that ends with a zero and lives through the call.
        let done = unsafe {
            libc::mount(
                c"torture".as_ptr(),
                target.as_ptr(),
                c"fuse".as_ptr(),
                libc::MS_NOSUID | libc::MS_NODEV,
                data.as_ptr().cast(),
            )
        };
        if done != 0 {
            return Err(format!("mounting {}: {}", file.display(), std::io::Error::last_os_error()));
        }
        let platter = Arc::new(Mutex::new(platter));
        let served = Arc::clone(&platter);
        let server = Some(thread::spawn(move || serve(fuse, &served, size)));
        let mut disk = Disk { platter, file, server, device: None, folder: mounted };
        disk.device = Some(tool("losetup", &["--find", "--show", &disk.file.to_string_lossy()])?);
        Ok(disk)
    }

    /// Makes a file system on it.
    pub fn format(&self) -> Told<()> {
        let lazy = "nodiscard,lazy_itable_init=0,lazy_journal_init=0";
        tool("mkfs.ext4", &["-q", "-F", "-m", "0", "-E", lazy, self.device()]).map(|_| ())
    }

    /// Mounts it; gives the folder.
    pub fn mount(&mut self) -> Told<PathBuf> {
        tool("mount", &["-t", "ext4", self.device(), &self.folder.to_string_lossy()])?;
        // From now on the device goes when the mount goes, even if this program is killed.
        tool("losetup", &["--detach", self.device()])?;
        self.device = None;
        Ok(self.folder.clone())
    }

    fn device(&self) -> &str {
        self.device.as_deref().unwrap_or_default()
    }

    /// What is on it; nothing is written to it while this is held.
    pub fn hold(&self) -> MutexGuard<'_, Platter> {
        self.platter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = tool("umount", &[&self.folder.to_string_lossy()]);
        if let Some(device) = &self.device {
            let _ = tool("losetup", &["--detach", device]);
        }
        // The loop device lets go of the file a moment later.
        let file = self.file.to_string_lossy().into_owned();
        let gone = (0..100).any(|_| {
            thread::sleep(std::time::Duration::from_millis(10));
            tool("umount", &[&file]).is_ok()
        });
        if !gone {
            let _ = tool("umount", &["--lazy", &file]);
        } else if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

/// Answers the kernel until the file is no longer mounted.
fn serve(mut fuse: File, platter: &Mutex<Platter>, size: u64) {
    let mut request = vec![0; MOST + BLOCK];
    loop {
        let count = match fuse.read(&mut request) {
            Ok(count) => count,
            Err(error) if matches!(error.raw_os_error(), Some(libc::EINTR | libc::ENOENT | libc::EAGAIN)) => continue,
            Err(_) => return,
        };
        let (head, body) = request[..count].split_at(HEAD);
        let reply = answer(number(head, 4), body, platter, size);
        let (error, content) = match reply {
            Answer::None => continue,
            Answer::Error(error) => (-error, Vec::new()),
            Answer::Content(content) => (0, content),
        };
        let mut bytes = ((16 + content.len()) as u32).to_le_bytes().to_vec();
        bytes.extend(error.to_le_bytes());
        bytes.extend(&head[8..16]);
        bytes.extend(content);
        let _ = fuse.write_all(&bytes);
    }
}

/// The length of a request's head.
const HEAD: usize = 40;

enum Answer {
    None,
    Error(i32),
    Content(Vec<u8>),
}

/// The requests of linux/fuse.h that concern a single file.
fn answer(what: u32, body: &[u8], platter: &Mutex<Platter>, size: u64) -> Answer {
    let platter = || platter.lock().unwrap_or_else(PoisonError::into_inner);
    match what {
        // FORGET, INTERRUPT, BATCH_FORGET
        2 | 36 | 42 => Answer::None,
        // GETATTR, SETATTR
        3 | 4 => Answer::Content(attributes(size)),
        // OPEN
        14 => Answer::Content(vec![0; 16]),
        // READ
        15 => {
            let (at, count) = (long(body, 8), number(body, 16) as usize);
            let count = count.min(size.saturating_sub(at) as usize);
            Answer::Content(platter().read(at, count))
        }
        // WRITE
        16 => {
            let (at, count) = (long(body, 8), number(body, 16));
            platter().write(at, &body[40..40 + count as usize]);
            Answer::Content([count.to_le_bytes(), [0; 4]].concat())
        }
        // RELEASE, FLUSH
        18 | 25 => Answer::Content(Vec::new()),
        // FSYNC
        20 => {
            platter().flush();
            Answer::Content(Vec::new())
        }
        // INIT: version 7.31, big writes
        26 => {
            let mut out = [7u32, 31, 0, 1 << 5].map(u32::to_le_bytes).concat();
            out.extend([0; 4]);
            out.extend((MOST as u32).to_le_bytes());
            out.extend(1u32.to_le_bytes());
            out.resize(64, 0);
            Answer::Content(out)
        }
        _ => Answer::Error(libc::ENOSYS),
    }
}

fn attributes(size: u64) -> Vec<u8> {
    let mut out = 3_600u64.to_le_bytes().to_vec();
    out.extend([0; 8]);
    out.extend([1, size, size / 512, 0, 0, 0].map(u64::to_le_bytes).concat());
    let (mode, links) = (libc::S_IFREG | 0o600, 1);
    out.extend([0, 0, 0, mode, links, 0, 0, 0, BLOCK as u32, 0].map(u32::to_le_bytes).concat());
    out
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from(number(bytes, at)) | u64::from(number(bytes, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_takes_what_was_not_flushed() {
        let mut platter = Platter::default();
        platter.write(10, &[1; 5_000]);
        platter.flush();
        platter.write(0, &[2; 10]);
        platter.write(9_000, &[3; 10]);
        assert_eq!(platter.read(8, 4), [2, 2, 1, 1]);
        let mut dice = Dice::new(1, "");
        let none = platter.cut(0.0, &mut dice);
        assert_eq!(none.read(0, 12)[10..], [1, 1]);
        assert_eq!(none.read(0, 2), STRANGER.to_le_bytes());
        let all = platter.cut(1.0, &mut dice);
        assert_eq!((all.read(0, 1), all.read(9_000, 2)), (vec![2], vec![3, 3]));
    }
}
