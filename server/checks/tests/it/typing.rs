//! Edits are typed letter by letter: what is said on the way belongs to the text before or to the text
//! afterwards, and what belongs to both stays. The workspaces and edits stand in `tests/typing`.
//!
//! A text on the way that is whole by itself, as `select count(*) a` is on the way to `as`, is taken at its
//! word: the state follows from the texts alone, and somebody may have meant it. What is asserted is about
//! all others. An edit that is taken back letter by letter passes through the same texts.

mod edit;
mod keys;

use crate::incremental::Live;
use crate::workspace::absolute;
use checks::{Severity, Subject};
use edit::Edit;
use index::Change;
use keys::{Closing, Text, texts};
use std::collections::{BTreeMap, BTreeSet};

/// A finding, wherever it stands and in whatever words: a finding is the same one by code and subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    path: String,
    severity: Severity,
    code: &'static str,
    /// What it is about, or what it says where it is about nothing that has a name.
    about: String,
}

/// Everything that is said of a text.
#[derive(Default)]
struct Heard {
    /// Each finding, with its words.
    said: BTreeMap<Said, String>,
    /// Those that stand in what has been typed of a spec: about an entry that is not whole yet, that says
    /// what it still lacks.
    of_typed: BTreeSet<Said>,
    /// The file that is typed can't be read as a whole.
    is_broken: bool,
}

/// What is said of a text that can't be read as a whole.
const BROKEN: [&str; 4] = [
    "unparsable-sql",
    "invalid-yaml",
    "invalid-spec",
    "invalid-guarantee",
];

/// What was said wrongly of edits on the way, or not said.
#[derive(Debug, Default)]
struct Told {
    /// Each finding of what can't be read as a whole that belongs to neither end, at the first text that had it.
    only_between: Vec<String>,
    /// Each finding of both ends that what can't be read as a whole went without, and for how many keystrokes.
    missing: Vec<String>,
    /// All these keystrokes.
    missing_for: usize,
}

#[test]
fn a_workspace_of_native_specs_is_typed_by_hand() {
    check("native", Closing::ByHand, 37);
}

#[test]
fn a_workspace_of_native_specs_is_typed_in_an_editor_that_closes_brackets() {
    check("native", Closing::ByEditor, 0);
}

#[test]
fn a_project_of_dbt_is_typed_by_hand() {
    check("dbt", Closing::ByHand, 39);
}

#[test]
fn a_project_of_dbt_is_typed_in_an_editor_that_closes_brackets() {
    check("dbt", Closing::ByEditor, 7);
}

/// `missing_for` keystrokes are those at which too much is hidden by what is typed to tell whether a why is
/// inherited: a bracket that is not closed yet, a query that is begun before another one.
fn check(file: &str, closing: Closing, missing_for: usize) {
    let mut told = Told::default();
    for edit in edit::edits(file) {
        told.add(&edit, closing);
    }
    assert!(
        told.only_between.is_empty(),
        "{}",
        told.only_between.join("\n")
    );
    assert_eq!(told.missing_for, missing_for, "{}", told.missing.join("\n"));
}

impl Told {
    /// Types an edit.
    fn add(&mut self, edit: &Edit, closing: Closing) {
        let texts = texts(edit, closing);
        let mut live = Live::new(&edit.files);
        let heard = texts.iter().map(|text| {
            let edited = Change::Edited {
                path: absolute(&edit.path),
                text: text.whole.as_str().into(),
            };
            let reached = live.workspace.apply(vec![edited]);
            live.findings.update(&live.workspace.snapshot(), &reached);
            heard(&live, edit, text)
        });
        let heard: Vec<Heard> = heard.collect();
        let mut files = edit.files.clone();
        let typed = texts.last().unwrap().whole.clone();
        files.insert(edit.path.clone(), typed.into_bytes());
        assert_eq!(live.shown(), Live::new(&files).shown(), "{}", edit.name);
        let (before, after) = (heard.first().unwrap(), heard.last().unwrap());
        let mut between = BTreeSet::new();
        let mut missing: BTreeMap<&Said, (usize, &str)> = BTreeMap::new();
        for (text, now) in texts.iter().zip(&heard).filter(|(_, now)| now.is_broken) {
            for (one, words) in &now.said {
                let belongs = [&before.said, &after.said]
                    .iter()
                    .any(|said| said.contains_key(one));
                let is_new =
                    one.severity >= Severity::Warning && !belongs && !now.of_typed.contains(one);
                if is_new && between.insert(one) {
                    let (name, typed) = (&edit.name, &text.typed);
                    self.only_between
                        .push(format!("{name}: {} {words} at {typed:?}", one.code));
                }
            }
            let both = before
                .said
                .keys()
                .filter(|one| after.said.contains_key(one));
            for one in both.filter(|one| !now.said.contains_key(one)) {
                missing.entry(one).or_insert((0, &text.typed)).0 += 1;
            }
        }
        for (one, (keystrokes, typed)) in missing {
            self.missing_for += keystrokes;
            let (name, words) = (&edit.name, &before.said[one]);
            self.missing
                .push(format!("{name}: {words} for {keystrokes} from {typed:?}"));
        }
    }
}

fn heard(live: &Live, edit: &Edit, text: &Text) -> Heard {
    let snapshot = live.workspace.snapshot();
    let mut heard = Heard {
        is_broken: has_open_tag(&text.whole),
        ..Heard::default()
    };
    for finding in live.findings.all(&snapshot) {
        let path = snapshot.display_path(&snapshot.file(finding.file).unwrap().path);
        let about = match finding.subject == Subject::default() {
            true => finding.message.clone(),
            false => format!("{:?}", finding.subject),
        };
        let said = Said {
            path,
            severity: finding.severity,
            code: finding.code,
            about,
        };
        if said.path == edit.path {
            let start = usize::from(finding.range(&snapshot).start());
            if text.fresh.contains(&start) && !said.path.ends_with(".sql") {
                heard.of_typed.insert(said.clone());
            }
            heard.is_broken |= BROKEN.contains(&finding.code);
        }
        heard.said.insert(said, finding.message.clone());
    }
    heard
}

/// Whether a tag of a template is opened and not closed: it may hide anything, so nobody says that the SQL can't
/// be read.
fn has_open_tag(text: &str) -> bool {
    [("{%", "%}"), ("{{", "}}"), ("{#", "#}")]
        .iter()
        .any(|(open, close)| text.matches(open).count() != text.matches(close).count())
}
