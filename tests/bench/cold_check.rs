//! What a cold `rationale check` costs beyond reading and tokenising the same files, and the memory
//! that it takes. The ratio decides, not the time.
//!
//! usage: `cargo bench --bench cold_check -- FOLDER`

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark reads the folder it is given and prints what it measured"
)]

use checks::Findings;
use index::system::{Ignored, Walk};
use index::{FileKind, Snapshot, System, Workspace};
use rationale::system::Disk;
use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::Tokenizer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often each is measured; the median counts.
const RUNS: usize = 5;

fn main() {
    // Cargo passes `--bench`, too.
    let folder = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/orders");
    let folder = folder
        .map_or(example, PathBuf::from)
        .canonicalize()
        .unwrap();

    // The first run also warms the cache of the operating system, for both alike.
    let (snapshot, findings) = check(&folder);
    let peak = peak_memory();
    let files: Vec<PathBuf> = snapshot
        .files()
        .iter()
        .map(|file| file.path.to_path_buf())
        .collect();
    let models = snapshot
        .files()
        .iter()
        .filter(|file| matches!(file.kind, FileKind::Sql(_)))
        .count();
    assert!(!files.is_empty(), "nothing was read");

    let checked = median(|| {
        let (_, again) = check(&folder);
        assert_eq!(again, findings, "every run finds the same");
    });
    let (mut bytes, mut tokens) = (0, 0);
    let read = median(|| (bytes, tokens) = read_and_tokenise(&folder));

    println!("{}", folder.display());
    println!(
        "files {}, SQL files {models}, findings {findings}",
        files.len()
    );
    println!("read and tokenised {bytes} bytes, {tokens} tokens, in {read:?}");
    println!("checked in {checked:?}");
    println!("ratio {:.2}", checked.as_secs_f64() / read.as_secs_f64());
    if let Some(peak) = peak {
        println!(
            "peak memory {peak} bytes, {} a SQL file",
            peak / models.max(1) as u64
        );
    }
}

/// The workspace in `folder` from nothing, and how many findings it has.
fn check(folder: &Path) -> (Snapshot, usize) {
    let mut workspace = Workspace::new(Arc::new(Disk), vec![folder.to_owned()]);
    let reached = workspace.load();
    let snapshot = workspace.snapshot();
    let mut findings = Findings::default();
    findings.update(&snapshot, &reached);
    let count = findings.all(&snapshot).len();
    (snapshot, count)
}

/// Reads every SQL and YAML file and tokenises the SQL, on as many threads as a check does. Gives the
/// bytes and the tokens.
fn read_and_tokenise(folder: &Path) -> (usize, usize) {
    let Walk { files, .. } = Disk.walk(folder, Ignored::Skip, usize::MAX);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = files.chunks(files.len().div_ceil(threads).max(1));
    std::thread::scope(|scope| {
        let counting: Vec<_> = parts.map(|part| scope.spawn(|| counts(part))).collect();
        counting.into_iter().fold((0, 0), |(bytes, tokens), part| {
            let (more_bytes, more_tokens) = part.join().unwrap();
            (bytes + more_bytes, tokens + more_tokens)
        })
    })
}

fn counts(files: &[PathBuf]) -> (usize, usize) {
    let (mut bytes, mut tokens) = (0, 0);
    for path in files {
        let extension = path.extension().and_then(|extension| extension.to_str());
        if !matches!(extension, Some("sql" | "yml" | "yaml")) {
            continue;
        }
        let Ok(text) = String::from_utf8(Disk.read(path).unwrap()) else {
            continue;
        };
        bytes += text.len();
        if extension == Some("sql") {
            let mut found = Vec::new();
            // What comes before an error of the tokeniser counts, too.
            let _ = Tokenizer::new(&GenericDialect {}, &text)
                .tokenize_with_location_into_buf(&mut found);
            tokens += found.len();
        }
    }
    (bytes, tokens)
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[RUNS / 2]
}

/// The most memory that this process has held so far, in bytes; known on Linux only.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}
