//! One broken line costs that line only.
//!
//! *Survival* is the share of the other leaves that are still there, with the same path and value.

use crate::half_typed::{Broken, FORMS, Line};
use crate::support::{Choices, FIXTURES, Leaf, SPEC, leaves, long_spec};
use std::collections::BTreeMap;
use syntax::yaml::{Document, Node, NodeKind, Style, parse, parse_strict};

/// How many of `wanted` are among `found`, from 0 to 1.
fn survival(wanted: &[Leaf], found: &[Leaf], with_numbers: bool) -> f64 {
    let mut left: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let name = |leaf: &Leaf| match with_numbers {
        true => leaf.path.clone(),
        false => leaf.path.replace(|digit: char| digit.is_ascii_digit(), ""),
    };
    for leaf in found {
        *left.entry((name(leaf), &leaf.value)).or_default() += 1;
    }
    let survivors =
        wanted.iter().filter(
            |leaf| match left.get_mut(&(name(leaf), leaf.value.as_str())) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    true
                }
                _ => false,
            },
        );
    survivors.count() as f64 / wanted.len().max(1) as f64
}

/// Mean and worst of many survivals.
#[derive(Default)]
struct Survivals {
    sum: f64,
    count: usize,
    worst: Option<(f64, String)>,
}

impl Survivals {
    fn add(&mut self, survival: f64, describe: impl FnOnce() -> String) {
        self.sum += survival;
        self.count += 1;
        if self.worst.as_ref().is_none_or(|worst| survival < worst.0) {
            self.worst = Some((survival, describe()));
        }
    }

    #[track_caller]
    fn assert(&self, mean: f64, worst: f64) {
        let (found, example) = self.worst.as_ref().unwrap();
        let average = self.sum / self.count as f64;
        assert!(
            average >= mean && *found >= worst,
            "mean {average:.5} of {}, worst {found:.3} at {example}",
            self.count
        );
    }
}

/// The lines `key: value` of block mappings whose value is a simple text on the same line.
fn simple_lines(text: &str, documents: &[Document]) -> Vec<usize> {
    fn walk(node: &Node, text: &str, found: &mut Vec<usize>) {
        let flow = matches!(
            node.kind,
            NodeKind::Mapping { flow: true, .. } | NodeKind::Sequence { flow: true, .. }
        );
        if flow {
            return;
        }
        for item in node.items() {
            walk(item, text, found);
        }
        for entry in node.entries() {
            let NodeKind::Scalar { style, value } = &entry.value.kind else {
                walk(&entry.value, text, found);
                continue;
            };
            let (start, end) = (
                entry.key.range.start().into(),
                entry.value.range.end().into(),
            );
            let one_line = !text.get(start..end).unwrap().contains('\n');
            let simple = !matches!(style, Style::Literal | Style::Folded)
                && !value.contains([':', '#', '\''])
                && entry.value.tag.is_none();
            if one_line && simple {
                found.push(text.get(..start).unwrap().matches('\n').count());
            }
        }
    }
    let mut found = Vec::new();
    for document in documents {
        walk(&document.root, text, &mut found);
    }
    found
}

/// Every form at every `step`th simple line of `text`.
fn broken(text: &str, step: usize, mut check: impl FnMut(&str, &[Leaf], Broken)) {
    let documents = parse_strict(text).unwrap();
    let all = leaves(text, &documents);
    let lines: Vec<&str> = text.lines().collect();
    let simple = simple_lines(text, &documents);
    for (number, (name, form)) in FORMS.iter().enumerate() {
        for at in simple.iter().skip(number % step).step_by(step) {
            if let Some(broken) = form(&Line {
                lines: &lines,
                at: *at,
            }) {
                let mut wanted = all.clone();
                wanted.retain(|leaf| Some(leaf.line) != broken.replaced);
                check(name, &wanted, broken);
            }
        }
    }
}

fn survival_of(name: &str, text: &str, step: usize, survivals: &mut Survivals) {
    broken(text, step, |form, wanted, broken| {
        let found = leaves(&broken.text, &parse(&broken.text).documents);
        let survival = survival(wanted, &found, !broken.adds_item);
        survivals.add(survival, || {
            let line = broken.text.lines().nth(broken.line);
            format!("{name}, {form}, line {}: {line:?}", broken.line + 1)
        });
    });
}

