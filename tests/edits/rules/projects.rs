//! Edits of several files: a CTE made a model, a model by another name.

use super::super::Change;
use super::super::model::{Model, Piece, parse, spell};
use super::super::tree::key;
use super::Project;
use super::subqueries::{plain_ctes, read_from, readings};
use sqlparser::ast::SetExpr;
use sqlparser::tokenizer::Token;
use std::collections::BTreeMap;

/// A word for the table that a new model gives, until its mention is put there.
const NEW: &str = "__new_model__";

/// A CTE that reads no other one, as a model of its own.
pub(crate) fn cte_extracted(project: &Project, model: &Model) -> Vec<Change> {
    let Some(query) = &model.query else {
        return Vec::new();
    };
    let Some(ctes) = plain_ctes(query) else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    for (index, cte) in ctes.iter().enumerate() {
        let name = key(&cte.alias.name);
        let alone = ctes
            .iter()
            .all(|other| readings(&cte.query, &key(&other.alias.name)) == 0);
        let new = format!("{}__{name}", model.name);
        let taken = project.models.iter().any(|other| other.name == new);
        // `SELECT * FROM table` would make the model a mere copy: nobody extracts that.
        let trivial = cte
            .query
            .to_string()
            .to_lowercase()
            .starts_with("select * from __tag_");
        let plain = cte.alias.columns.is_empty() && cte.materialized.is_none();
        if !alone || taken || trivial || !plain {
            continue;
        }
        let reference = if project.is_dbt {
            format!("{{{{ ref('{new}') }}}}")
        } else {
            new.clone()
        };
        let body = format!("{:#}", cte.query);
        let Some(path) = model
            .path
            .parent()
            .map(|folder| folder.join(format!("{new}.sql")))
        else {
            continue;
        };
        let mut added = model.template.restore(&body);
        added.push('\n');

        // Either the CTE stays and takes its rows from the model, or its readers do.
        let mut imported = query.clone();
        let star = parse(&format!("SELECT * FROM {NEW}"), model.dialect).unwrap();
        *imported.with.as_mut().unwrap().cte_tables[index].query = star;
        let mut replaced = query.clone();
        let with = replaced.with.as_mut().unwrap();
        with.cte_tables.remove(index);
        if with.cte_tables.is_empty() {
            replaced.with = None;
        }
        let replaced = read_from(&replaced, &name, NEW);
        for (after, how) in [(imported, "imported"), (replaced, "read directly")] {
            let printed = format!("{after:#}");
            let left = readings(&after, &name) > 0 && how == "read directly";
            let is_select = matches!(
                *after.body,
                SetExpr::Select(_) | SetExpr::SetOperation { .. }
            );
            if parse(&printed, model.dialect).as_ref() != Some(&after) || left || !is_select {
                continue;
            }
            let text = model
                .template
                .restore_printed(&printed)
                .replace(NEW, &reference);
            changes.push(Change {
                kind: "",
                description: format!("{}: CTE `{name}` made model `{new}`, {how}", model.name),
                files_after: BTreeMap::from([
                    (model.path.clone(), Some(text)),
                    (path.clone(), Some(added.clone())),
                ]),
                touched: vec![model.name.clone(), new.clone()],
            });
        }
    }
    changes
}

/// A model by another name, in its file and in all that read it.
pub(crate) fn model_renamed(project: &Project, model: &Model) -> Vec<Change> {
    let new = format!("{}_renamed", model.name);
    let same_name = project
        .models
        .iter()
        .filter(|other| other.name == model.name)
        .count();
    let said_elsewhere = project.says_elsewhere(&model.name);
    if same_name > 1 || said_elsewhere || project.models.iter().any(|other| other.name == new) {
        return Vec::new();
    }
    let path = model.path.with_file_name(format!("{new}.sql"));
    let mut files_after =
        BTreeMap::from([(model.path.clone(), None), (path, Some(model.text.clone()))]);
    let mut touched = vec![model.name.clone()];
    for reader in project.that_say(&model.name) {
        if reader.path == model.path {
            continue;
        }
        let text = match project.is_dbt {
            true => refs_renamed(reader, &model.name, &new),
            false => tables_renamed(reader, &model.name, &new),
        };
        match text {
            Ok(Some(text)) => {
                files_after.insert(reader.path.clone(), Some(text));
                touched.push(reader.name.clone());
            }
            Ok(None) => {}
            Err(NotSure) => return Vec::new(),
        }
    }
    vec![Change {
        kind: "",
        description: format!("model `{}` becomes `{new}`", model.name),
        files_after,
        touched,
    }]
}

/// A mention can't be told from something else.
struct NotSure;

