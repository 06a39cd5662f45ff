//! One input of a target: what it is made of, and how it is written to a file.

use super::corpus::Seed;
use super::mutate::changed;
use super::random::Random;
use sql::Dialect;

/// What a target is given. Everything else that it takes at random follows from `random`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) dialect: Dialect,
    pub(crate) random: u64,
    pub(crate) text: String,
    /// What `text` is a mutant of, or another mutant of it.
    pub(crate) other: String,
}

/// Stands between the two texts in a file.
const BETWEEN: &str = "\n--=-- and --=--\n";

impl Input {
    /// The input of that number in a run.
    pub(crate) fn of(seeds: &[Seed], seed: u64, number: u64) -> Input {
        let mut random = Random::of(seed, number);
        let Seed {
            text: seed,
            dialect,
        } = &seeds[random.below(seeds.len())];
        let text = changed(seed, seeds, &mut random);
        let other = match random.below(3) {
            0 => changed(seed, seeds, &mut random),
            _ => seed.clone(),
        };
        Input {
            dialect: match random.below(3) {
                0 => Dialect::ALL[random.below(Dialect::ALL.len())],
                _ => *dialect,
            },
            random: number,
            text,
            other,
        }
    }

    /// As the text of a file.
    pub(crate) fn written(&self) -> String {
        let Input {
            dialect,
            random,
            text,
            other,
        } = self;
        format!("{dialect} {random}\n{text}{BETWEEN}{other}")
    }

    /// From the text of a file.
    pub(crate) fn read(written: &str) -> Option<Input> {
        let (first, rest) = written.split_once('\n')?;
        let (dialect, random) = first.split_once(' ')?;
        let (text, other) = rest.split_once(BETWEEN).unwrap_or((rest, rest));
        Some(Input {
            dialect: dialect.parse().ok()?,
            random: random.parse().ok()?,
            text: text.to_owned(),
            other: other.to_owned(),
        })
    }
}
