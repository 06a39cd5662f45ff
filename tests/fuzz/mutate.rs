//! Texts changed at random: tokens, parts in parentheses, whole queries, tags of templates.

use super::corpus::Seed;
use super::random::Random;
use super::template;
use super::tokens::{is_value, is_word, pairs, solid, tokens};

/// No text grows longer, in bytes.
const LONGEST: usize = 60_000;

/// What is put between tokens.
const INSERTED: &[&str] = &[
    "(",
    ")",
    ",",
    "'",
    "\"",
    "`",
    ";",
    ".",
    "*",
    "=",
    "<",
    "+",
    "-",
    "/",
    "%",
    "||",
    "::",
    "::int",
    "[",
    "]",
    "[1]",
    "{",
    "}",
    "?",
    ":",
    "@",
    "$1",
    "$$",
    "--",
    "/*",
    "*/",
    "\\",
    "\0",
    "é",
    "\u{202e}",
    "ﬀ",
    "İ",
    "𝒳",
    "\u{feff}",
    "\r\n",
    "|>",
    "->>",
    "=>",
    "null",
    "not",
    "is null",
    "is not null",
    "and",
    "or",
    "in (1, 2)",
    "in (select 1)",
    "between 1 and 2",
    "like '%a%'",
    "select",
    "from",
    "where",
    "group by",
    "group by all",
    "order by",
    "having",
    "qualify",
    "limit 1",
    "offset 1",
    "union all",
    "union",
    "except",
    "intersect",
    "join",
    "left join",
    "full join",
    "cross join",
    "natural join",
    "using (id)",
    "on true",
    "lateral",
    "with",
    "recursive",
    "as",
    "distinct",
    "distinct on (id)",
    "over ()",
    "over (partition by id order by id)",
    "filter (where true)",
    "case",
    "when",
    "then",
    "else",
    "end",
    "exists",
    "any",
    "all",
    "cast(",
    "array[1]",
    "interval '1' day",
    "date '2024-02-30'",
    "rollup (",
    "cube (",
    "grouping sets ((id), ())",
    "unnest(",
    "pivot (",
    "unpivot (",
    "values (1)",
    "fetch first 1 row only",
    "within group (order by id)",
    "ignore nulls",
    "rows between 1 preceding and current row",
    "* exclude (id)",
    "* replace (1 as id)",
    "tablesample (1)",
    "at time zone 'UTC'",
    "insert into t",
    "create table t as",
    "merge into t using s on",
    "when matched then update set",
];

/// Values in the place of others.
const VALUES: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "9223372036854775807",
    "9223372036854775808",
    "170141183460469231731687303715884105728",
    "1e400",
    "1e-400",
    "79228162514264337593543950335",
    "0.00000000000000000000000000001",
    "1.5",
    "''",
    "'a'",
    "'%'",
    "'\\'",
    "'1'",
    "'2024-01-01'",
    "'9999-12-31'",
    "'0001-01-01'",
    "null",
    "true",
    "false",
    "date '9999-12-31'",
    "interval '9223372036854775807' year",
    "interval '1000000' month",
    "x'ff'",
    "current_date",
    "(select 1)",
    "(1, 2)",
    "*",
    "sum",
    "count",
    "max",
    "min",
    "avg",
    "row_number",
    "lag",
    "coalesce",
    "nullif",
    "round",
    "abs",
    "power",
    "mod",
    "sqrt",
    "ln",
    "exp",
    "substring",
    "left",
    "right",
    "lpad",
    "repeat",
    "replace",
    "split_part",
    "date_trunc",
    "date_add",
    "dateadd",
    "datediff",
    "extract",
    "last_day",
    "concat",
    "greatest",
    "least",
    "listagg",
    "array_agg",
    "first_value",
    "ntile",
    "lower",
    "upper",
    "length",
    "trim",
    "iff",
    "decode",
    "nvl2",
    "try_cast",
    "to_date",
    "generate_series",
    "id",
    "t",
    "orders",
];

/// What stands round a value: `{}`.
const AROUND: &[&str] = &[
    "({})",
    "-{}",
    "not {}",
    "{} is null",
    "{} + {}",
    "{} || {}",
    "{} = {}",
    "{} <> {}",
    "{} and {}",
    "{} or {}",
    "{} / 0",
    "{} % 2",
    "coalesce({}, 0)",
    "nullif({}, {})",
    "case when {} then {} else {} end",
    "case {} when {} then 1 end",
    "cast({} as integer)",
    "cast({} as decimal(10, 2))",
    "try_cast({} as date)",
    "{} in ({}, null)",
    "sum({})",
    "max({}) over (partition by {})",
    "count(distinct {})",
    "(select max({}))",
    "exists (select {})",
    "abs({})",
    "round({}, 40)",
    "repeat({}, 1000000)",
    "lpad({}, 1000000000, 'a')",
    "f({})",
    "array[{}]",
    "{}[1]",
    "{}.a",
    "{}:a.b",
    "{}::date + interval '1' month",
    "date_trunc('month', {})",
    "lag({}, 2) over (order by {})",
    "({}, {})",
    "power({}, 1000)",
];

