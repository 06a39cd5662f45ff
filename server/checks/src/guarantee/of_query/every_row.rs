//! `orders keeps every row of raw.orders`, but for those that other sentences about the table ask to keep
//! out.

use super::{Asking, Level, last_names};
use crate::guarantee::AgreedSentence;
use crate::guarantee::binding::Scope;
use crate::guarantee::levels::{Depths, settle};
use meaning::guarantee::{self, Agreed, Answer, Formula};
use spec::guarantee::{Guarantee, Path, Sql};
use sql::facts::TableRef;
use sql::lower::free_expression;
use sql::relation::Expression;
use syntax::Name;

impl<'s> Asking<'_, 's> {
    /// Asks once, at the first level that reads the table.
    pub(super) fn every_row(&self, of: &Path) -> Option<Answer> {
        let mut waiting = self.context.sentences_about(self.table);
        let mut agreed = Agreed::default();
        for sentence in &waiting {
            self.name(sentence, &mut agreed);
        }
        let mut is_asked = false;
        settle(self.context, self.levels, Depths::Each, &mut |level| {
            if is_asked {
                return None;
            }
            // A name is looked for in the nearest level first.
            waiting.retain(|sentence| !self.bind(sentence, level, &mut agreed));
            let table = self.mention(level, &of.parts)?;
            is_asked = true;
            Some(guarantee::keeps_every_row(
                &level.subject,
                &table,
                &agreed,
                level.declared(),
            ))
        })
    }

    /// Adds the columns that a sentence names by which it asks rows to be kept out.
    fn name(&self, sentence: &AgreedSentence<'_>, agreed: &mut Agreed) {
        (*sentence.guarantee).clone().for_each_path(&mut |path| {
            for name in &path.parts {
                self.context.note_name(name);
            }
        });
        if let Guarantee::ExcludesRows { condition, .. } | Guarantee::OnlyHasRows { condition, .. } =
            &*sentence.guarantee
            && let Ok(free) = free_expression(&condition.text, self.dialect)
        {
            free.value.for_each(&mut |part| {
                if let Expression::Column { name, .. } = part {
                    agreed.names.insert(name.clone());
                }
            });
        }
    }

    /// Adds what a sentence asks to keep out, where its names are found at this level.
    fn bind(&self, sentence: &AgreedSentence<'_>, level: &Level<'s>, agreed: &mut Agreed) -> bool {
        match &*sentence.guarantee {
            Guarantee::ExcludesRows { condition, .. } => {
                self.condition(sentence, condition, level, &mut agreed.excluded)
            }
            Guarantee::OnlyHasRows { condition, .. } => {
                self.condition(sentence, condition, level, &mut agreed.required)
            }
            Guarantee::ExcludesMatching { other, on, .. } => {
                self.matched(other, on, level, &mut agreed.matching)
            }
            Guarantee::OnlyHasMatching { other, on, .. } => {
                self.matched(other, on, level, &mut agreed.unmatched)
            }
            _ => true,
        }
    }

    fn condition(
        &self,
        sentence: &AgreedSentence<'_>,
        condition: &Sql,
        level: &Level<'s>,
        formulas: &mut Vec<Formula>,
    ) -> bool {
        let scope = Scope {
            file: sentence.file,
            ..self.scope(level, None)
        };
        let Ok(condition) = free_expression(&condition.text, self.dialect) else {
            return false;
        };
        let bound = scope.formulas(&condition);
        // Of several readings none is known to be meant.
        if let Some([formula]) = bound.as_deref() {
            formulas.push(formula.clone());
        }
        bound.is_some()
    }

    fn matched(
        &self,
        other: &Path,
        on: &[Path],
        level: &Level<'s>,
        tables: &mut Vec<(TableRef, Vec<Name>)>,
    ) -> bool {
        let other = self.mention(level, &other.parts);
        let is_found = other.is_some();
        tables.extend(other.map(|other| (other, last_names(on))));
        is_found
    }
}
