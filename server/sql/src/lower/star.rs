//! What `*` stands for, and the columns that hide behind one that is not fully known.

use super::ColumnPlace;
use super::context::{Lowering, Remainder, StarRest};
use super::scope::{Binding, Columns, Found, Has, Merged};
use crate::relation::{Body, Column, Expression, RelationId, StarChange};
use sqlparser::ast::{
    ExcludeSelectItem, Ident, IdentWithAlias, ObjectName, RenameSelectItem, Spanned,
    WildcardAdditionalOptions,
};
use std::collections::HashMap;
use std::rc::Rc;
use syntax::Name;

/// What stands behind a `*`.
#[derive(Clone, Debug, Default)]
pub(super) struct StarOptions {
    /// Left out: `EXCEPT`, `EXCLUDE`.
    except: Vec<Name>,
    /// The same of one table: its name, and the column's.
    except_of: Vec<(Vec<Name>, Name)>,
    /// From and to: `RENAME`.
    rename: Vec<(Name, Name)>,
    /// New values: `REPLACE`.
    replace: Vec<(Name, Expression)>,
    /// Only names like this: `ILIKE`.
    like: Option<String>,
    /// The columns that are mentioned to be left out or renamed.
    mentioned: Vec<Ident>,
    /// Where names are written that columns get here: `RENAME`, `REPLACE`.
    written: Vec<(Name, ColumnPlace)>,
}

/// The columns of a `*`.
#[derive(Clone, Debug, Default)]
pub(super) struct Expanded {
    /// Those that are known, in order.
    pub(super) columns: Vec<(Option<Name>, Expression)>,
    /// Where further ones may come from.
    pub(super) rest: Vec<StarRest>,
    /// There are more than are written out.
    pub(super) too_many: bool,
}

/// Relations are looked through this deep for a column behind stars.
const DEPTH: usize = 200;

