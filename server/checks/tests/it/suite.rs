//! Reads the Markdown suites under `tests/specs`; `README.md` there describes their form.

use std::path::{Path, PathBuf};

/// One heading with files under it.
#[derive(Clone)]
pub(crate) struct Case {
    /// The suite's file and the heading.
    pub(crate) name: String,
    /// The files of its workspace.
    pub(crate) files: Vec<Given>,
    /// What a file becomes by a fix.
    pub(crate) outcomes: Vec<Outcome>,
    /// Files as they were in the state that the branch was made from.
    pub(crate) base: Vec<Given>,
    /// Files as they were when everything was locked.
    pub(crate) locked: Vec<Given>,
}

/// A file of a case's workspace.
#[derive(Clone)]
pub(crate) struct Given {
    /// Its path in the workspace.
    pub(crate) path: String,
    /// Its bytes, without the expectations.
    pub(crate) content: Vec<u8>,
    /// What is to be found in it.
    pub(crate) expected: Vec<Expected>,
}

/// A finding that has to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// The line that it starts on, from 0.
    pub(crate) line: u32,
    /// `error`, `warning`, `info` or `hint`.
    pub(crate) severity: String,
    /// Its code.
    pub(crate) code: String,
    /// What its message contains.
    pub(crate) says: Option<String>,
}

/// What a file becomes by a fix.
#[derive(Clone)]
pub(crate) struct Outcome {
    /// The file's path in the workspace.
    pub(crate) path: String,
    /// The fix's title.
    pub(crate) title: String,
    /// The whole text afterwards.
    pub(crate) text: String,
}

/// Every case of every suite, in the order of the files and headings.
pub(crate) fn cases() -> Vec<Case> {
    cases_in("specs")
}

/// Every case of every Markdown file under a folder of `tests`.
pub(crate) fn cases_in(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests")
        .join(folder);
    let mut files = Vec::new();
    markdown_files(&folder, &mut files);
    files.sort();
    let mut cases = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("README.md")) {
        let name = path.strip_prefix(&folder).unwrap().with_extension("");
        cases.extend(parse(&name.to_string_lossy(), &read(path)));
    }
    assert!(!cases.is_empty(), "no suites in {}", folder.display());
    cases
}

#[allow(
    clippy::disallowed_methods,
    reason = "the suites are files of this repository"
)]
fn markdown_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            markdown_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the suites are files of this repository"
)]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn parse(suite: &str, markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix('#') {
            let heading = heading.trim_start_matches('#').trim();
            cases.push(Case {
                name: format!("{suite}: {heading}"),
                files: Vec::new(),
                outcomes: Vec::new(),
                base: Vec::new(),
                locked: Vec::new(),
            });
        } else if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let case = cases.last_mut().expect("a block before the first heading");
            block(case, info, &body);
        }
    }
    cases.retain(|case| !case.files.is_empty());
    cases
}

/// A block of a case: a file, what a file becomes, or mere prose where its head names no path.
fn block(case: &mut Case, info: &str, body: &[&str]) {
    let (info, title) = match info.split_once(" after \"") {
        Some((info, title)) => (info, Some(title.trim_end_matches('"').to_owned())),
        None => (info, None),
    };
    let mut words = info.split(' ').skip(1);
    let Some(path) = words.next() else { return };
    let form: Vec<&str> = words.collect();
    for word in &form {
        assert!(
            ["crlf", "bom", "latin-1", "base", "locked"].contains(word),
            "{}: {word}?",
            case.name
        );
    }
    let path = path.to_owned();
    if let Some(title) = title {
        let text = String::from_utf8(encoded(body, &form)).unwrap();
        case.outcomes.push(Outcome { path, title, text });
        return;
    }
    let (lines, expected) = expectations(body);
    let content = encoded(&lines, &form);
    let of = match (form.contains(&"base"), form.contains(&"locked")) {
        (true, _) => &mut case.base,
        (_, true) => &mut case.locked,
        _ => &mut case.files,
    };
    of.push(Given {
        path,
        content,
        expected,
    });
}

fn encoded<L: AsRef<str>>(lines: &[L], form: &[&str]) -> Vec<u8> {
    let end = if form.contains(&"crlf") { "\r\n" } else { "\n" };
    let mut text = String::new();
    if form.contains(&"bom") {
        text.push('\u{feff}');
    }
    for line in lines {
        text.push_str(line.as_ref());
        text.push_str(end);
    }
    if form.contains(&"latin-1") {
        return text
            .chars()
            .map(|letter| u8::try_from(letter).unwrap())
            .collect();
    }
    text.into_bytes()
}

/// The lines without the expectations in them, and the expectations.
fn expectations(body: &[&str]) -> (Vec<String>, Vec<Expected>) {
    let mut lines: Vec<String> = Vec::new();
    let mut expected = Vec::new();
    for line in body {
        let at = u32::try_from(lines.len()).unwrap();
        match expectation(line) {
            // Alone on a line, it is about the next one, and the line is not there.
            Some((before, found)) => {
                expected.extend(
                    found
                        .into_iter()
                        .map(|found| Expected { line: at, ..found }),
                );
                if !before.trim().is_empty() {
                    lines.push(before.trim_end().to_owned());
                }
            }
            None => lines.push((*line).to_owned()),
        }
    }
    (lines, expected)
}

/// What stands before the expectations of a line, and these.
fn expectation(line: &str) -> Option<(&str, Vec<Expected>)> {
    const SEVERITIES: [&str; 4] = ["error", "warning", "info", "hint"];
    for (mark, _) in line.match_indices(['#', '-']) {
        let (before, comment) = line.split_at(mark);
        let Some(body) = comment.strip_prefix("# ").or(comment.strip_prefix("-- ")) else {
            continue;
        };
        let mut expected = Vec::new();
        let mut rest = body.trim();
        while let Some((severity, after)) = rest.split_once('[') {
            if !SEVERITIES.contains(&severity) {
                break;
            }
            let (code, after) = after.split_once(']').expect("an expectation without `]`");
            let (says, after) = match after.trim_start().strip_prefix('"') {
                Some(quoted) => {
                    let (says, after) = quoted.split_once('"').expect("a text without its end");
                    (Some(says.to_owned()), after)
                }
                None => (None, after),
            };
            expected.push(Expected {
                line: 0,
                severity: severity.to_owned(),
                code: code.to_owned(),
                says,
            });
            rest = after.trim_start();
        }
        if !expected.is_empty() {
            assert!(rest.is_empty(), "what is `{rest}` in `{line}`?");
            return Some((before, expected));
        }
    }
    None
}

#[test]
fn expectations_are_taken_out_of_the_text() {
    let (lines, expected) = expectations(&[
        "a: 1  # error[invalid-spec] \"one\" hint[x]",
        "# a comment",
        "# warning[missing-why]",
        "b: 2",
        "select a -- b -- info[y]",
    ]);
    assert_eq!(lines, ["a: 1", "# a comment", "b: 2", "select a -- b"]);
    let shown: Vec<String> = expected
        .iter()
        .map(|expected| format!("{} {} {:?}", expected.line, expected.code, expected.says))
        .collect();
    let expected = [
        "0 invalid-spec Some(\"one\")",
        "0 x None",
        "2 missing-why None",
        "3 y None",
    ];
    assert_eq!(shown, expected);
}
