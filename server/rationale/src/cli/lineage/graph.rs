//! Lineage as a picture, for programs that draw graphs.

use super::report::{Place, Report};
use meaning::lineage::Confidence;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Tables with their columns, and an arrow for each source.
struct Graph {
    tables: BTreeMap<String, BTreeSet<String>>,
    edges: BTreeSet<(Place, Place, Confidence)>,
}

impl Graph {
    fn of(report: &Report) -> Graph {
        let mut graph = Graph {
            tables: BTreeMap::new(),
            edges: BTreeSet::new(),
        };
        for model in &report.models {
            graph.tables.entry(model.name.clone()).or_default();
            for (at, column) in model.columns.iter().enumerate() {
                let to = Place {
                    table: model.name.clone(),
                    column: match &column.name {
                        Some(name) => name.clone(),
                        None => format!("column {}", at + 1),
                    },
                };
                graph.add(&to);
                for source in &column.sources {
                    graph.add(&source.from);
                    let edge = (source.from.clone(), to.clone(), source.confidence);
                    graph.edges.insert(edge);
                }
            }
        }
        graph
    }

    fn add(&mut self, place: &Place) {
        let columns = self.tables.entry(place.table.clone()).or_default();
        columns.insert(place.column.clone());
    }

    /// The columns in order, each with the number of its table and its own.
    fn numbers(&self) -> BTreeMap<(&str, &str), (usize, usize)> {
        let mut numbers = BTreeMap::new();
        for (table_number, (table, columns)) in self.tables.iter().enumerate() {
            for (number, column) in columns.iter().enumerate() {
                numbers.insert((table.as_str(), column.as_str()), (table_number, number));
            }
        }
        numbers
    }
}

/// Writes it in the language of Graphviz: a box with ports for each table.
pub(super) fn write_dot(output: &mut impl Write, report: &Report) -> io::Result<()> {
    let graph = Graph::of(report);
    let numbers = graph.numbers();
    writeln!(output, "digraph lineage {{")?;
    writeln!(
        output,
        "  rankdir=LR; node [shape=record, fontname=\"sans-serif\"];"
    )?;
    for (at, (table, columns)) in graph.tables.iter().enumerate() {
        let ports: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(port, column)| format!("<c{port}> {}", record(column)))
            .collect();
        let ports = ports.join("|");
        writeln!(output, "  t{at} [label=\"{}|{ports}\"];", record(table))?;
    }
    for (from, to, confidence) in &graph.edges {
        let style = match confidence {
            Confidence::Exact => "",
            Confidence::Macro => " [style=dashed]",
            Confidence::Unknown => " [style=dotted]",
        };
        if let (Some(from), Some(to)) = (port(&numbers, from), port(&numbers, to)) {
            writeln!(output, "  {from} -> {to}{style};")?;
        }
    }
    writeln!(output, "}}")
}

/// Writes it in the language of Mermaid: a subgraph for each table.
pub(super) fn write_mermaid(output: &mut impl Write, report: &Report) -> io::Result<()> {
    let graph = Graph::of(report);
    let numbers = graph.numbers();
    writeln!(output, "flowchart LR")?;
    for (at, (table, columns)) in graph.tables.iter().enumerate() {
        writeln!(output, "  subgraph t{at}[\"{}\"]", entity(table))?;
        for (number, column) in columns.iter().enumerate() {
            writeln!(output, "    t{at}c{number}[\"{}\"]", entity(column))?;
        }
        writeln!(output, "  end")?;
    }
    for (from, to, confidence) in &graph.edges {
        let arrow = match confidence {
            Confidence::Exact => "-->",
            Confidence::Macro | Confidence::Unknown => "-.->",
        };
        let number = |place: &Place| {
            let key = (place.table.as_str(), place.column.as_str());
            numbers
                .get(&key)
                .map(|(table, column)| format!("t{table}c{column}"))
        };
        if let (Some(from), Some(to)) = (number(from), number(to)) {
            writeln!(output, "  {from} {arrow} {to}")?;
        }
    }
    Ok(())
}

fn port(numbers: &BTreeMap<(&str, &str), (usize, usize)>, place: &Place) -> Option<String> {
    let (table, column) = numbers.get(&(place.table.as_str(), place.column.as_str()))?;
    Some(format!("t{table}:c{column}"))
}

/// `text` inside a label of a record.
fn record(text: &str) -> String {
    let mut escaped = String::new();
    for sign in text.chars() {
        if matches!(sign, '"' | '\\' | '|' | '{' | '}' | '<' | '>' | ' ') {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// `text` inside a quoted label, which may hold HTML.
fn entity(text: &str) -> String {
    let mut escaped = String::new();
    for sign in text.chars() {
        match sign {
            '"' => escaped.push_str("#quot;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '#' => escaped.push_str("#35;"),
            '&' => escaped.push_str("#amp;"),
            _ => escaped.push(sign),
        }
    }
    escaped
}
