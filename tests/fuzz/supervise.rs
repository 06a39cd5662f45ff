//! The process that starts others, collects what they find, and makes it small.

use super::corpus::Seed;
use super::input::Input;
use super::tokens::tokens;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A finding is made smaller for so long at most.
const SHRINKING: Duration = Duration::from_secs(45);

/// What a run found.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) inputs: u64,
    pub(crate) understood: u64,
    /// Milliseconds of inputs that took long, with their numbers; the slowest first.
    pub(crate) slow: Vec<(u64, u64)>,
    /// How often each panic, hang or abort was seen, and the first input that shows it.
    pub(crate) findings: BTreeMap<String, (u64, u64)>,
}

/// How a run is started.
pub(crate) struct Run<'r> {
    pub(crate) target: &'static str,
    pub(crate) seconds: u64,
    pub(crate) seed: u64,
    pub(crate) folder: Option<&'r Path>,
}

impl Run<'_> {
    fn start(&self, arguments: &[String]) -> Child {
        let program = std::env::current_exe().unwrap();
        let mut command = Command::new(program);
        command.args(arguments);
        if let Some(folder) = self.folder {
            command.arg(folder);
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Starts a process again and again, behind the input that the one before ended with.
    pub(crate) fn report(&self) -> Report {
        let mut report = Report::default();
        let end = Instant::now() + Duration::from_secs(self.seconds);
        let mut next = 0;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            let left = left.as_secs().max(1).to_string();
            let arguments = [
                "work",
                self.target,
                &self.seed.to_string(),
                &next.to_string(),
                &left,
            ];
            let mut child = self.start(&arguments.map(str::to_owned));
            let mut why = None;
            let mut answered = true;
            for line in BufReader::new(child.stdout.take().unwrap())
                .lines()
                .map_while(Result::ok)
            {
                let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
                match word {
                    "start" => {
                        next = rest.parse().unwrap();
                        report.inputs += 1;
                        answered = false;
                    }
                    "done" => {
                        report.understood += u64::from(rest == "1");
                        answered = true;
                    }
                    "slow" => report.slow.push((rest.parse().unwrap(), next)),
                    "panic" => {
                        report.found(format!("panic {rest}"), next);
                        answered = true;
                    }
                    "hang" => why = Some("hang"),
                    _ => {}
                }
            }
            let status = child.wait().unwrap();
            if !answered {
                report.found(why.map_or(format!("abort {status}"), str::to_owned), next);
            }
            next += 1;
        }
        report
            .slow
            .sort_unstable_by_key(|(millis, _)| std::cmp::Reverse(*millis));
        report.slow.truncate(8);
        report
    }

    /// The input that a finding was made with, as small as it still shows it.
    pub(crate) fn shrunk(&self, seeds: &[Seed], finding: &str, number: u64) -> Input {
        let mut input = Input::of(seeds, self.seed, number);
        let end = Instant::now() + SHRINKING;
        let file = std::env::temp_dir().join(format!(
            "rationale-fuzz-{}-{}",
            self.target,
            std::process::id()
        ));
        let shows = |input: &Input| self.what(&file, input) == finding;
        // Most targets read one text.
        let mut alone = input.clone();
        alone.other.clone_from(&alone.text);
        if shows(&alone) {
            input = alone;
        }
        let same = input.other == input.text;
        input.text = smaller(&input.text, end, &|text| {
            let mut candidate = input.clone();
            candidate.text = text.to_owned();
            if same {
                candidate.other = text.to_owned();
            }
            shows(&candidate)
        });
        if same {
            input.other.clone_from(&input.text);
        } else {
            input.other = smaller(&input.other, end, &|text| {
                let mut candidate = input.clone();
                candidate.other = text.to_owned();
                shows(&candidate)
            });
        }
        let _ = std::fs::remove_file(&file);
        input
    }

    /// What an input alone shows.
    fn what(&self, file: &PathBuf, input: &Input) -> String {
        std::fs::write(file, input.written()).unwrap();
        let path = file.display().to_string();
        let mut child = self.start(&["one".to_owned(), self.target.to_owned(), path]);
        let mut last = String::new();
        for line in BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
        {
            last = line;
        }
        let status = child.wait().unwrap();
        match last.starts_with("start") {
            true => format!("abort {status}"),
            false => last,
        }
    }
}

impl Report {
    fn found(&mut self, what: String, number: u64) {
        self.findings.entry(what).or_insert((0, number)).0 += 1;
    }
}

/// The text without the parts that are not needed for `shows`, found by halves.
fn smaller(text: &str, end: Instant, shows: &dyn Fn(&str) -> bool) -> String {
    let mut all = tokens(text);
    let mut size = all.len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        while start < all.len() {
            if Instant::now() > end {
                return all.concat();
            }
            let mut without = all.clone();
            without.drain(start..(start + size).min(all.len()));
            if shows(&without.concat()) {
                all = without;
            } else {
                start += size;
            }
        }
        size /= 2;
    }
    all.concat()
}
