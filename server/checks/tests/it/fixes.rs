//! What holds for every fix of every finding in every workspace of the suites: it settles its
//! finding, brings no new trouble, and leaves alone what is not its business.

use crate::suite::{Case, cases};
use crate::workspace::{self, Checked, Files, check_case, files, fixed};
use checks::{Detail, Finding, Fix, Severity, Subject};
use std::collections::BTreeSet;
use syntax::yaml;

#[test]
fn a_fix_settles_its_finding_and_brings_no_new_trouble() {
    let mut count = 0;
    for case in cases() {
        for (checked, finding, fix) in all_fixes(&case) {
            count += 1;
            let at = format!(
                "{}: \"{}\" for {}",
                case.name,
                fix.title,
                checked.shown(&finding)
            );
            let fixed = fixed(&files(&case), &fix).expect(&at);
            let after = checked_beside(&fixed, &checked);
            let is_same = |other: &&Finding| {
                other.code == finding.code
                    && other.subject == finding.subject
                    && other.message == finding.message
                    && after.path(other) == checked.path(&finding)
            };
            let left = after.findings.iter().filter(is_same).count();
            let is_same = |other: &&Finding| {
                other.code == finding.code
                    && other.subject == finding.subject
                    && other.message == finding.message
                    && checked.path(other) == checked.path(&finding)
            };
            let had = checked.findings.iter().filter(is_same).count();
            assert!(left < had, "{at} is still there");
            let before = trouble(&checked);
            let new: Vec<_> = trouble(&after).difference(&before).cloned().collect();
            let is_allowed = |(code, subject): &&(&str, Subject)| {
                let table = subject.table.as_ref().map(|table| table.to_string());
                // A name that is still to be written; SQL that is only found by the fix; and a spec
                // whose only column was none.
                table.is_some_and(|table| table == "TODO")
                    // What was edited away is agreed again, and the SQL may have gone on.
                    || (finding.code == "rewritten-history" && *code == "contradicts-amendment")
                    || finding.code == "phantom-table"
                    || (*code == "undocumented-column"
                        && before
                            .iter()
                            .any(|(before, of)| before == code && of.table == subject.table))
            };
            let new: Vec<_> = new.iter().filter(|new| !is_allowed(new)).collect();
            assert!(new.is_empty(), "{at} brings {new:#?}");
        }
    }
    assert!(count > 40, "only {count} fixes were tried");
}

/// Applied twice it changes nothing: there is nothing left that it would be applied to.
#[test]
fn a_fix_that_was_made_is_not_offered_again() {
    for case in cases() {
        for (checked, finding, fix) in all_fixes(&case) {
            let fixed = fixed(&files(&case), &fix).unwrap();
            let after = checked_beside(&fixed, &checked);
            let offers = |checked: &Checked| {
                let about = checked
                    .findings
                    .iter()
                    .filter(|other| other.code == finding.code && other.subject == finding.subject);
                let fixes = about.flat_map(|other| checked.fixes(other));
                fixes.filter(|other| other.title == fix.title).count()
            };
            let (had, left) = (offers(&checked), offers(&after));
            let at = checked.shown(&finding);
            assert!(
                left < had,
                "{}: \"{}\" again for {at}",
                case.name,
                fix.title
            );
        }
    }
}

#[test]
fn a_fix_leaves_comments_alone_and_the_text_no_more_broken() {
    for case in cases() {
        for (checked, finding, fix) in all_fixes(&case) {
            let before = files(&case);
            let after = fixed(&before, &fix).unwrap();
            let at = format!(
                "{}: \"{}\" for {}",
                case.name,
                fix.title,
                checked.shown(&finding)
            );
            for (path, text) in yaml_texts(&after) {
                let old = before
                    .get(&path)
                    .map(|old| String::from_utf8_lossy(old).into_owned());
                let old = old.unwrap_or_default();
                let problems = |text: &str| yaml::parse(text).problems.len();
                assert!(problems(&text) <= problems(&old), "{at} breaks\n{text}");
                // A text that is put in quotes ends what was read as a comment; a comment that is
                // not used is what is removed; and what is removed takes its own comments along.
                let is_about_comments = ["text-cut-off", "unused-ignore", "phantom-column"];
                if !is_about_comments.contains(&finding.code) {
                    let lost: Vec<_> = comments(&old)
                        .difference(&comments(&text))
                        .cloned()
                        .collect();
                    assert!(lost.is_empty(), "{at} loses {lost:?} in\n{text}");
                }
            }
        }
    }
}