#[test]
fn a_half_typed_line_of_a_long_spec() {
    let mut survivals = Survivals::default();
    survival_of("spec", &long_spec(400), 16, &mut survivals);
    survivals.assert(0.999, 0.9);
}

#[test]
fn a_half_typed_line_of_each_fixture() {
    let mut survivals = Survivals::default();
    for (name, text) in FIXTURES {
        if *name != "corner cases" {
            survival_of(name, text, 3, &mut survivals);
        }
    }
    // The worst is a word at the left edge between two models of a zero-indented list: it takes
    // the models below it, as it would if it were a key whose colon is missing.
    survivals.assert(0.999, 0.75);
}

#[test]
fn a_broken_line_has_one_problem_and_it_is_on_that_line() {
    let mut wrong = Vec::new();
    let mut count = 0;
    broken(&long_spec(400), 24, |form, _, broken| {
        // Some forms are valid YAML, if not what was meant.
        if parse(&broken.text).problems.is_empty() {
            return;
        }
        count += 1;
        let lines = problem_lines(&broken.text);
        if lines != [broken.line] {
            wrong.push(format!("{form}: line {} and not {lines:?}", broken.line));
        }
    });
    assert!(count > 100, "only {count} broken texts");
    assert_eq!(wrong, [""; 0]);
}

/// The lines of the problems of `text`, from 0.
fn problem_lines(text: &str) -> Vec<usize> {
    let line = |at: usize| text.get(..at).unwrap().matches('\n').count();
    let problems = parse(text).problems.into_iter();
    problems
        .map(|problem| line(problem.range.start().into()))
        .collect()
}

#[test]
fn every_state_of_a_spec_that_is_typed() {
    const TYPED: &str = concat!(
        "      - name: new_column\n",
        "        type: \"varchar(10)\"\n",
        "        why: 'it''s new: yes'  # note\n",
        "        values: [a, {b: [c, d]}, 'e']\n",
        "        description: >-\n          hello\n          world\n",
        "        classification:\n          - pii\n          - secret: &x\n              to: *x\n",
    );
    let lines: Vec<&str> = SPEC.lines().collect();
    let documents = parse_strict(SPEC).unwrap();
    let wanted = leaves(SPEC, &documents);
    let mut survivals = Survivals::default();
    // In front of a column, and at the end of a list of columns.
    let places = (1..lines.len()).filter(|at| {
        lines[*at].starts_with("      - name:")
            || (lines[*at].is_empty() && lines[*at + 1].starts_with("  - name:"))
    });
    for at in places.step_by(4) {
        let (before, after) = lines.split_at(at);
        for typed in (1..=TYPED.len()).filter_map(|end| TYPED.get(..end)) {
            let text = format!(
                "{}\n{}\n{}\n",
                before.join("\n"),
                typed.trim_end_matches('\n'),
                after.join("\n")
            );
            let found = leaves(&text, &parse(&text).documents);
            survivals.add(survival(&wanted, &found, false), || {
                format!("line {at}: {:?}", typed.lines().last())
            });
        }
    }
    survivals.assert(0.999, 0.9);
}

#[test]
fn five_broken_lines_at_once() {
    const BROKEN: [&str; 8] = [
        "zzq",
        "zzq: \"unterminated",
        "zzq: 'it is",
        "zzq: [a, b",
        "zzq: {a: 1, b",
        "zzq: v: x",
        "zzq: @x",
        " zzq: 1",
    ];
    let text = long_spec(400);
    let wanted = leaves(&text, &parse_strict(&text).unwrap());
    let mut choices = Choices::new(5);
    let mut survivals = Survivals::default();
    for _ in 0..40 {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..5 {
            let types: Vec<usize> = (0..lines.len())
                .filter(|at| lines[*at].trim_start().starts_with("type:"))
                .collect();
            let at = *choices.of(&types);
            let indentation = lines[at].len() - lines[at].trim_start().len();
            let broken = choices.of(&BROKEN);
            lines.insert(at + 1, format!("{}{broken}", " ".repeat(indentation)));
        }
        let text = lines.join("\n") + "\n";
        let found = leaves(&text, &parse(&text).documents);
        survivals.add(survival(&wanted, &found, true), || text.clone());
    }
    survivals.assert(1.0, 1.0);
}
