//! Counts how many SQL files below a folder can be read: `parse_rate DIALECT FOLDER…`.
//!
//! Only files below a folder called `models` or `snapshots` count, as in a dbt project; pass the
//! word `all` before the folders to count every file.

#![allow(clippy::print_stdout, reason = "the answer of a program")]
#![allow(clippy::disallowed_methods, reason = "an example reads its own files")]

use sql::{Dialect, Options, Templating, analyze};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let dialect = arguments
        .next()
        .and_then(|name| name.parse::<Dialect>().ok());
    let all = arguments.next_if(|argument| argument == "all").is_some();
    let options = Options {
        dialect: dialect.unwrap_or_default(),
        templating: Templating::Jinja,
    };
    let mut files = Vec::new();
    for folder in arguments {
        collect(Path::new(&folder), all, &mut files);
    }
    files.sort();
    let mut readable = 0usize;
    let mut models = 0usize;
    let mut closed = 0usize;
    let mut bytes = 0usize;
    let mut time = Duration::ZERO;
    let mut reasons: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for file in &files {
        let Ok(text) = std::fs::read_to_string(file) else {
            continue;
        };
        let start = Instant::now();
        let analysis = analyze(&text, &options);
        time += start.elapsed();
        bytes += text.len();
        models += analysis.facts.models.len();
        for model in &analysis.facts.models {
            match &model.open {
                Some(open) => *reasons.entry(format!("{:?}", open.reason)).or_default() += 1,
                None => closed += 1,
            }
        }
        readable += usize::from(analysis.problems.is_empty());
        for problem in &analysis.problems {
            let before = text.get(..problem.range.start().into()).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            println!("{}:{line}: {}", file.display(), problem.message);
        }
    }
    let share = 100.0 * readable as f64 / files.len().max(1) as f64;
    println!(
        "{} files, {share:.2}% readable; {models} models, {closed} with all columns told, others open: {reasons:?}; {:.1} MB/s",
        files.len(),
        bytes as f64 / 1e6 / time.as_secs_f64()
    );
}

fn collect(path: &Path, wanted: bool, files: &mut Vec<PathBuf>) {
    let name = path.file_name().unwrap_or_default();
    if path.is_dir() {
        let wanted = wanted || name == "models" || name == "snapshots";
        let skipped = name == "macros" || name == "dbt_packages";
        if let (Ok(entries), false) = (std::fs::read_dir(path), skipped) {
            for entry in entries.flatten() {
                collect(&entry.path(), wanted, files);
            }
        }
    } else if wanted && path.extension().is_some_and(|extension| extension == "sql") {
        files.push(path.to_owned());
    }
}