impl Lowering<'_> {
    /// Reads what stands behind a `*`.
    pub(super) fn star_options(&mut self, options: &WildcardAdditionalOptions) -> StarOptions {
        let mut read = StarOptions {
            mentioned: mentioned(options),
            written: self.written(options),
            ..StarOptions::default()
        };
        if let Some(except) = &options.opt_except {
            read.except.push(Name::new(&except.first_element.value));
            let others = except.additional_elements.iter();
            read.except
                .extend(others.map(|ident| Name::new(&ident.value)));
        }
        match &options.opt_exclude {
            Some(ExcludeSelectItem::Single(name)) => read.leave_out(name),
            Some(ExcludeSelectItem::Multiple(names)) => {
                names.iter().for_each(|name| read.leave_out(name));
            }
            None => {}
        }
        let renamed = |pair: &IdentWithAlias| {
            let (from, to) = (&pair.ident.value, &pair.alias.value);
            (Name::new(from), Name::new(to))
        };
        match &options.opt_rename {
            Some(RenameSelectItem::Single(pair)) => read.rename.push(renamed(pair)),
            Some(RenameSelectItem::Multiple(pairs)) => {
                read.rename.extend(pairs.iter().map(renamed));
            }
            None => {}
        }
        if let Some(replace) = &options.opt_replace {
            for element in &replace.items {
                let value = self.expression(&element.expr);
                read.replace
                    .push((Name::new(&element.column_name.value), value));
            }
        }
        read.like = options.opt_ilike.as_ref().map(|like| like.pattern.clone());
        read
    }

    /// Where names are written that columns get behind a `*`.
    fn written(&self, options: &WildcardAdditionalOptions) -> Vec<(Name, ColumnPlace)> {
        let renamed: &[IdentWithAlias] = match &options.opt_rename {
            Some(RenameSelectItem::Single(pair)) => std::slice::from_ref(pair),
            Some(RenameSelectItem::Multiple(pairs)) => pairs,
            None => &[],
        };
        let replaced = options.opt_replace.iter();
        let replaced = replaced.flat_map(|replace| &replace.items);
        let replaced = replaced.map(|element| {
            let item = self.range_of(element.span());
            (&element.column_name, item)
        });
        let renamed = renamed.iter().map(|pair| (&pair.alias, None));
        let written = replaced.chain(renamed).filter_map(|(ident, item)| {
            let name = self.range_of(ident.span)?;
            let place = ColumnPlace {
                item: item.unwrap_or(name).cover(name),
                name,
                by_macro: false,
            };
            Some((Name::new(&ident.value), place))
        });
        written.collect()
    }

    /// All columns of `bindings`, as `*` gives them. `merged` are those that `USING` made one of two.
    pub(super) fn expand(
        &self,
        bindings: &[Rc<Binding>],
        merged: &[Merged],
        options: &StarOptions,
    ) -> Expanded {
        let mut expanded = Expanded::default();
        for binding in bindings {
            let (columns, open) = self.columns_of(binding);
            // Stars over stars double their columns at each step.
            let left = self.columns_left.get().checked_sub(columns.len());
            let Some(left) = left else {
                expanded.too_many = true;
                return expanded;
            };
            self.columns_left.set(left);
            for (name, value) in columns {
                let one = merged.iter().find(|one| Some(&one.name) == name.as_ref());
                let value = one.map_or(value, |one| one.value.clone());
                let hidden = name.as_ref().is_some_and(|name| {
                    binding.hidden.contains(name)
                        || options.except.contains(name)
                        || options.excluded_of(binding).any(|own| own == name)
                });
                if !hidden && options.admits(name.as_ref()) {
                    expanded.columns.push(options.changed(name, value));
                }
            }
            if open {
                let mut except = binding.hidden.clone();
                except.extend(options.except.iter().cloned());
                except.extend(options.excluded_of(binding).cloned());
                expanded.rest.push(StarRest {
                    binding: Rc::clone(binding),
                    except,
                    options: options.clone(),
                });
            }
        }
        expanded
    }

    /// Notes what stands behind a `*` over `bindings` as mentions of their columns.
    pub(super) fn note_options(&mut self, bindings: &[Rc<Binding>], options: &StarOptions) {
        for ident in &options.mentioned {
            let name = Name::new(&ident.value);
            let mut having = bindings.iter();
            if let Some(binding) = having.find(|own| self.has(own, &name) != Has::No) {
                let value = self.column_of(binding, &name);
                self.note(ident, &Found::value(value));
            }
        }
    }

    /// Whether the relation has a column of that name behind its first `skipped` ones.
    pub(super) fn relation_has(&self, id: RelationId, skipped: usize, name: &Name) -> Has {
        let Some(relation) = self.relations.get(id.0 as usize) else {
            return Has::Perhaps;
        };
        let mut named = relation.columns.iter().skip(skipped);
        if named.any(|column| column.name.as_ref() == Some(name)) {
            Has::Yes
        } else if relation.open && self.may_hide(id, name, DEPTH, &mut HashMap::new()) {
            Has::Perhaps
        } else {
            Has::No
        }
    }

    /// Whether a column of that name may stand behind the stars of an open relation.
    /// `answers` are those that were given already: a relation may be read many times. While a question
    /// is being answered, it is no by way of itself.
    fn may_hide(
        &self,
        id: RelationId,
        name: &Name,
        depth: usize,
        answers: &mut HashMap<(RelationId, Name), bool>,
    ) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        if let Some(answer) = answers.get(&(id, name.clone())) {
            return *answer;
        }
        answers.insert((id, name.clone()), false);
        let answer = self.hides(id, name, depth, answers);
        answers.insert((id, name.clone()), answer);
        answer
    }

    fn hides(
        &self,
        id: RelationId,
        name: &Name,
        depth: usize,
        answers: &mut HashMap<(RelationId, Name), bool>,
    ) -> bool {
        match self.remainders.get(&id) {
            Some(Remainder::Stars(stars)) => stars.iter().any(|star| {
                star.original(name)
                    .is_some_and(|original| match &star.binding.columns {
                        Columns::Relation(inner, names) => {
                            !names.contains(&original)
                                && self
                                    .relations
                                    .get(inner.0 as usize)
                                    .is_some_and(|inner| inner.open)
                                && self.may_hide(*inner, &original, depth, answers)
                        }
                        _ => self.has(&star.binding, &original) != Has::No,
                    })
            }),
            Some(Remainder::Branches(left, right)) => [left, right].into_iter().all(|branch| {
                let relation = self.relation(*branch);
                relation.is_none_or(|relation| {
                    relation.position(name).is_some()
                        || relation.open && self.may_hide(*branch, name, depth, answers)
                })
            }),
            Some(Remainder::Unknown) | None => true,
        }
    }

    /// The position of a column of that name behind the first `skipped` ones, made where it stands
    /// behind a `*`.
    pub(super) fn demand(&mut self, id: RelationId, skipped: usize, name: &Name) -> Option<usize> {
        let relation = self.relations.get(id.0 as usize)?;
        let listed = relation.columns.iter().enumerate().skip(skipped);
        let mut named = listed.filter(|(_, column)| column.name.as_ref() == Some(name));
        if let Some((position, _)) = named.next() {
            return Some(position);
        }
        if !relation.open || self.demanding >= DEPTH {
            return None;
        }
        self.demanding += 1;
        let made = self.made(id, name);
        self.demanding -= 1;
        made
    }

    fn made(&mut self, id: RelationId, name: &Name) -> Option<usize> {
        match self.remainders.get(&id) {
            Some(Remainder::Stars(stars)) => {
                let behind = stars.iter().filter_map(|star| {
                    let original = star.original(name)?;
                    Some((Rc::clone(&star.binding), original))
                });
                let behind: Vec<(Rc<Binding>, Name)> = behind.collect();
                // Behind the only star it is, if anywhere: to ask first at each step would cost the
                // square of the depth.
                if let [(binding, original)] = behind.as_slice()
                    && let Columns::Relation(inner, names) = &binding.columns
                    && !names.contains(original)
                {
                    let position = self.demand(*inner, names.len(), original)? as u32;
                    let input = binding.input;
                    return self.add_column(id, name, Some(Expression::Output { input, position }));
                }
                let mut values = Vec::new();
                for (binding, original) in behind {
                    if self.has(&binding, &original) != Has::No {
                        values.push(self.column_of(&binding, &original));
                    }
                }
                let value = match values.len() {
                    0 => return None,
                    1 => values.remove(0),
                    _ => super::scope::ambiguous(values),
                };
                self.add_column(id, name, Some(value))
            }
            Some(Remainder::Branches(left, right)) => {
                let (left, right) = (*left, *right);
                let left = self.demand(left, 0, name)?;
                let right = self.demand(right, 0, name)?;
                // The branches were arranged so that a column has the same place in both.
                if left != right {
                    return None;
                }
                self.add_column(id, name, None)
            }
            Some(Remainder::Unknown) | None => self.add_column(id, name, None),
        }
    }

    fn add_column(
        &mut self,
        id: RelationId,
        name: &Name,
        value: Option<Expression>,
    ) -> Option<usize> {
        let item = self
            .places
            .get(id.0 as usize)
            .and_then(|places| places.star)
            .unwrap_or_default();
        let relation = self.relations.get_mut(id.0 as usize)?;
        relation.columns.push(Column {
            name: Some(name.clone()),
            implicit: true,
        });
        if let (Body::Select(select), Some(value)) = (&mut relation.body, value) {
            select.projection.push(value);
        }
        let position = relation.columns.len() - 1;
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.columns.push(item);
        }
        Some(position)
    }

    /// What a wildcard inside an expression stands for; `None` where that is not fully known.
    pub(super) fn wildcard_values(&self, qualifier: Option<&[Name]>) -> Option<Vec<Expression>> {
        let scope = self.scopes.last()?;
        let bindings: Vec<Rc<Binding>> = scope
            .bindings
            .iter()
            .filter(|binding| match qualifier {
                Some(qualifier) => binding.is_called(qualifier),
                None => binding.in_star,
            })
            .cloned()
            .collect();
        let expanded = self.expand(&bindings, &scope.merged, &StarOptions::default());
        let values = expanded.columns.into_iter().map(|(_, value)| value);
        let known = expanded.rest.is_empty() && !expanded.too_many;
        known.then(|| values.collect())
    }
}