#[test]
fn a_fix_of_sql_leaves_its_comments_alone() {
    let mut count = 0;
    for case in cases() {
        for (checked, finding, fix) in all_fixes(&case) {
            let before = files(&case);
            let after = fixed(&before, &fix).unwrap();
            let sql = before.iter().filter(|(path, _)| path.ends_with(".sql"));
            for (path, old) in sql.filter(|_| finding.code != "unused-ignore") {
                let comments = |text: &[u8]| -> Vec<String> {
                    let text = String::from_utf8_lossy(text).into_owned();
                    let lines = text
                        .lines()
                        .filter_map(|line| Some(line.split_once("--")?.1));
                    lines.map(|comment| comment.trim().to_owned()).collect()
                };
                let (was, now) = (comments(old), comments(&after[path]));
                let at = checked.shown(&finding);
                assert_eq!(was, now, "\"{}\" for {at}", fix.title);
                count += usize::from(after[path] != *old);
            }
        }
    }
    assert!(count > 10, "only {count} texts of SQL were edited");
}

#[test]
fn titles_are_those_of_the_fixes() {
    for case in cases() {
        let checked = check_case(&case);
        for finding in &checked.findings {
            let fixes = checked.fixes(finding).into_iter();
            let outlines = checks::fixes(
                &checked.snapshot,
                checked.base.as_ref(),
                finding,
                Detail::Title,
            );
            let titles: Vec<String> = outlines.into_iter().map(|fix| fix.title).collect();
            // A title may be offered where the text then allows no edit, never the other way round.
            for fix in fixes {
                assert!(titles.contains(&fix.title), "{}: {}", case.name, fix.title);
            }
        }
    }
}

/// To find out whether anything can be recorded needs no edit of a text.
#[test]
fn what_can_not_be_recorded_is_not_listed() {
    let mut count = 0;
    for case in cases() {
        let checked = check_case(&case);
        let findings = checked.findings.iter();
        for finding in findings.filter(|finding| finding.code == "open-amendment") {
            let base = checked.base.as_ref();
            let titles = checks::fixes(&checked.snapshot, base, finding, Detail::Title);
            let (titles, fixes) = (titles.len(), checked.fixes(finding).len());
            assert_eq!(titles, fixes, "{}: {}", case.name, checked.shown(finding));
            count += usize::from(fixes == 0);
        }
    }
    assert!(count > 5, "only {count} were not listed");
}

/// What it was meant to be is for people to say.
#[test]
fn a_part_of_a_text_is_neither_moved_nor_quoted() {
    let spec = "product: p\ntables:\n  - name: orders\n    columns:\n      \
                - {name: id, why: Joins a #2, description: x}\n      }\namendments:\n  - id: 1\n    \
                requirement: It must be so.\n    change: It is.\n    guarantees:\n      \
                - orders are nice to see #1 of them\n      - orders exists\n";
    let files = Files::from([("p.spec.yaml".to_owned(), spec.as_bytes().to_vec())]);
    let checked = workspace::check(&files);
    let titles = |code: &str| -> Vec<String> {
        let own = checked.findings.iter().filter(|own| own.code == code);
        let fixes = own.flat_map(|own| checked.fixes(own));
        fixes.map(|fix| fix.title).collect()
    };
    let no_title: [&str; 0] = [];
    assert_eq!(titles("text-cut-off"), ["Put the text in quotes"]);
    assert_eq!(titles("invalid-guarantee"), no_title);
}

/// A name under which something was agreed is no slip, and of two names nobody can tell which is meant.
#[test]
fn a_table_is_respelled_only_where_one_name_is_meant_and_nothing_hangs_on_the_other() {
    let respellings = |more: &str, sql: &[&str]| -> Vec<(String, bool)> {
        let spec =
            format!("product: p\ntables:\n  - name: ordres\n    why: It is asked for.\n{more}");
        let mut files = Files::from([("p.spec.yaml".to_owned(), spec.into_bytes())]);
        let sql = sql
            .iter()
            .map(|path| ((*path).to_owned(), b"select 1 as id".to_vec()));
        files.extend(sql);
        let checked = workspace::check(&files);
        let own = checked
            .findings
            .iter()
            .filter(|own| own.code == "phantom-table");
        let fixes = own.flat_map(|own| checked.fixes(own));
        let fixes = fixes.filter(|fix| fix.title.starts_with("Call it"));
        fixes.map(|fix| (fix.title, fix.preferred)).collect()
    };
    let meant = [("Call it `orders`, as the SQL does".to_owned(), true)];
    assert_eq!(respellings("", &["orders.sql"]), meant);
    assert_eq!(respellings("", &["shop.orders.sql"]), meant);
    assert_eq!(respellings("", &["orders.sql", "customers.sql"]), meant);
    let described = "  - name: order\n    why: It is asked for.\n";
    assert_eq!(respellings(described, &["orders.sql", "order.sql"]), meant);
    let nothing = [];
    assert_eq!(respellings("", &["customers.sql"]), nothing);
    assert_eq!(respellings("", &["orders.sql", "order.sql"]), nothing);
    assert_eq!(respellings("", &["a.orders.sql", "b.orders.sql"]), nothing);
    assert_eq!(
        respellings("    model: gone.sql\n", &["orders.sql"]),
        nothing
    );
    for agreed in [
        "amendments:\n  - id: 1\n    requirement: Wanted.\n    change: Done.\n    guarantees: ordres has one row per id\n",
        "amendments:\n  - id: 1\n    requirement: Wanted.\n    change: Done.\n    changes: [ordres.rows]\n",
        "  - name: lines\n    columns: [{name: id, references: ordres.id}]\n",
    ] {
        assert_eq!(respellings(agreed, &["orders.sql"]), nothing, "{agreed}");
    }
}

