//! Edits of the names by which a query calls its inputs.

use super::super::model::{Model, fresh, spell};
use super::super::scope::{
    Site, alias, alias_mut, alias_of, edit_block, factors, factors_mut, input, inputs, requalify,
};
use super::super::tree::{Block, aliases, any, key, own_expressions, places};
use super::Draft;
use sqlparser::ast::{Expr, TableFactor};
use sqlparser::tokenizer::Token;

/// A CTE by another name. It is done on the tokens, so that the rest of the text stays; every
/// mention of the name must be one that can be nothing else.
pub(crate) fn cte_renamed(model: &Model) -> Vec<Draft> {
    let solid: Vec<(usize, &Token)> = model
        .tokens
        .iter()
        .enumerate()
        .map(|(index, piece)| (index, &piece.token))
        .filter(|(_, token)| !matches!(token, Token::Whitespace(_)))
        .collect();
    let mut drafts = Vec::new();
    for (at, (_, token)) in solid.iter().enumerate() {
        let Some(name) = bare_word(token).filter(|_| defines(&solid, at)) else {
            continue;
        };
        let mentions: Vec<usize> = (0..solid.len())
            .filter(|other| bare_word(solid[*other].1) == Some(name.clone()))
            .collect();
        let all_known = mentions
            .iter()
            .all(|other| *other == at || mentions_table(&solid, *other));
        if !all_known || model.template.tags_say(&name) || is_another_table_too(model, &name) {
            continue;
        }
        let new = model.fresh(&format!("{name}_renamed"));
        let mut tokens = model.tokens.clone();
        for mention in mentions {
            tokens[solid[mention].0].text.clone_from(&new);
        }
        let description = format!("CTE `{name}` becomes `{new}`");
        drafts.push(Draft {
            masked: spell(&tokens),
            description,
        });
    }
    drafts
}

/// Whether a block that reads another table of that name, without an alias, qualifies columns
/// with it.
fn is_another_table_too(model: &Model, name: &str) -> bool {
    if !model
        .template
        .names
        .values()
        .any(|known| known.eq_ignore_ascii_case(name))
    {
        return false;
    }
    let Some(query) = &model.query else {
        return true;
    };
    places(query).iter().any(|place| {
        let reads = factors(&place.block.select)
            .into_iter()
            .filter_map(|factor| input(factor, &model.template.names))
            .any(|input| input.name == name && input.placeholder.is_some());
        reads
            && any(
                &place.block.select,
                |inner| matches!(inner, Expr::CompoundIdentifier(parts) if key(&parts[0]) == name),
            )
    })
}

fn bare_word(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_lowercase()),
        _ => None,
    }
}

fn word_at(solid: &[(usize, &Token)], at: Option<usize>) -> Option<String> {
    bare_word(solid.get(at?)?.1)
}

fn token_at<'a>(solid: &[(usize, &'a Token)], at: Option<usize>) -> Option<&'a Token> {
    Some(solid.get(at?)?.1)
}

/// Whether a word is followed by `AS (` and stands after `WITH` or a comma.
fn defines(solid: &[(usize, &Token)], at: usize) -> bool {
    let before = at.checked_sub(1);
    let starts = word_at(solid, before).as_deref() == Some("with")
        || token_at(solid, before) == Some(&Token::Comma);
    starts
        && word_at(solid, Some(at + 1)).as_deref() == Some("as")
        && token_at(solid, Some(at + 2)) == Some(&Token::LParen)
}

/// Whether a word is a table after `FROM` or `JOIN`, or qualifies a column.
fn mentions_table(solid: &[(usize, &Token)], at: usize) -> bool {
    let before = at.checked_sub(1);
    let dot_before = token_at(solid, before) == Some(&Token::Period);
    let dot_after = token_at(solid, Some(at + 1)) == Some(&Token::Period);
    let after_from = word_at(solid, before).is_some_and(|word| word == "from" || word == "join");
    let call = token_at(solid, Some(at + 1)) == Some(&Token::LParen);
    !dot_before && !call && (after_from != dot_after)
}

