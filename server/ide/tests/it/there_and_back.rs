//! Every column and every table of every workspace is renamed and renamed back. In between, nothing else
//! has changed its meaning and nothing new is found; afterwards every byte is what it was, but for the
//! amendments that were drafted.
//!
//! With `RENAME_FOLDER`, the workspace in that folder is taken instead, first with a lock and then with its
//! tables described in a spec, and the figures of each are printed;
//! `RENAME_EVERY` takes only every so many columns and tables.

mod product;
mod stage;
mod tally;

use ide::PastRenames;
use product::{Product, products};
use stage::{Stage, Thing};
use tally::Tally;

#[test]
fn a_rename_and_back_changes_nothing() {
    let is_given = std::env::var_os("RENAME_FOLDER").is_some();
    let every = std::env::var("RENAME_EVERY").ok();
    let every = every.and_then(|every| every.parse().ok()).unwrap_or(1);
    let mut all = Tally::default();
    let work = || {
        for (number, product) in products().iter().enumerate() {
            let mut tally = Tally::default();
            // Of the many suites, whose cases are much alike, a share that differs from one to the next.
            let (first, every) = match product.is_suite {
                true => (number % SHARE, SHARE),
                false => (0, every),
            };
            of_product(product, first, every, &mut tally);
            if is_given {
                println!("{}\n{tally}{}", product.name, tally.wrong.join("\n\n"));
            }
            all.extend(tally);
        }
    };
    // Models are nested as deep as people nest them.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(64 << 20);
        thread.spawn_scoped(scope, work).unwrap().join().unwrap();
    });
    println!("{all}");
    assert!(all.wrong.is_empty(), "{}", all.wrong.join("\n\n"));
    if !is_given {
        assert!(all.renamed >= FEWEST, "{all}");
        assert!(all.renamed_tables >= FEWEST_TABLES, "{all}");
    }
}

/// So many columns and tables at least are renamed of what is in the repository.
const FEWEST: usize = 250;
const FEWEST_TABLES: usize = 100;

/// After one of so many renames the lock is written too, which takes its time.
const WITH_LOCK: usize = 10;

/// One of so many columns and tables of a suite is renamed.
const SHARE: usize = 3;

fn of_product(product: &Product, first: usize, every: usize, tally: &mut Tally) {
    let mut stage = Stage::new(product);
    let refused = stage.refused_lines();
    let things = stage.things().into_iter().skip(first).step_by(every);
    for (number, thing) in things.enumerate() {
        let places = stage.places(&thing);
        let Some((file, offset)) = places.first().copied() else {
            tally.refuse("no place names it");
            continue;
        };
        let at = format!("{}: {thing}", product.name);
        let new = thing.new_name();
        let forward = match ide::rename(stage.snapshot(), file, offset, &new) {
            Ok(forward) => forward,
            Err(refusal) => {
                tally.refuse(&refusal.message);
                continue;
            }
        };
        if forward.unsure().next().is_some() {
            tally.unsure += 1;
            continue;
        }
        // From every place that names it, the rename is the same one.
        for (file, offset) in places.iter().skip(1) {
            match ide::rename(stage.snapshot(), *file, *offset, &new) {
                Ok(other) if other.files == forward.files && other.moved == forward.moved => {}
                other => tally.wrong.push(format!("{at} from elsewhere: {other:?}")),
            }
        }
        tally.count(&thing);
        let mut past = PastRenames::default();
        past.remember(stage.snapshot(), &forward);
        let before = stage.findings();
        let original = stage.files().clone();
        stage.apply(&forward);
        let renamed = thing.renamed(&new);
        let new_findings = stage.new_findings(&before, &thing, &new);
        if !new_findings.is_empty() {
            let changed = stage.changed(&original);
            let findings = new_findings.join("\n");
            tally
                .wrong
                .push(format!("{at} brings\n{findings}\nby\n{changed}"));
        }
        let lines = match number % WITH_LOCK {
            0 => stage.refused_lines(),
            _ => Vec::new(),
        };
        if lines.len() > refused.len() {
            let lines = lines.join("\n");
            let wrong = format!("{at}: the lock can't be written:\n{lines}");
            tally.wrong.push(wrong);
        }
        match stage.back(&past, &renamed, &thing) {
            Err(message) => {
                let changed = stage.changed(&original);
                tally
                    .wrong
                    .push(format!("{at} can't be renamed back: {message}\n{changed}"));
            }
            Ok(back) => {
                stage.apply(&back);
                let (recased, differing) = stage.differences(&original);
                tally.recased += recased;
                if !differing.is_empty() {
                    tally
                        .wrong
                        .push(format!("{at} is not what it was:\n{differing}"));
                }
            }
        }
        stage.restore(&original);
    }
}

impl Tally {
    fn count(&mut self, thing: &Thing) {
        match thing {
            Thing::Column(..) => self.renamed += 1,
            Thing::Table(_) => self.renamed_tables += 1,
        }
    }
}
