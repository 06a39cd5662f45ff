//! Inputs to try: first a row for each table with one thing changed at a time, then random ones, which
//! lean towards rows that joins and filters keep.

use super::judge::Judge;
use super::shape::{Domain, Input, Shape};
use crate::evaluate::Value;
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many random inputs are tried.
const RANDOM: u32 = 1_500;

/// How many random inputs are tried to find one that both queries give rows for.
const TRIES: u32 = 60;

/// How many values may wait to be tried, in all inputs together.
const WAITING: u64 = 400_000;

/// Gives inputs, one after the other.
pub(super) struct Generator<'s> {
    shape: &'s Shape,
    state: u64,
    waiting: VecDeque<Input>,
    /// Hashes of what was given: nothing is tried twice.
    given: HashSet<u64>,
    stage: Stage,
    random_left: u32,
    /// How many further inputs may wait.
    room: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    Systematic,
    Random,
}

impl<'s> Generator<'s> {
    pub(super) fn new(shape: &'s Shape) -> Generator<'s> {
        Generator {
            shape,
            state: 0x9e37_79b9_7f4a_7c15,
            waiting: VecDeque::new(),
            given: HashSet::new(),
            stage: Stage::Start,
            random_left: RANDOM,
            room: 0,
        }
    }

    /// The next input; none when all are tried.
    pub(super) fn next(&mut self, judge: &mut Judge<'_>) -> Option<Input> {
        loop {
            if let Some(input) = self.waiting.pop_front() {
                if let Some(input) = self.shape.mended(input) {
                    let mut hasher = DefaultHasher::new();
                    input.hash(&mut hasher);
                    if self.given.insert(hasher.finish()) {
                        return Some(input);
                    }
                }
                continue;
            }
            match self.stage {
                Stage::Start => {
                    let base = self.base();
                    self.around(&base);
                    self.stage = Stage::Systematic;
                }
                Stage::Systematic => {
                    self.stage = Stage::Random;
                    let base = self.shape.mended(self.base());
                    if base.is_none_or(|base| !judge.gives_rows(self.shape, &base))
                        && let Some(base) = self.fertile(judge)
                    {
                        self.around(&base);
                    }
                }
                Stage::Random => {
                    if self.shape.tables.is_empty() {
                        return None;
                    }
                    self.random_left = self.random_left.checked_sub(1)?;
                    let input = self.random();
                    self.waiting.push_back(input);
                }
            }
        }
    }

    /// A row for each table, of the values that are asked for most.
    fn base(&self) -> Input {
        let row = |domains: &Vec<Domain>| -> Vec<Value> {
            domains
                .iter()
                .map(|domain| domain.values.first().cloned().unwrap_or(Value::Null))
                .collect()
        };
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
        for _ in 0..TRIES {
            let input = self.random();
            if let Some(input) = self.shape.mended(input)
                && judge.gives_rows(self.shape, &input)
            {
                return Some(input);
            }
        }
        None
    }

    /// Everything that differs from an input in one thing.
    fn around(&mut self, base: &Input) {
        let shape = self.shape;
        self.room = WAITING / (1 + base.cells());
        self.waiting.push_back(base.clone());
        // All columns of a class together, so that joins still match.
        for class in 0..shape.pools.len() {
            let all: Vec<&Domain> = shape
                .domains
                .iter()
                .flatten()
                .filter(|domain| domain.class == class)
                .collect();
            let most = all
                .iter()
                .map(|domain| domain.values.len())
                .max()
                .unwrap_or(0);
            for choice in 0..most {
                self.push_changed(base, |domain, value| {
                    if domain.class == class
                        && let Some(other) = domain.values.get(choice)
                    {
                        *value = other.clone();
                    }
                });
            }
        }
        for (table, domains) in shape.domains.iter().enumerate() {
            for (column, domain) in domains.iter().enumerate() {
                let null = domain.nullable.then_some(&Value::Null);
                for other in domain.values.iter().take(6).chain(null) {
                    self.push_at(base, table, |rows| set(rows, column, other));
                    self.push_at(base, table, |rows| {
                        if let Some(mut row) = rows.first().cloned() {
                            if let Some(value) = row.get_mut(column) {
                                *value = other.clone();
                            }
                            rows.push(row);
                        }
                    });
                }
            }
            self.push_at(base, table, Vec::clear);
            self.push_at(base, table, |rows| {
                let again = rows.clone();
                rows.extend(again);
            });
        }
    }

    fn push_changed(&mut self, base: &Input, change: impl Fn(&Domain, &mut Value)) {
        let Some(room) = self.room.checked_sub(1) else {
            return;
        };
        self.room = room;
        let mut input = base.clone();
        for (rows, domains) in input.tables.iter_mut().zip(&self.shape.domains) {
            for (value, domain) in rows.iter_mut().flat_map(|row| row.iter_mut().zip(domains)) {
                change(domain, value);
            }
        }
        if input != *base {
            self.waiting.push_back(input);
        }
    }

    fn push_at(&mut self, base: &Input, table: usize, change: impl Fn(&mut Vec<Vec<Value>>)) {
        let Some(room) = self.room.checked_sub(1) else {
            return;
        };
        self.room = room;
        let mut input = base.clone();
        if let Some(rows) = input.tables.get_mut(table) {
            change(rows);
        }
        if input != *base {
            self.waiting.push_back(input);
        }
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

fn set(rows: &mut [Vec<Value>], column: usize, to: &Value) {
    if let Some(value) = rows.first_mut().and_then(|row| row.get_mut(column)) {
        *value = to.clone();
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