/// What stands round a query: `{}`.
const QUERIES: &[&str] = &[
    "select * from ({}) x",
    "with z as ({}) select * from z",
    "with z as ({}) select a.*, b.* from z a join z b on true",
    "with recursive z as ({} union all select * from z) select * from z",
    "{} union all {}",
    "{} union {}",
    "({}) except ({})",
    "select distinct * from ({}) x",
    "select count(*) as n from ({}) x",
    "select (select 1 from ({}) x limit 1) as v",
    "select 1 as id where exists ({})",
    "select * from orders where id in ({})",
    "select * exclude (id) from ({}) x",
    "create table made as {}",
    "insert into made {}",
    "create view made as {}",
    "select x.*, row_number() over (order by 1) as rn from ({}) x qualify rn = 1",
    "select * from ({}) x left join ({}) y using (id)",
    "select * from ({}) x natural full join ({}) y",
    "{} order by 1 limit 2",
    "select * from orders, lateral ({}) x",
];

/// `text`, changed, once most often.
pub(crate) fn changed(text: &str, seeds: &[Seed], random: &mut Random) -> String {
    let times = match random.below(12) {
        0..=6 => 1,
        7 | 8 => 2,
        9 | 10 => 4,
        _ => 12,
    };
    let mut all = tokens(text);
    for _ in 0..times {
        change(&mut all, seeds, random);
        if all.iter().map(String::len).sum::<usize>() > LONGEST {
            break;
        }
    }
    let mut text = all.concat();
    if text.len() > LONGEST {
        let mut end = LONGEST;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}

fn change(all: &mut Vec<String>, seeds: &[Seed], random: &mut Random) {
    let places = solid(all);
    let Some(place) = places.get(random.below(places.len())).copied() else {
        all.push(random.of_these(INSERTED).to_owned());
        return;
    };
    match random.below(21) {
        0 => drop(all.remove(place)),
        1 => all.insert(place, all[place].clone()),
        2 => all.swap(place, places[random.below(places.len())]),
        3 => insert(all, place, random.of_these(INSERTED)),
        4 | 5 => replace_value(all, random),
        6 | 7 => wrap_value(all, random),
        8 => swap_pairs(all, random),
        9 => remove_pair(all, random),
        10 => nest_pair(all, random),
        11 => splice(all, seeds, random),
        12 => transplant(all, seeds, random),
        13 => repeat(all, place, random),
        14 => lengthen(all, random),
        15 | 16 => wrap_query(all, random),
        17 => replace_word(all, seeds, random),
        18 => spoil_letters(all, place, random),
        _ => template::change(all, place, random),
    }
}

fn insert(all: &mut Vec<String>, place: usize, text: &str) {
    let padded = [" ", text, " "].map(str::to_owned);
    all.splice(place..place, padded);
}

fn a_value(all: &[String], random: &mut Random) -> Option<usize> {
    let values: Vec<usize> = (0..all.len())
        .filter(|place| is_value(&all[*place]))
        .collect();
    values.get(random.below(values.len())).copied()
}

/// A word, number or text becomes another: of the same text, or one of ours.
fn replace_value(all: &mut [String], random: &mut Random) {
    let (Some(place), Some(other)) = (a_value(all, random), a_value(all, random)) else {
        return;
    };
    all[place] = match random.below(2) {
        0 => all[other].clone(),
        _ => random.of_these(VALUES).to_owned(),
    };
}

fn wrap_value(all: &mut [String], random: &mut Random) {
    let Some(place) = a_value(all, random) else {
        return;
    };
    let times = if random.one_in(6) {
        1 + random.below(40)
    } else {
        1
    };
    let around = random.of_these(AROUND);
    for _ in 0..times {
        all[place] = around.replace("{}", &all[place]);
        if all[place].len() > LONGEST / 4 {
            break;
        }
    }
}

fn a_pair(all: &[String], random: &mut Random) -> Option<(usize, usize)> {
    let pairs = pairs(all);
    pairs.get(random.below(pairs.len())).copied()
}

fn swap_pairs(all: &mut Vec<String>, random: &mut Random) {
    let (Some(one), Some(other)) = (a_pair(all, random), a_pair(all, random)) else {
        return;
    };
    let (first, second) = (one.min(other), one.max(other));
    if first.1 < second.0 {
        let (left, right) = (
            all[first.0..=first.1].to_vec(),
            all[second.0..=second.1].to_vec(),
        );
        all.splice(second.0..=second.1, left);
        all.splice(first.0..=first.1, right);
    } else {
        // One within the other: the inner one stands for the outer one.
        let inner = all[second.0..=second.1].to_vec();
        all.splice(first.0..=first.1, inner);
    }
}

fn remove_pair(all: &mut Vec<String>, random: &mut Random) {
    if let Some((start, end)) = a_pair(all, random) {
        match random.below(3) {
            0 => drop(all.drain(start..=end)),
            1 => drop(all.drain(start + 1..end)),
            _ => {
                all.remove(end);
                all.remove(start);
            }
        }
    }
}

/// What stands in parentheses is put into more of them, or into itself.
fn nest_pair(all: &mut Vec<String>, random: &mut Random) {
    let Some((start, end)) = a_pair(all, random) else {
        return;
    };
    let inner = all[start..=end].concat();
    let is_query = all[start + 1..end]
        .iter()
        .any(|token| token.eq_ignore_ascii_case("select"));
    let mut text = inner.clone();
    let most = if random.one_in(4) { 60 } else { 3 };
    for _ in 0..1 + random.below(most) {
        text = match (is_query, random.below(3)) {
            (true, 0) => format!("(select * from {text} x)"),
            (true, 1) => format!("(select * from {text} x where id in {text})"),
            (_, 1) => format!("(coalesce{text})"),
            _ => format!("({text})"),
        };
        if text.len() > LONGEST / 4 {
            break;
        }
    }
    all.splice(start..=end, tokens(&text));
}

/// The start of this text and the end of another.
fn splice(all: &mut Vec<String>, seeds: &[Seed], random: &mut Random) {
    let other = tokens(&seeds[random.below(seeds.len())].text);
    all.truncate(random.below(all.len()));
    all.extend(other.into_iter().skip(random.below(60)));
}

/// Parentheses of another text in the place of some of this one.
fn transplant(all: &mut Vec<String>, seeds: &[Seed], random: &mut Random) {
    let other = tokens(&seeds[random.below(seeds.len())].text);
    if let (Some((start, end)), Some((from, to))) = (a_pair(all, random), a_pair(&other, random)) {
        all.splice(start..=end, other[from..=to].iter().cloned());
    }
}

fn repeat(all: &mut Vec<String>, place: usize, random: &mut Random) {
    let end = (place + 1 + random.below(12)).min(all.len());
    let part = all[place..end].concat();
    let most = if random.one_in(5) { 300 } else { 6 };
    let times = (1 + random.below(most)).min(LONGEST / 2 / part.len().max(1));
    let between = random.of_these(&[" ", ", ", " and ", " + ", "", " union all "]);
    let repeated = vec![part; times].join(between);
    insert(all, end, &repeated);
}

/// A comma becomes a long list.
fn lengthen(all: &mut [String], random: &mut Random) {
    let commas: Vec<usize> = (0..all.len()).filter(|place| all[*place] == ",").collect();
    let Some(place) = commas.get(random.below(commas.len())).copied() else {
        return;
    };
    let entry = random.of_these(&[
        "1",
        "null",
        "id",
        "a.b",
        "'x'",
        "id as {}",
        "x{}",
        "sum(x{})",
        "(select {})",
    ]);
    let most = if random.one_in(6) { 1500 } else { 60 };
    let entries =
        (0..1 + random.below(most)).map(|number| entry.replace("{}", &format!("n{number}")));
    let entries: Vec<String> = entries.collect();
    all[place] = format!(", {},", entries.join(", "));
}

fn wrap_query(all: &mut Vec<String>, random: &mut Random) {
    let text = all.concat();
    let text = text.trim_end_matches([';', '\n', ' ']);
    if text.len() < LONGEST / 8 {
        *all = tokens(&random.of_these(QUERIES).replace("{}", text));
    }
}

/// Every mention of a word becomes another word.
fn replace_word(all: &mut [String], seeds: &[Seed], random: &mut Random) {
    let words: Vec<String> = all.iter().filter(|token| is_word(token)).cloned().collect();
    let other = tokens(&seeds[random.below(seeds.len())].text);
    let others: Vec<&String> = other.iter().filter(|token| is_word(token)).collect();
    if words.is_empty() || others.is_empty() {
        return;
    }
    let word = &words[random.below(words.len())];
    let by = match random.below(2) {
        0 => words[random.below(words.len())].clone(),
        _ => others[random.below(others.len())].clone(),
    };
    for token in all.iter_mut().filter(|token| *token == word) {
        token.clone_from(&by);
    }
}

fn spoil_letters(all: &mut [String], place: usize, random: &mut Random) {
    let token = &all[place];
    all[place] = match random.below(6) {
        0 => format!("\"{token}\""),
        1 => format!("{token}é"),
        2 => token.to_uppercase(),
        3 => format!("'{token}"),
        4 => token.chars().take(token.chars().count() / 2).collect(),
        _ => token
            .chars()
            .map(|one| if one == 'i' { 'İ' } else { one })
            .collect(),
    };
}
