//! From a file on disk to text.

use crate::file::FileKind;
use crate::system::System;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind};
use std::path::Path;

/// The largest file that is looked at. Nobody writes a larger model or spec by hand.
const LARGEST_FILE: usize = 16 * 1024 * 1024;

/// The longest first line that is looked at.
const LONGEST_LINE: usize = 64 * 1024;

/// Why a file gives no text. Shown, it is a sentence.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It is not there.
    Gone,
    /// The file system says no.
    Refused(io::Error),
    /// It is larger than anything that people write.
    TooLarge,
    /// It is not UTF-8 from this byte on.
    NotUtf8(usize),
}

/// What is read of a file that is there for `kind`: of data, only what names the columns.
pub(crate) fn of_kind(system: &dyn System, path: &Path, kind: FileKind) -> Result<String, Failure> {
    match kind {
        FileKind::Seed | FileKind::Fixture => first_line(system, path),
        FileKind::PythonModel => nothing(system, path),
        _ => text(system, path),
    }
}

/// The text of a file.
pub(crate) fn text(system: &dyn System, path: &Path) -> Result<String, Failure> {
    decode(system.read(path)?)
}

/// The first line of a file.
fn first_line(system: &dyn System, path: &Path) -> Result<String, Failure> {
    let head = system.read_head(path, LONGEST_LINE)?;
    decode(
        head.into_iter()
            .take_while(|byte| !matches!(byte, b'\n' | b'\r'))
            .collect(),
    )
}

/// Nothing, of a file that is there: one of which it is enough to know that.
fn nothing(system: &dyn System, path: &Path) -> Result<String, Failure> {
    system
        .read_head(path, 0)
        .map(|_| String::new())
        .map_err(Failure::from)
}

/// A number that tells whether a text is the one that facts were made from.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn decode(bytes: Vec<u8>) -> Result<String, Failure> {
    if bytes.len() > LARGEST_FILE {
        return Err(Failure::TooLarge);
    }
    String::from_utf8(bytes).map_err(|error| Failure::NotUtf8(error.utf8_error().valid_up_to()))
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::IsADirectory => Failure::Gone,
            _ => Failure::Refused(error),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Gone => f.write_str("The file is not there any more."),
            Failure::Refused(error) => write!(f, "The file can't be read: {error}."),
            Failure::TooLarge => {
                write!(
                    f,
                    "The file is larger than {} MiB and is not looked at.",
                    LARGEST_FILE >> 20
                )
            }
            Failure::NotUtf8(byte) => {
                write!(f, "The file is not UTF-8: byte {byte} can't be read.")
            }
        }
    }
}
