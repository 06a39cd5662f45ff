//! What happens to files.

use proptest::prelude::*;

/// What happens to a file of the workspace; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
pub(super) enum Step {
    DropLine {
        file: usize,
        line: usize,
    },
    RepeatLine {
        file: usize,
        line: usize,
    },
    InsertBlankLine {
        file: usize,
        line: usize,
    },
    CutOff {
        file: usize,
        line: usize,
    },
    Restore {
        file: usize,
    },
    Delete {
        file: usize,
    },
    CopyFrom {
        file: usize,
        other: usize,
    },
    /// Another digit in the place of one: the facts of a SQL file often stay as they are.
    ChangeDigit {
        file: usize,
        digit: usize,
    },
    /// One word of the file in the place of another one.
    ChangeWord {
        file: usize,
        word: usize,
        to: usize,
    },
    /// One word in the other letter case: names stay the same, and are shown otherwise.
    ChangeCase {
        file: usize,
        word: usize,
    },
}

/// Any of them.
pub(super) fn step() -> impl Strategy<Value = Step> {
    let (file, line) = (0usize..8, 0usize..40);
    prop_oneof![
        (file.clone(), line.clone()).prop_map(|(file, line)| Step::DropLine { file, line }),
        (file.clone(), line.clone()).prop_map(|(file, line)| Step::RepeatLine { file, line }),
        (file.clone(), line.clone()).prop_map(|(file, line)| Step::InsertBlankLine { file, line }),
        (file.clone(), line).prop_map(|(file, line)| Step::CutOff { file, line }),
        file.clone().prop_map(|file| Step::Restore { file }),
        file.clone().prop_map(|file| Step::Delete { file }),
        (file.clone(), file.clone()).prop_map(|(file, other)| Step::CopyFrom { file, other }),
        (file.clone(), 0usize..20).prop_map(|(file, digit)| Step::ChangeDigit { file, digit }),
        (file.clone(), 0usize..200, 0usize..200).prop_map(|(file, word, to)| Step::ChangeWord {
            file,
            word,
            to
        }),
        (file, 0usize..200).prop_map(|(file, word)| Step::ChangeCase { file, word }),
    ]
}