impl StarOptions {
    /// Has the columns of that name left out, or that of the table before it.
    fn leave_out(&mut self, name: &ObjectName) {
        let parts = name.0.iter();
        let parts: Option<Vec<Name>> = parts
            .map(|part| Some(Name::new(&part.as_ident()?.value)))
            .collect();
        let mut parts = parts.unwrap_or_default();
        match parts.pop() {
            Some(own) if parts.is_empty() => self.except.push(own),
            Some(own) => self.except_of.push((parts, own)),
            None => {}
        }
    }

    /// The columns of `binding` alone that are left out.
    fn excluded_of(&self, binding: &Binding) -> impl Iterator<Item = &Name> {
        let own = self.except_of.iter();
        let own = own.filter(|(table, _)| binding.is_called(table));
        own.map(|(_, name)| name)
    }

    /// Whether a column of that name is left out.
    pub(super) fn excludes(&self, name: &Name) -> bool {
        self.except.contains(name)
    }

    /// The names of the columns that are left out.
    pub(super) fn excluded(&self) -> impl Iterator<Item = Name> {
        self.except.iter().cloned()
    }

    /// Where the name is written that a column gets here.
    pub(super) fn place_of(&self, name: &Name) -> Option<ColumnPlace> {
        let mut written = self.written.iter();
        let (_, place) = written.find(|(own, _)| own == name)?;
        Some(*place)
    }

