//! Text that merely moves leaves the facts equal, and no name is made up.

use crate::corpus::files;
use crate::render::{options, slice};
use sql::analyze;
use sql::facts::Output;

#[test]
fn moved_text_leaves_the_facts_equal() {
    for file in files() {
        let options = options(&file.dialect);
        let facts = analyze(&file.text, &options).facts;
        let spread = file.text.replace('\n', "\n\n");
        for moved in [
            format!("\n\n{}", file.text),
            format!("-- a comment\n{}", file.text),
            format!("{{# a comment #}}{}", file.text),
            format!("{}\n-- a comment\n", file.text),
            spread,
            file.text.replace('\n', "\r\n"),
        ] {
            let again = analyze(&moved, &options).facts;
            assert_eq!(facts, again, "{}", file.path.display());
        }
    }
}

#[test]
fn every_name_is_a_name_of_the_text() {
    for file in files() {
        let analysis = analyze(&file.text, &options(&file.dialect));
        for model in &analysis.facts.models {
            for output in &model.outputs {
                let Output::Column(column) = output else {
                    continue;
                };
                let written = slice(&file.text, analysis.places.range(column.name_spot));
                let name = written.trim_matches(['"', '`', '\'', '[', ']']);
                assert_eq!(name, column.name.as_str(), "{}", file.path.display());
            }
        }
    }
}

#[test]
fn the_fixtures_parse() {
    for file in files() {
        let analysis = analyze(&file.text, &options(&file.dialect));
        assert_eq!(analysis.problems, [], "{}", file.path.display());
        assert!(sql::parses(&file.text, &options(&file.dialect)));
    }
}