/// Each input that has an alias, by another one.
pub(crate) fn alias_renamed(block: &Block, site: &Site) -> Vec<(Block, String)> {
    renamed(block, site, true)
}

/// Each input that has no alias, with one.
pub(crate) fn alias_added(block: &Block, site: &Site) -> Vec<(Block, String)> {
    renamed(block, site, false)
}

fn renamed(block: &Block, site: &Site, with_alias: bool) -> Vec<(Block, String)> {
    let Some(inputs) = inputs(&block.select, site.names) else {
        return Vec::new();
    };
    let mut changed = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        let factor = factors(&block.select)[index];
        let old = alias_of(factor);
        if old.is_some() != with_alias || !input.stands_alone {
            continue;
        }
        let stem: String = if with_alias {
            format!("{}_again", input.name)
        } else {
            input.name.chars().take(3).collect()
        };
        let new = fresh(site.words, &stem);
        let mut after = block.clone();
        if requalify(&mut after, input, &new).is_none() {
            continue;
        }
        let mut factors = factors_mut(&mut after.select);
        let Some(slot) = alias_mut(factors[index]) else {
            continue;
        };
        match slot {
            Some(slot) => slot.name = alias(&new).name,
            None => *slot = Some(alias(&new)),
        }
        changed.push((after, format!("`{}` is called `{new}`", input.name)));
    }
    changed
}

/// What looks like a column and is none: what functions take for a part of a date, and what some
/// dialects call without parentheses.
const NO_COLUMNS: &[&str] = &[
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
    "years",
    "quarters",
    "months",
    "weeks",
    "days",
    "hours",
    "minutes",
    "seconds",
    "isoyear",
    "isoweek",
    "weekiso",
    "weekday",
    "yearofweek",
    "dayofweek",
    "dayofyear",
    "dayofweekiso",
    "millisecond",
    "microsecond",
    "nanosecond",
    "milliseconds",
    "microseconds",
    "epoch",
    "dow",
    "doy",
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sysdate",
    "systimestamp",
    "rownum",
    "level",
    "user",
    "current_user",
    "session_user",
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "dd",
    "mm",
    "yy",
    "yyyy",
    "hh",
    "mi",
    "ss",
];

/// The columns of a block with one input, each with the input's name.
pub(crate) fn columns_qualified(block: &Block, site: &Site) -> Vec<(Block, String)> {
    let select = &block.select;
    let factors = factors(select);
    let [factor] = factors.as_slice() else {
        return Vec::new();
    };
    // In an expression, a column may be one of the query around; a lambda has names of its own.
    let Some(input) = input(factor, site.names).filter(|input| input.stands_alone) else {
        return Vec::new();
    };
    let vague = site.in_expression
        || !select.lateral_views.is_empty()
        || own_expressions(block).iter().any(|inner| {
            matches!(
                inner,
                Expr::Lambda(_) | Expr::Named { .. } | Expr::Dictionary(_)
            )
        });
    if vague {
        return Vec::new();
    }
    let aliases = aliases(select);
    let mut after = block.clone();
    edit_block(&mut after, &mut |expression| {
        if let Expr::Identifier(name) = expression {
            let key = key(name);
            let is_column = name.quote_style != Some('\'')
                && !key.starts_with("__tag_")
                && !aliases.contains(&key)
                && key != input.name
                && !NO_COLUMNS.contains(&key.as_str());
            if is_column {
                let qualifier = qualifier(factor, site);
                *expression = Expr::CompoundIdentifier(vec![qualifier, name.clone()]);
            }
        }
    });
    // The names of an ORDER BY may be those of the outputs.
    after.order_by.clone_from(&block.order_by);
    vec![(after, format!("columns of `{}` qualified", input.name))]
}

fn qualifier(factor: &TableFactor, site: &Site) -> sqlparser::ast::Ident {
    if let Some(alias) = alias_of(factor) {
        return alias.name.clone();
    }
    if let TableFactor::Table { name, .. } = factor
        && let Some(last) = name.0.last().and_then(|part| part.as_ident())
    {
        return match site.names.get(&last.value) {
            Some(real) => super::super::scope::ident(real),
            None => last.clone(),
        };
    }
    super::super::scope::ident("")
}
