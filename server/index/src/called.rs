//! Which macro a call in a template leads to, and who calls a macro.
//!
//! Where calls and macros stand is told by the facts of their files, so no text is read for it. What only a
//! run could tell, such as what `adapter.dispatch` gives, leads nowhere.

use crate::file::{File, FileId};
use crate::snapshot::Snapshot;
use smol_str::SmolStr;
use spec::model::DescribedMacro;
use sql::facts::{Macro, MacroCall};

/// What a macro is known by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MacroKey {
    /// The file that defines it.
    pub file: FileId,
    /// Its name.
    pub name: SmolStr,
}

impl Snapshot {
    /// A macro, and the file that defines it. Of two of the same name in it the later one holds.
    pub fn macro_of(&self, key: &MacroKey) -> Option<(&File, &Macro)> {
        let file = self.file(key.file)?;
        let mut macros = file.sql()?.macros.iter();
        Some((file, macros.rfind(|own| own.name == key.name)?))
    }

    /// The macro that a call in `file` leads to; `None` where no file of the workspace defines it.
    pub fn macro_called(&self, file: &File, call: &MacroCall) -> Option<MacroKey> {
        self.macro_named(file, call.package.as_ref(), &call.name)
    }

    /// The macro that a template in `file` means by a name, behind that of a package or not.
    pub fn macro_named(
        &self,
        file: &File,
        package: Option<&SmolStr>,
        name: &SmolStr,
    ) -> Option<MacroKey> {
        let key = |file: FileId| MacroKey {
            file,
            name: name.clone(),
        };
        let own = key(file.id);
        if package.is_none() && self.macro_of(&own).is_some() {
            return Some(own);
        }
        let found = key(self.file_of_named(file, package, name)?);
        self.macro_of(&found).is_some().then_some(found)
    }

    /// The macros that a template in `file` may call, in the order of their names, each with the package that
    /// must be named: those of its own project, for which none must, come first.
    pub fn macros_callable(&self, file: &File) -> Vec<(Option<SmolStr>, MacroKey)> {
        let (mut own, others): (Vec<_>, Vec<_>) = self
            .macros_by_package(file)
            .into_iter()
            .partition(|(package, _)| package.is_none());
        own.extend(others);
        own
    }

    /// The calls of a macro, by files in the order of their paths, each in the order of the text.
    pub fn macro_calls(&self, key: &MacroKey) -> Vec<(&File, &MacroCall)> {
        let named = self.files.values().flat_map(|file| {
            let calls = file.sql().map_or(&[][..], |sql| &sql.calls);
            let named = calls.iter().filter(|call| call.name == key.name);
            named.map(move |call| (file, call))
        });
        let calls =
            named.filter(|(file, call)| self.macro_called(file, call).as_ref() == Some(key));
        in_order_of_paths(calls.collect())
    }

    /// The macro that an entry of a properties file describes.
    pub fn macro_described(&self, file: &File, entry: &DescribedMacro) -> Option<MacroKey> {
        let key = MacroKey {
            file: self.file_of_own_macro(file, &entry.name.value)?,
            name: SmolStr::new(&entry.name.value),
        };
        self.macro_of(&key).is_some().then_some(key)
    }

    /// The entries of properties files that describe a macro, by files in the order of their paths.
    pub fn macro_descriptions(&self, key: &MacroKey) -> Vec<(&File, &DescribedMacro)> {
        let named = self.files.values().flat_map(|file| {
            let entries = file.described_macros().iter();
            let named = entries.filter(|entry| entry.name.value == key.name);
            named.map(move |entry| (file, entry))
        });
        let entries =
            named.filter(|(file, entry)| self.macro_described(file, entry).as_ref() == Some(key));
        in_order_of_paths(entries.collect())
    }
}

/// What was found in files, by files in the order of their paths: sorting all files first would cost more.
fn in_order_of_paths<T>(mut found: Vec<(&File, T)>) -> Vec<(&File, T)> {
    found.sort_by(|left, right| left.0.path.cmp(&right.0.path));
    found
}
