//! The codes: what each diagnostic is called, what it says of itself, and how it is checked.

use crate::context::Context;
use crate::documentation;
use crate::finding::Finding;
use crate::fix::{Fix, Fixing};
use index::configuration::Level;
use index::{File, Table};
use syntax::Name;

/// A diagnostic.
#[derive(Debug)]
pub struct Code {
    /// Its stable name, such as `missing-why`.
    pub name: &'static str,
    /// How much its findings matter where nobody asked for another level.
    pub default: Level,
    /// What it says, as one sentence.
    pub summary: &'static str,
    /// Whether an ignore comment silences it. Errors about amendments can't be silenced: another
    /// amendment is the way.
    pub can_be_silenced: bool,
    /// The file that it is written in, whose first comment documents it.
    pub(crate) source: &'static str,
    /// How it is checked.
    pub(crate) check: Check,
    /// What would settle a finding, the likeliest first.
    pub(crate) fixes: fn(&Fixing<'_>, &Finding) -> Vec<Fix>,
}

/// How a diagnostic is checked: a function for each kind of unit that it answers for. Each adds
/// what it finds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check {
    /// What the text of one file tells.
    pub(crate) file: fn(&Context<'_>, &File, &mut Vec<Finding>),
    /// What everything that is known of one table tells.
    pub(crate) table: fn(&Context<'_>, &Table, &mut Vec<Finding>),
    /// What all files of one product tell.
    pub(crate) product: fn(&Context<'_>, &Name, &mut Vec<Finding>),
}

impl Check {
    /// Answers for nothing.
    pub(crate) const NOTHING: Check = Check {
        file: |_, _, _| {},
        table: |_, _, _| {},
        product: |_, _, _| {},
    };
}

/// What settles the findings of a diagnostic that has no fix.
pub(crate) fn no_fix(_: &Fixing<'_>, _: &Finding) -> Vec<Fix> {
    Vec::new()
}

/// Every diagnostic, in the order of the names.
const CODES: &[&Code] = &[
    &crate::ambiguous_name::CODE,
    &crate::analysis_failed::CODE,
    &crate::conflicting_amendments::CODE,
    &crate::contradicts_amendment::CODE,
    &crate::contradicts_declaration::CODE,
    &crate::duplicate_id::CODE,
    &crate::duplicate_name::CODE,
    &crate::guarantee_at_risk::CODE,
    &crate::invalid_configuration::CODE,
    &crate::invalid_guarantee::CODE,
    &crate::invalid_spec::CODE,
    &crate::invalid_yaml::CODE,
    &crate::missing_description::CODE,
    &crate::missing_why::CODE,
    &crate::not_yet_met::CODE,
    &crate::open_amendment::CODE,
    &crate::phantom_column::CODE,
    &crate::phantom_table::CODE,
    &crate::rebound_name::CODE,
    &crate::rewritten_history::CODE,
    &crate::text_cut_off::CODE,
    &crate::undocumented_column::CODE,
    &crate::undocumented_table::CODE,
    &crate::unknown_amendment::CODE,
    &crate::unknown_name::CODE,
    &crate::unparsable_sql::CODE,
    &crate::unrecorded_change::CODE,
    &crate::unused_ignore::CODE,
    &crate::why_repeats_name::CODE,
    &crate::yaml_1_1_value::CODE,
];

/// Every diagnostic, in the order of the names.
pub fn codes() -> &'static [&'static Code] {
    CODES
}

/// The diagnostic of that name.
pub fn code(name: &str) -> Option<&'static Code> {
    CODES.iter().copied().find(|code| code.name == name)
}

impl Code {
    /// What it says, why it matters, an example and what to do, as Markdown with these headings.
    pub fn documentation(&self) -> String {
        documentation::harvest(self.source)
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_kebab_case_and_found_by_name() {
        assert!(codes().is_sorted_by(|left, right| left.name < right.name));
        for known in codes() {
            let plain = |letter: char| letter.is_ascii_lowercase() || "-.1".contains(letter);
            assert!(known.name.chars().all(plain), "{}", known.name);
            assert_eq!(code(known.name), Some(*known));
            assert!(known.summary.ends_with('.'), "{}", known.name);
        }
        assert_eq!(code("missing-wyh"), None);
    }

    #[test]
    fn every_code_is_documented_under_the_same_headings() {
        for known in codes() {
            let documentation = known.documentation();
            let headings: Vec<&str> = documentation
                .lines()
                .filter_map(|line| line.strip_prefix("## "))
                .collect();
            let expected = ["What it says", "Why it matters", "Example", "Fix"];
            assert_eq!(headings, expected, "{}", known.name);
            for section in documentation.split("## ").skip(1) {
                let body = section.split_once('\n').map_or("", |(_, body)| body);
                assert!(body.trim().len() > 20, "{}: {section}", known.name);
            }
        }
    }
}