    /// What is left of `columns`, as it is changed.
    pub(super) fn applied(
        &self,
        columns: Vec<(Option<Name>, Expression)>,
    ) -> Vec<(Option<Name>, Expression)> {
        let kept = columns.into_iter().filter(|(name, _)| {
            let left_out = name.as_ref().is_some_and(|name| self.excludes(name));
            !left_out && self.admits(name.as_ref())
        });
        kept.map(|(name, value)| self.changed(name, value))
            .collect()
    }

    fn admits(&self, name: Option<&Name>) -> bool {
        match (&self.like, name) {
            (Some(pattern), Some(name)) => is_like(name.as_str(), pattern),
            _ => true,
        }
    }

    fn changed(&self, name: Option<Name>, value: Expression) -> (Option<Name>, Expression) {
        let Some(name) = name else {
            return (None, value);
        };
        let replaced = self.replace.iter().find(|(own, _)| *own == name);
        let value = replaced.map_or(value, |(_, new)| new.clone());
        let renamed = self.rename.iter().find(|(from, _)| *from == name);
        (Some(renamed.map_or(name, |(_, to)| to.clone())), value)
    }
}

impl StarRest {
    /// What it does to columns that are not known; `None` where it makes new ones of them.
    pub(super) fn changes(&self) -> Option<Vec<StarChange>> {
        if !self.options.replace.is_empty() {
            return None;
        }
        let mut changes = Vec::new();
        if !self.except.is_empty() {
            let mut except = self.except.clone();
            except.sort();
            except.dedup();
            changes.push(StarChange::Except(except));
        }
        if let Some(like) = &self.options.like {
            changes.push(StarChange::Like(like.to_lowercase().into()));
        }
        if !self.options.rename.is_empty() {
            let mut rename = self.options.rename.clone();
            rename.sort();
            changes.push(StarChange::Rename(rename));
        }
        Some(changes)
    }

    /// What a column that comes through the star as `name` is called there; `None` where none of
    /// that name comes through.
    pub(super) fn original(&self, name: &Name) -> Option<Name> {
        if let Some((from, _)) = self.options.rename.iter().find(|(_, to)| to == name) {
            return Some(from.clone());
        }
        let renamed = self.options.rename.iter().any(|(from, _)| from == name);
        let gone = renamed || self.except.contains(name) || !self.options.admits(Some(name));
        (!gone).then(|| name.clone())
    }
}

/// The names in the options that are columns of the table before the star.
fn mentioned(options: &WildcardAdditionalOptions) -> Vec<Ident> {
    let mut idents = Vec::new();
    if let Some(except) = &options.opt_except {
        idents.push(except.first_element.clone());
        idents.extend(except.additional_elements.iter().cloned());
    }
    let own = |name: &ObjectName| name.0.last()?.as_ident().cloned();
    match &options.opt_exclude {
        Some(ExcludeSelectItem::Single(name)) => idents.extend(own(name)),
        Some(ExcludeSelectItem::Multiple(names)) => idents.extend(names.iter().filter_map(own)),
        None => {}
    }
    match &options.opt_rename {
        Some(RenameSelectItem::Single(pair)) => idents.push(pair.ident.clone()),
        Some(RenameSelectItem::Multiple(pairs)) => {
            idents.extend(pairs.iter().map(|pair| pair.ident.clone()));
        }
        None => {}
    }
    idents
}

/// `LIKE` without regard to case.
fn is_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    // How much of the text each prefix of the pattern can take, one prefix after the other.
    let mut ends = vec![false; text.len() + 1];
    if let Some(first) = ends.first_mut() {
        *first = true;
    }
    for sign in pattern {
        let mut next = vec![false; text.len() + 1];
        let mut reached = false;
        for (at, slot) in next.iter_mut().enumerate() {
            let here = ends.get(at).copied().unwrap_or_default();
            reached |= here;
            let before = at.checked_sub(1);
            let taken = before.and_then(|before| {
                let own = text.get(before)?;
                let end = ends.get(before)?;
                Some(*end && (sign == '_' || *own == sign))
            });
            *slot = if sign == '%' {
                reached
            } else {
                taken.unwrap_or_default()
            };
        }
        ends = next;
    }
    ends.last().copied().unwrap_or_default()
}

/// A name that nothing has.
pub(super) fn nothing() -> Expression {
    Found::nothing().value
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn names_are_like_patterns() {
        assert!(is_like("ORDER_ID", "%id"));
        assert!(is_like("order_id", "order__d"));
        assert!(!is_like("order_id", "id%"));
        assert!(is_like("", "%"));
        assert!(!is_like("a", ""));
    }
}
