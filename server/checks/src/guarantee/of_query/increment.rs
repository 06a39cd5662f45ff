//! What an incremental run makes of a sentence: it is to give columns the same values as a full refresh.

use super::Asking;
use index::relations::Run;
use meaning::guarantee::{Answer, Contradiction, Reason};
use spec::guarantee::Guarantee;

/// What an incremental run may do to a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nothing: it leaves out rows that are there already.
    None,
    /// It breaks it, and proves nothing of it otherwise: what it has from the table itself is not followed.
    Breaks,
    /// It breaks it, or leaves open whether it is kept.
    Keeps,
    /// It leaves open whether it is kept: values that it takes from the table itself are the agreed ones.
    LeavesOpen,
}

impl Asking<'_, '_> {
    /// The answer of both runs together, and the run that decides it.
    pub(super) fn with_increment(&self, answer: Answer) -> (Answer, Run) {
        let part = part(self.guarantee);
        if part == Part::None || matches!(answer, Answer::Contradicted(_)) {
            return (answer, self.levels.run);
        }
        let levels = self.levels.incremental();
        let Some(other) = (Asking { levels, ..*self }).settled() else {
            return (answer, self.levels.run);
        };
        match (part, other) {
            (Part::Breaks | Part::Keeps, Answer::Contradicted(broken)) => {
                let now = broken.now.map(|now| format!("{now} in an incremental run"));
                let broken = Contradiction { now, ..broken };
                (Answer::Contradicted(broken), Run::Incremental)
            }
            (Part::LeavesOpen, Answer::Contradicted(_)) if answer == Answer::Holds => {
                (Answer::Undecided(Reason::NoProof), Run::Incremental)
            }
            (Part::Keeps | Part::LeavesOpen, other) if answer == Answer::Holds => {
                (other, Run::Incremental)
            }
            _ => (answer, self.levels.run),
        }
    }
}

fn part(guarantee: &Guarantee) -> Part {
    match guarantee {
        Guarantee::Equals { .. } => Part::Breaks,
        Guarantee::HasType { .. }
        | Guarantee::NeverNull(_)
        | Guarantee::OneOf { .. }
        | Guarantee::InUnit { .. }
        | Guarantee::InZone { .. }
        | Guarantee::NeverComesFrom { .. } => Part::Keeps,
        Guarantee::ComesFrom { .. } | Guarantee::ComesUnchanged { .. } => Part::LeavesOpen,
        _ => Part::None,
    }
}
