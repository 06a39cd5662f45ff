//! Counts how many models of dbt projects render, and render to SQL that parses:
//! `render_rate DIALECT ADAPTER PROJECT…`.
//!
//! A project is a folder with a `dbt_project.yml`. `-v` before the dialect lists what fails; `-d
//! FILE` shows how one file renders.

#![allow(clippy::print_stdout, reason = "the answer of a program")]
#![allow(clippy::disallowed_methods, reason = "an example reads its own files")]

use smol_str::SmolStr;
use sql::render::{
    MacroSource, Macros, Project, RenderContext, Rendered, StandsFor, VarValue, macros_in, render,
};
use sql::{Dialect, Options, Templating, analyze};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

type Sources = BTreeMap<(SmolStr, SmolStr), Arc<str>>;

#[derive(Default)]
struct Counts {
    models: usize,
    rendered: usize,
    parsed: usize,
    whole: usize,
    guessed: usize,
    incremental: usize,
    incremental_parsed: usize,
    masked: usize,
    bytes: usize,
    time: Duration,
}

fn main() {
    // Deep templates and SQL take stack, as on the server's workers.
    let worker = std::thread::Builder::new().stack_size(64 << 20);
    if let Ok(worker) = worker.spawn(run) {
        let _ = worker.join();
    }
}

fn run() {
    let mut arguments = std::env::args().skip(1).peekable();
    let verbose = arguments.next_if(|argument| argument == "-v").is_some();
    let shown = arguments
        .next_if(|argument| argument == "-d")
        .and_then(|_| arguments.next());
    let dialect = arguments
        .next()
        .and_then(|name| name.parse::<Dialect>().ok())
        .unwrap_or_default();
    let adapter = arguments.next().unwrap_or_default();
    for folder in arguments {
        let folder = Path::new(&folder);
        let setup = Setup::read(folder, &adapter, dialect);
        if let Some(file) = &shown {
            setup.show(Path::new(file));
            continue;
        }
        let counts = setup.measure(verbose);
        let share = |part: usize| 100.0 * part as f64 / counts.models.max(1) as f64;
        println!(
            "{}: {} models, {:.1}% render, {:.1}% render and parse, {:.1}% of these without an unknown query; lineage known by render or mask {:.1}%; {} guessed, {} ask is_incremental, of which {} render and parse there too; {:.2} ms each, {:.1} MB/s",
            folder.display(),
            counts.models,
            share(counts.rendered),
            share(counts.parsed),
            share(counts.whole),
            share(counts.masked),
            counts.guessed,
            counts.incremental,
            counts.incremental_parsed,
            counts.time.as_secs_f64() * 1e3 / counts.models.max(1) as f64,
            counts.bytes as f64 / 1e6 / counts.time.as_secs_f64().max(1e-9),
        );
    }
}

struct Setup {
    macros: Macros,
    project: Arc<Project>,
    models: Vec<PathBuf>,
    options: Options,
}

impl Setup {
    fn read(folder: &Path, adapter: &str, dialect: Dialect) -> Setup {
        let text = std::fs::read_to_string(folder.join("dbt_project.yml")).unwrap_or_default();
        let yaml: serde_json::Value = serde_yaml::from_str(&text).unwrap_or_default();
        let name = SmolStr::new(
            yaml.get("name")
                .and_then(|name| name.as_str())
                .unwrap_or_default(),
        );
        let paths = |key: &str, default: &str| -> Vec<PathBuf> {
            match yaml.get(key).and_then(|paths| paths.as_array()) {
                Some(paths) => {
                    let paths = paths.iter().filter_map(|path| path.as_str());
                    paths.map(|path| folder.join(path)).collect()
                }
                None => vec![folder.join(default)],
            }
        };
        let mut sources = Sources::new();
        let mut files = Vec::new();
        for path in paths("macro-paths", "macros") {
            collect(&path, &mut files);
        }
        files.sort();
        for file in files {
            let Ok(text) = std::fs::read_to_string(&file) else {
                continue;
            };
            for definition in macros_in(&text) {
                let own =
                    usize::from(definition.range.start())..usize::from(definition.range.end());
                let own = Arc::from(text.get(own).unwrap_or_default());
                sources.insert((name.clone(), definition.name), own);
            }
        }
        let mut vars = BTreeMap::new();
        let entries = yaml
            .get("vars")
            .and_then(|vars| vars.as_object())
            .into_iter()
            .flatten();
        for (key, value) in entries {
            match value.as_object().filter(|_| *key == name) {
                Some(own) => vars.extend(own.iter().map(|(key, value)| (key.into(), var(value)))),
                None => {
                    vars.insert(key.into(), var(value));
                }
            }
        }
        let mut models = Vec::new();
        for path in paths("model-paths", "models") {
            collect(&path, &mut models);
        }
        models.sort();
        println!("{} macros, {} variables", sources.len(), vars.len());
        let packages = vec![SmolStr::new("dbt_utils"), SmolStr::new("fivetran_utils")];
        Setup {
            macros: Macros::new(Arc::new(sources) as Arc<dyn MacroSource>),
            project: Arc::new(Project {
                name,
                packages,
                adapter: adapter.into(),
                vars,
                dispatch: BTreeMap::new(),
            }),
            models,
            options: Options {
                dialect,
                templating: Templating::Jinja,
            },
        }
    }

