//! Inputs to try: first one that both queries give rows for, with one thing changed at a time, then random
//! ones, which lean towards rows that joins and filters keep.

use super::judge::Judge;
use super::shape::{Domain, Input, Shape};
use crate::evaluate::Value;
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many random inputs are tried.
const RANDOM: u32 = 1_500;

/// How many random inputs are tried to find one that both queries give rows for.
const TRIES: u32 = 60;

/// After so many inputs for which neither query is known to give a row, none is expected to.
const IN_VAIN: usize = 120;

/// So many values are tried in each cell alone.
const MOST_VALUES: usize = 6;

/// How many values may wait to be tried, in all inputs together.
const WAITING: u64 = 400_000;

/// Gives inputs, one after the other.
pub(super) struct Generator<'s> {
    shape: &'s Shape,
    state: u64,
    waiting: VecDeque<Waiting>,
    /// What those that wait differ from.
    around: Option<Input>,
    /// Hashes of what was given: nothing is tried twice.
    given: HashSet<u64>,
    stage: Stage,
    random_left: u32,
    /// How many further inputs may wait.
    room: u64,
}

/// An input that waits to be tried.
enum Waiting {
    /// This one.
    Whole(Input),
    /// The one around which the others are.
    Base,
    /// That with another value in all columns of a class.
    Class { class: usize, choice: usize },
    /// That with another value in the first row of a table, or with such a row added; the place of the
    /// value, and `NULL` without one.
    Cell {
        table: usize,
        column: usize,
        value: Option<usize>,
        is_added: bool,
    },
    /// That without the rows of a table.
    Without { table: usize },
    /// That with the rows of a table twice.
    Twice { table: usize },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The base is tried.
    Base,
    /// If it gives no rows, what is around an input that does.
    Fertile,
    /// What is around the base.
    Systematic,
    Random,
}