/// The reader's text with each `ref` of a model exchanged, and the old name kept as an alias.
fn refs_renamed(reader: &Model, old: &str, new: &str) -> Result<Option<String>, NotSure> {
    let placeholders: Vec<&String> = reader
        .template
        .names
        .iter()
        .filter(|(placeholder, name)| {
            let tag = reader.template.restore(placeholder);
            *name == old && tag.contains("ref") && !tag.contains("source")
        })
        .map(|(placeholder, _)| placeholder)
        .collect();
    let quoted = [format!("'{old}'"), format!("\"{old}\"")];
    let in_refs: usize = placeholders.len();
    if in_refs == 0 {
        // A macro may be given the name.
        let mentioned = quoted
            .iter()
            .any(|quoted| reader.text.contains(quoted.as_str()));
        return if mentioned && !is_source(reader, old) {
            Err(NotSure)
        } else {
            Ok(None)
        };
    }
    let mut tokens = reader.tokens.clone();
    for (index, piece) in reader.tokens.iter().enumerate() {
        let Token::Word(word) = &piece.token else {
            continue;
        };
        if placeholders.contains(&&word.value) {
            let tag = reader.template.restore(&word.value);
            let renamed = quoted.iter().fold(tag, |tag, quoted| {
                tag.replace(quoted, &quoted.replace(old, new))
            });
            if after(&reader.tokens, index) == Some(&Token::Period) {
                return Err(NotSure);
            }
            let aliased = is_aliased(&reader.tokens, index);
            tokens[index].text = if aliased {
                renamed
            } else {
                format!("{renamed} as {old}")
            };
        }
    }
    let text = reader.template.restore(&spell(&tokens));
    let left = quoted.iter().any(|quoted| text.contains(quoted.as_str()));
    if left { Err(NotSure) } else { Ok(Some(text)) }
}

fn is_source(reader: &Model, name: &str) -> bool {
    reader.template.plain && reader.template.names.values().any(|known| known == name)
}

/// The reader's text with each table of that name exchanged, and the old name kept as an alias.
fn tables_renamed(reader: &Model, old: &str, new: &str) -> Result<Option<String>, NotSure> {
    let Some(query) = &reader.query else {
        return Ok(None);
    };
    if readings(query, old) == 0 {
        return Ok(None);
    }
    let is_cte = super::super::tree::queries(query).iter().any(|query| {
        let ctes = query.with.iter().flat_map(|with| &with.cte_tables);
        ctes.into_iter().any(|cte| key(&cte.alias.name) == old)
    });
    if is_cte {
        return Err(NotSure);
    }
    let mut tokens = reader.tokens.clone();
    for (index, piece) in reader.tokens.iter().enumerate() {
        let after_from = matches!(
            before(&reader.tokens, index),
            Some(Token::Word(word)) if ["from", "join"].contains(&word.value.to_lowercase().as_str())
        );
        let ends = after(&reader.tokens, index) != Some(&Token::Period);
        if let Token::Word(word) = &piece.token
            && word.value.to_lowercase() == old
            && after_from
            && ends
        {
            let aliased = is_aliased(&reader.tokens, index);
            tokens[index].text = if aliased {
                new.to_owned()
            } else {
                format!("{new} as {old}")
            };
        }
    }
    let text = spell(&tokens);
    let still = parse(&text, reader.dialect).is_none_or(|query| readings(&query, old) > 0);
    if still {
        Err(NotSure)
    } else {
        Ok(Some(reader.template.restore(&text)))
    }
}

fn before(tokens: &[Piece], index: usize) -> Option<&Token> {
    let solid = |piece: &&Piece| !matches!(piece.token, Token::Whitespace(_));
    tokens[..index]
        .iter()
        .rfind(solid)
        .map(|piece| &piece.token)
}

fn after(tokens: &[Piece], index: usize) -> Option<&Token> {
    let solid = |piece: &&Piece| !matches!(piece.token, Token::Whitespace(_));
    tokens[index + 1..]
        .iter()
        .find(solid)
        .map(|piece| &piece.token)
}

/// Whether a table is followed by an alias, or is no table but a qualifier.
fn is_aliased(tokens: &[Piece], index: usize) -> bool {
    const NO_ALIAS: [&str; 24] = [
        "where",
        "join",
        "left",
        "right",
        "inner",
        "full",
        "cross",
        "on",
        "using",
        "group",
        "order",
        "having",
        "qualify",
        "union",
        "limit",
        "natural",
        "window",
        "lateral",
        "except",
        "intersect",
        "outer",
        "asof",
        "anti",
        "semi",
    ];
    match after(tokens, index) {
        Some(Token::Word(word)) => {
            word.quote_style.is_some() || !NO_ALIAS.contains(&word.value.to_lowercase().as_str())
        }
        _ => false,
    }
}