    fn context(&self, file: &Path, is_incremental: bool) -> RenderContext {
        RenderContext {
            macros: self.macros.clone(),
            project: Arc::clone(&self.project),
            model: file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into(),
            configured: Arc::default(),
            is_incremental,
        }
    }

    fn measure(&self, verbose: bool) -> Counts {
        let mut counts = Counts::default();
        for file in &self.models {
            let Ok(text) = std::fs::read_to_string(file) else {
                continue;
            };
            counts.models += 1;
            counts.bytes += text.len();
            let start = Instant::now();
            let result = render(&text, &self.context(file, false));
            counts.time += start.elapsed();
            let mut known = false;
            match result {
                Err(failure) => {
                    if verbose {
                        println!(
                            "RENDER {}: {:?} {}",
                            file.display(),
                            failure.kind,
                            failure.message
                        );
                    }
                }
                Ok(rendered) => {
                    counts.rendered += 1;
                    counts.guessed += usize::from(rendered.guessed);
                    if rendered.asked_incremental {
                        counts.incremental += 1;
                        let other = render(&text, &self.context(file, true));
                        let parses =
                            |other: Rendered| other.problems(self.options.dialect).is_empty();
                        counts.incremental_parsed += usize::from(other.is_ok_and(parses));
                    }
                    let problems = rendered.problems(self.options.dialect);
                    let queries = unknown_queries(&rendered);
                    if problems.is_empty() {
                        counts.parsed += 1;
                        known = queries.is_empty();
                        counts.whole += usize::from(known);
                    }
                    if verbose {
                        for problem in problems.iter().take(1) {
                            let at = usize::from(problem.range.start());
                            let near = rendered.text.get(at.saturating_sub(40)..at + 30);
                            println!(
                                "PARSE {}: {} near {near:?}",
                                file.display(),
                                problem.message
                            );
                        }
                        for call in rendered.failed.iter().take(3) {
                            println!("FAILED {}: {call:?}", file.display());
                        }
                        for query in queries.iter().take(1) {
                            println!("UNKNOWN {}: {query}", file.display());
                        }
                    }
                }
            }
            let masked = analyze(&text, &self.options);
            let open = |reason| {
                let models = masked.facts.models.iter();
                models
                    .flat_map(|model| &model.open)
                    .any(|open| open.reason == reason)
            };
            let readable = masked.problems.is_empty() && !open(sql::facts::OpenReason::Template);
            counts.masked += usize::from(known || readable);
        }
        counts
    }

    fn show(&self, file: &Path) {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        match render(&text, &self.context(file, false)) {
            Ok(rendered) => {
                println!("{}", rendered.text);
                for hole in &rendered.holes {
                    println!("-- {:?} {:?}", hole.range, hole.stands_for);
                }
                for problem in rendered.problems(self.options.dialect) {
                    println!("-- {:?} {}", problem.range, problem.message);
                }
                println!("-- {:?}", rendered.looked_up);
            }
            Err(failure) => println!("{failure:?}"),
        }
    }
}

/// What stands, unknown, where a query or a table would.
fn unknown_queries(rendered: &Rendered) -> Vec<String> {
    let mut found = Vec::new();
    for hole in &rendered.holes {
        let StandsFor::Unknown(label) = &hole.stands_for else {
            continue;
        };
        let before = rendered
            .text
            .get(..hole.range.start().into())
            .unwrap_or_default();
        let word = before.split_whitespace().next_back().unwrap_or("(");
        let word = word.to_ascii_lowercase();
        if before.trim().is_empty()
            || matches!(
                word.as_str(),
                "(" | "from" | "join" | "all" | "union" | "select"
            )
        {
            found.push(label.to_string());
        }
    }
    found
}

fn var(value: &serde_json::Value) -> VarValue {
    use serde_json::Value as Json;
    match value {
        Json::Null => VarValue::Null,
        Json::Bool(boolean) => VarValue::Boolean(*boolean),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => VarValue::Integer(integer),
            None => VarValue::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => VarValue::Text(text.into()),
        Json::Array(items) => VarValue::List(items.iter().map(var).collect()),
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.into(), var(value)));
            VarValue::Map(entries.collect())
        }
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), files);
        }
    } else if path.extension().is_some_and(|extension| extension == "sql") {
        files.push(path.to_owned());
    }
}