impl<'s> Generator<'s> {
    pub(super) fn new(shape: &'s Shape) -> Generator<'s> {
        Generator {
            shape,
            state: 0x9e37_79b9_7f4a_7c15,
            waiting: VecDeque::new(),
            around: None,
            given: HashSet::new(),
            stage: Stage::Base,
            random_left: RANDOM,
            room: 0,
        }
    }

    /// The next input; none when all are tried, or there is no hope.
    pub(super) fn next(&mut self, judge: &mut Judge<'_>) -> Option<Input> {
        loop {
            if self.given.len() > IN_VAIN && !judge.has_seen_rows() {
                return None;
            }
            if let Some(waiting) = self.waiting.pop_front() {
                let input = self.made(waiting);
                if let Some(input) = input.and_then(|input| self.shape.mended(input)) {
                    let mut hasher = DefaultHasher::new();
                    input.hash(&mut hasher);
                    if self.given.insert(hasher.finish()) {
                        return Some(input);
                    }
                }
                continue;
            }
            match self.stage {
                Stage::Base => {
                    self.waiting.push_back(Waiting::Whole(self.base()));
                    self.stage = Stage::Fertile;
                }
                Stage::Fertile => {
                    self.stage = Stage::Systematic;
                    let base = self.shape.mended(self.base());
                    if base.is_none_or(|base| !judge.gives_rows(self.shape, &base))
                        && let Some(fertile) = self.fertile(judge)
                    {
                        self.around(fertile);
                    }
                }
                Stage::Systematic => {
                    self.around(self.base());
                    self.stage = Stage::Random;
                }
                Stage::Random => {
                    if self.shape.tables.is_empty() {
                        return None;
                    }
                    self.random_left = self.random_left.checked_sub(1)?;
                    let input = self.random();
                    self.waiting.push_back(Waiting::Whole(input));
                }
            }
        }
    }

    /// A row for each table, of the values that are asked for most: none where only that is asked for, as in
    /// `deleted_at IS NULL`.
    fn base(&self) -> Input {
        let value = |domain: &Domain| {
            let value = domain.values.first().filter(|_| !domain.asks_for_null());
            value.cloned().unwrap_or(Value::Null)
        };
        let row = |domains: &Vec<Domain>| -> Vec<Value> { domains.iter().map(value).collect() };
        Input {
            tables: self
                .shape
                .domains
                .iter()
                .map(|domains| vec![row(domains)])
                .collect(),
        }
    }

    /// An input that both queries give rows for.
    fn fertile(&mut self, judge: &mut Judge<'_>) -> Option<Input> {
        let shape = self.shape;
        let mut gives_rows = |input: Input| {
            let input = shape.mended(input)?;
            judge.gives_rows(shape, &input).then_some(input)
        };
        let alike = self.alike().into_iter().take(TRIES as usize);
        let found = alike.filter_map(&mut gives_rows).next();
        found.or_else(|| (0..TRIES).find_map(|_| gives_rows(self.random())))
    }

    /// The base with one value wherever it may stand: a division may have to come out even, `cents / 100`, or
    /// several columns to be the same. Not zero, of which twice as much is the same.
    fn alike(&self) -> Vec<Input> {
        let domains = || self.shape.domains.iter().flatten();
        let mut values: Vec<&Value> = Vec::new();
        for value in domains().flat_map(|domain| &domain.values) {
            let is_zero = matches!(value, Value::Number(number) if number.amount.is_zero());
            if !is_zero && !values.contains(&value) {
                values.push(value);
            }
        }
        let with = |value: &Value| {
            let mut input = self.base();
            for (rows, domains) in input.tables.iter_mut().zip(&self.shape.domains) {
                let cells = rows.iter_mut().flat_map(|row| row.iter_mut().zip(domains));
                for (place, domain) in cells {
                    if domain.values.contains(value) && *place != Value::Null {
                        *place = value.clone();
                    }
                }
            }
            input
        };
        values.into_iter().map(with).collect()
    }

    /// Everything that differs from an input in one thing. Only what is to be changed is noted: most often
    /// the search is over before the last of it is tried.
    fn around(&mut self, base: Input) {
        let shape = self.shape;
        self.room = WAITING / (1 + base.cells());
        self.waiting.push_back(Waiting::Base);
        // All columns of a class together, so that joins still match.
        let mut most = vec![0; shape.pools.len()];
        for domain in shape.domains.iter().flatten() {
            if let Some(most) = most.get_mut(domain.class) {
                *most = domain.values.len().max(*most);
            }
        }
        for (class, most) in most.into_iter().enumerate() {
            for choice in 0..most {
                self.push(Waiting::Class { class, choice });
            }
        }
        for (table, domains) in shape.domains.iter().enumerate() {
            for (column, domain) in domains.iter().enumerate() {
                let values = domain.values.len().min(MOST_VALUES);
                for value in (0..values).map(Some).chain(domain.nullable.then_some(None)) {
                    for is_added in [false, true] {
                        self.push(Waiting::Cell {
                            table,
                            column,
                            value,
                            is_added,
                        });
                    }
                }
            }
            self.push(Waiting::Without { table });
            self.push(Waiting::Twice { table });
        }
        self.around = Some(base);
    }

    fn push(&mut self, waiting: Waiting) {
        if let Some(room) = self.room.checked_sub(1) {
            self.room = room;
            self.waiting.push_back(waiting);
        }
    }

    /// The next input that waits; none where it is the one again that it is made from.
    fn made(&self, waiting: Waiting) -> Option<Input> {
        let base = match waiting {
            Waiting::Whole(input) => return Some(input),
            Waiting::Base => return self.around.clone(),
            _ => self.around.as_ref()?,
        };
        let input = self.changed(base.clone(), waiting);
        (input != *base).then_some(input)
    }

    fn changed(&self, mut input: Input, change: Waiting) -> Input {
        match change {
            Waiting::Whole(_) | Waiting::Base => {}
            Waiting::Class { class, choice } => {
                for (rows, domains) in input.tables.iter_mut().zip(&self.shape.domains) {
                    let cells = rows.iter_mut().flat_map(|row| row.iter_mut().zip(domains));
                    for (value, domain) in cells.filter(|(_, domain)| domain.class == class) {
                        if let Some(other) = domain.values.get(choice) {
                            *value = other.clone();
                        }
                    }
                }
            }
            Waiting::Cell {
                table,
                column,
                value,
                is_added,
            } => {
                let domains = self.shape.domains.get(table);
                let domain = domains.and_then(|domains| domains.get(column));
                let other = value.and_then(|value| domain?.values.get(value).cloned());
                let other = other.unwrap_or(Value::Null);
                if let Some(rows) = input.tables.get_mut(table) {
                    let mut added = rows.first().filter(|_| is_added).cloned();
                    let row = match is_added {
                        true => added.as_mut(),
                        false => rows.first_mut(),
                    };
                    if let Some(place) = row.and_then(|row| row.get_mut(column)) {
                        *place = other;
                    }
                    rows.extend(added);
                }
            }
            Waiting::Without { table } => {
                if let Some(rows) = input.tables.get_mut(table) {
                    rows.clear();
                }
            }
            Waiting::Twice { table } => {
                if let Some(rows) = input.tables.get_mut(table) {
                    rows.extend_from_within(..);
                }
            }
        }
        input
    }

    fn random(&mut self) -> Input {
        let shape = self.shape;
        // What most columns of a class take, so that joins match and groups form.
        let turns: Vec<u64> = shape.pools.iter().map(|_| self.number()).collect();
        let mut input = Input { tables: Vec::new() };
        for domains in &shape.domains {
            let count = match self.number() % 20 {
                0 => 0,
                1..=9 => 1,
                10..=15 => 2,
                _ => 3,
            };
            let mut rows: Vec<Vec<Value>> = Vec::new();
            for _ in 0..count {
                let mut row = Vec::new();
                for (column, domain) in domains.iter().enumerate() {
                    let above = rows.last().and_then(|row| row.get(column)).cloned();
                    let turn = turns.get(domain.class).copied().unwrap_or_default();
                    let chance = self.number() % 100;
                    row.push(match above {
                        Some(above) if chance < 55 => above,
                        None if chance < 65 => pick(domain, turn),
                        _ if chance < 75 => pick(domain, turn),
                        _ => {
                            let turn = self.number();
                            pick(domain, turn)
                        }
                    });
                }
                rows.push(row);
            }
            input.tables.push(rows);
        }
        input
    }

    /// xorshift64*: the same numbers on every run.
    fn number(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
}

/// A value of the domain: often one that a condition asks for, seldom `NULL`.
fn pick(domain: &Domain, turn: u64) -> Value {
    let (chance, turn) = (turn % 100, turn / 100);
    let nulls = if domain.null_wished { 40 } else { 8 };
    if domain.nullable && chance < nulls {
        return Value::Null;
    }
    let among = match domain.wished {
        0 => domain.values.len(),
        wished if chance < 75 => wished,
        _ => domain.values.len(),
    };
    let place = usize::try_from(turn).unwrap_or(0) % among.max(1);
    domain.values.get(place).cloned().unwrap_or(Value::Null)
}
