//! A rendered text as the mask that the rest of the crate reads: its holes are what stands for
//! something.

use super::output::{Rendered, StandsFor};
use crate::analysis::{Problem, problems_of};
use crate::dialect::Dialect;
use crate::facts::TableRef;
use crate::template::{Hole, Mask, Meaning};

impl Rendered {
    /// The rendered text as a mask. Its offsets are those of the rendered text;
    /// [`Rendered::source_range`] leads from them to the file.
    pub(crate) fn mask(&self) -> Mask {
        let holes = self.holes.iter().map(|hole| Hole {
            range: hole.range,
            meaning: match &hole.stands_for {
                StandsFor::Table(table) => Meaning::Table(table.clone()),
                StandsFor::This => Meaning::Table(TableRef::Unknown),
                StandsFor::Unknown(_) => Meaning::Unknown,
            },
            tables: Vec::new(),
        });
        Mask {
            text: self.text.clone(),
            holes: holes.collect(),
            ..Mask::default()
        }
    }

    /// The statements of the rendered text that do not parse; ranges are those of the rendered
    /// text.
    pub fn problems(&self, dialect: Dialect) -> Vec<Problem> {
        problems_of(&self.mask(), dialect)
    }
}
