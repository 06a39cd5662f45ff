//! An amendment that was edited or removed, put back as the branch started from it.

use super::amendment::{self, Draft};
use super::sheet::Sheet;
use super::{Fix, Fixing, draft};
use index::File;
use spec::model::{Amendment, AmendmentId};
use std::sync::Arc;
use syntax::yaml::Value;
use syntax::{Name, Placed, TextEdit, TextRange, TextSize};

/// An amendment as it was, and as it is now, if it is still there.
pub(crate) struct Rewritten<'f, 's> {
    fixing: &'f Fixing<'s>,
    /// The spec that is to state it.
    file: &'s File,
    id: AmendmentId,
    was: &'s Amendment,
    was_in: &'s File,
    was_text: Arc<str>,
    now: Option<&'s Amendment>,
}

impl<'f, 's> Rewritten<'f, 's> {
    /// The amendment `id` of `product` in the base, and in `file`.
    pub(crate) fn find(
        fixing: &'f Fixing<'s>,
        file: &'s File,
        product: &Name,
        id: &AmendmentId,
    ) -> Option<Self> {
        let base = fixing.base?;
        let is_it = |own: &&Amendment| own.id.as_ref().is_some_and(|own| own.value == *id);
        let mut files = base.product_files(product).into_iter();
        let (was_in, was) = files.find_map(|file| {
            let mut amendments = file.native_spec()?.amendments.iter();
            Some((file, amendments.find(is_it)?))
        })?;
        Some(Rewritten {
            fixing,
            file,
            id: id.clone(),
            was,
            was_in,
            was_text: base.text(was_in)?,
            now: file.native_spec()?.amendments.iter().find(is_it),
        })
    }

    /// Its text in the base.
    fn text(&self) -> Option<&str> {
        let range = self.was_in.range(self.was.entry);
        let text = self
            .was_text
            .get(range.start().into()..range.end().into())?;
        Some(text.trim_end())
    }

    /// A sheet on which it stands as it was.
    fn restored(&self) -> Option<Sheet<'s>> {
        let mut sheet = Sheet::open(self.fixing, self.file)?;
        if sheet.is_blank {
            return Some(sheet);
        }
        let text = self.fixing.snapshot.text(self.file)?;
        let edit = match self.now {
            Some(now) => {
                let own = trimmed(&text, self.file.range(now.entry))?;
                TextEdit::replace(own, self.text()?)
            }
            None => self.behind_the_one_before(&text)?,
        };
        sheet.take(vec![edit])?;
        Some(sheet)
    }

    /// Puts it behind the amendment that it stood behind, with the line break and the dash between them.
    fn behind_the_one_before(&self, text: &str) -> Option<TextEdit> {
        let was = &self.was_in.native_spec()?.amendments;
        let own = was.iter().position(|own| own.entry == self.was.entry)?;
        let before = was.get(own.checked_sub(1)?)?;
        let before_id = before.id.as_ref()?;
        let mut now = self.file.native_spec()?.amendments.iter();
        let is_before = |own: &&Amendment| {
            own.id
                .as_ref()
                .is_some_and(|id| id.value == before_id.value)
        };
        let behind = trimmed(text, self.file.range(now.find(is_before)?.entry))?.end();
        let old = trimmed(&self.was_text, self.was_in.range(before.entry))?;
        let range = TextRange::new(old.end(), self.was_in.range(self.was.entry).end());
        let written = self
            .was_text
            .get(range.start().into()..range.end().into())?;
        Some(TextEdit::insert(behind, written.trim_end()))
    }
}

/// The amendment as it was.
pub(crate) fn as_it_was(history: &Rewritten<'_, '_>) -> Option<Fix> {
    let title = format!("Restore amendment `{}`", history.id);
    let fix = history.restored()?.fix(title, None);
    Some(Fix {
        preferred: true,
        ..fix
    })
}

/// The amendment as it was, and a new one that guarantees what it was edited to say and supersedes what it
/// no longer says.
pub(crate) fn as_a_new_one(history: &Rewritten<'_, '_>) -> Option<Fix> {
    let now = history.now?;
    let words = |sentence: &Placed<String>| {
        sentence
            .value
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let gone = |from: &'_ [Placed<String>], to: &'_ [Placed<String>]| -> Vec<String> {
        let own = from
            .iter()
            .filter(|own| to.iter().all(|other| words(other) != words(own)));
        own.map(|own| own.value.trim().to_owned()).collect()
    };
    let new = gone(&now.guarantees, &history.was.guarantees);
    let old = gone(&history.was.guarantees, &now.guarantees);
    if new.is_empty() && old.is_empty() {
        return None;
    }
    let superseded = old
        .iter()
        .map(|sentence| amendment::superseded(history.was, sentence));
    let superseded: Option<Vec<Value>> = superseded.collect();
    let draft = Draft {
        id: amendment::free_id(history.fixing, history.file)?,
        requirement: None,
        change: match new.is_empty() {
            true => format!("It is no longer so that {}.", old.join(", ")),
            false => format!("From here on {}.", new.join(", ")),
        },
        changes: Vec::new(),
        supersedes: superseded?,
        is_guess: false,
        guarantees: new,
    };
    let mut sheet = history.restored()?;
    amendment::add(history.fixing, &mut sheet, &draft)?;
    let title = format!(
        "Restore amendment `{}`, and draft the edit as a new one",
        history.id
    );
    Some(sheet.fix(title, Some(draft::REQUIREMENT)))
}

/// `range` without the white space at its end.
fn trimmed(text: &str, range: TextRange) -> Option<TextRange> {
    let own = text.get(range.start().into()..range.end().into())?;
    Some(TextRange::at(range.start(), TextSize::of(own.trim_end())))
}