#[test]
fn at_most_one_fix_of_a_finding_is_preferred() {
    let mut preferred = 0;
    for case in cases() {
        let checked = check_case(&case);
        for finding in &checked.findings {
            let fixes = checked.fixes(finding).into_iter();
            let titles: Vec<String> = fixes
                .filter(|fix| fix.preferred)
                .map(|fix| fix.title)
                .collect();
            assert!(titles.len() <= 1, "{}: {titles:?}", case.name);
            preferred += titles.len();
        }
    }
    assert!(preferred > 100, "{preferred}");
}

#[test]
fn a_cursor_stands_in_what_a_fix_wrote() {
    for case in cases() {
        for (_, _, fix) in all_fixes(&case) {
            let Some((path, offset)) = &fix.cursor else {
                continue;
            };
            let after = fixed(&files(&case), &fix).unwrap();
            let path = path.strip_prefix(crate::workspace::ROOT).unwrap();
            let text = String::from_utf8(after[path.to_str().unwrap()].clone()).unwrap();
            let (before, rest) = text.split_at(usize::from(*offset));
            assert!(
                before.ends_with([' ', '"', '\'']),
                "{}: {before}|{rest}",
                fix.title
            );
            assert!(
                rest.starts_with(|first: char| first.is_alphanumeric()),
                "{before}|{rest}"
            );
        }
    }
}

/// SQL that no engine runs is not written: a column that is no key of the groups.
#[test]
fn a_column_is_not_selected_beside_groups_that_do_not_have_it() {
    let spec = "product: shop\ntables:\n  - name: orders\n    columns: [{name: id}]\namendments:\n  \
                - id: 1\n    requirement: Wanted.\n    change: tbd\n    guarantees: orders.status exists\n";
    let lines =
        "product: raw\ntables:\n  - name: raw.lines\n    columns: [{name: id}, {name: status}]\n";
    let offered = |sql: &str| {
        let texts = [
            ("shop.spec.yaml", spec),
            ("raw.spec.yaml", lines),
            ("orders.sql", sql),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        let checked = workspace::check(&texts.into());
        let mut findings = checked.findings.iter();
        let open = findings
            .find(|finding| finding.code == "not-yet-met")
            .unwrap();
        let titles = checked.fixes(open).into_iter().map(|fix| fix.title);
        titles.filter(|title| title.starts_with("Select")).count()
    };
    assert_eq!(offered("select id, quantity as total from raw.lines"), 1);
    for grouped in [
        "select id, sum(quantity) as total from raw.lines group by id",
        "select sum(quantity) as total from raw.lines",
        "with totals as (select id, status, quantity from raw.lines) \
         select id, sum(quantity) as total from totals group by 1",
    ] {
        assert_eq!(offered(grouped), 0, "{grouped}");
    }
}

/// Reads and checks files beside the base of another state.
fn checked_beside(files: &Files, other: &Checked) -> Checked {
    workspace::checked(files, other.base.clone())
}

fn all_fixes(case: &Case) -> Vec<(Checked, Finding, Fix)> {
    let checked = check_case(case);
    let findings = checked.findings.iter();
    let fixes = findings.flat_map(|finding| {
        let fixes = checked.fixes(finding);
        fixes
            .into_iter()
            .map(|fix| (checked.clone(), finding.clone(), fix))
            .collect::<Vec<_>>()
    });
    fixes.collect()
}

/// What ought to be mended, whatever it says and wherever it stands.
fn trouble(checked: &Checked) -> BTreeSet<(&'static str, Subject)> {
    let findings = checked.findings.iter();
    let findings = findings.filter(|finding| finding.severity >= Severity::Warning);
    findings
        .map(|finding| (finding.code, finding.subject.clone()))
        .collect()
}

fn yaml_texts(files: &Files) -> impl Iterator<Item = (String, String)> {
    let yaml = files
        .iter()
        .filter(|(path, _)| path.ends_with("yaml") || path.ends_with("yml"));
    yaml.map(|(path, text)| (path.clone(), String::from_utf8_lossy(text).into_owned()))
}

fn comments(text: &str) -> BTreeSet<String> {
    let lines = text.lines().filter_map(|line| {
        let at = if line.starts_with('#') {
            0
        } else {
            line.find(" #")?
        };
        Some(line.split_at(at).1.trim().to_owned())
    });
    lines.collect()
}
