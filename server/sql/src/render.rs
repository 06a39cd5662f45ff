//! Templates run, so that SQL which macros make can be read.
//!
//! Beside the mask, which keeps every offset, this gives the text that dbt would hand to the
//! database, and where each part of it comes from. Nothing but the template language is run, in a
//! sandbox with limits on work, depth and size; a database is never asked. What the workspace does
//! not tell becomes a hole in the text, never a guess.

mod adapter;
mod bounded;
mod call;
mod calls;
mod config;
mod configured;
mod convert;
mod cycle;
mod definition;
mod dictionary;
mod environment;
mod functions;
mod incidental;
mod json;
mod list;
mod literals;
mod macros;
mod names;
mod output;
mod relation;
mod rewrite;
mod session;
mod stand_ins;
mod texts;
mod unknown;
mod vars;

pub use call::DBT;
pub(crate) use calls::macro_calls;
pub use configured::Configured;
pub use definition::{MacroDefinition, macros_in};
pub use macros::{MacroSource, Macros};
pub use output::{
    FailedCall, Lookup, Rendered, RenderedHole, RenderedPiece, RenderedPieceKind, StandsFor,
};
pub use vars::VarValue;

use crate::STACK_SIZE;
use names::Names;
use rewrite::rewrite;
use session::Session;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::TextRange;

/// What a template is rendered with.
#[derive(Clone, Debug)]
pub struct RenderContext {
    /// The macros it can call.
    pub macros: Macros,
    /// The project it belongs to.
    pub project: Arc<Project>,
    /// The model's name: the file's name without its ending.
    pub model: SmolStr,
    /// What is configured for it elsewhere.
    pub configured: Arc<Configured>,
    /// Which branch `is_incremental()` takes.
    pub is_incremental: bool,
}

/// What holds for all templates of a project.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Its name.
    pub name: SmolStr,
    /// Packages in which a macro's bare name is looked for, behind the project itself.
    pub packages: Vec<SmolStr>,
    /// The adapter, `target.type`: `snowflake`, `bigquery`, …
    pub adapter: SmolStr,
    /// Its variables.
    pub vars: BTreeMap<SmolStr, VarValue>,
    /// The packages that serve a macro namespace, in order, where the project says which.
    pub dispatch: BTreeMap<SmolStr, Vec<SmolStr>>,
}

/// Why a template could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of reason it is.
    pub kind: FailureKind,
    /// Why, in words of the template engine.
    pub message: String,
    /// Where in the file, where that is known.
    pub range: Option<TextRange>,
}

/// What kind of reason a failure has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The template's syntax.
    Syntax,
    /// Something that it computes.
    Evaluation,
    /// It does, nests or writes more than is allowed.
    Limit,
}

/// The longest text that a template may give, in bytes.
const LONGEST: usize = 4 << 20;
/// The longest template that is rendered, in bytes.
const LONGEST_TEMPLATE: usize = 4 << 20;

/// Renders `text`, the text of a model.
///
/// # Errors
/// If its syntax is wrong, if it computes what can't be computed, or if it goes over a limit. What
/// goes wrong inside a macro is no error: the macro's text is a hole then.
pub fn render(text: &str, context: &RenderContext) -> Result<Rendered, Failure> {
    if text.len() > LONGEST_TEMPLATE {
        return Err(Failure::limit("the template is too long"));
    }
    // Values may nest as deep as the fuel lets them, and are gone through from the outside in.
    stacker::maybe_grow(NEEDED, STACK_SIZE, || rendered(text, context))
}

/// So much stack is left at least where a rendering starts, in bytes. A thread of [`STACK_SIZE`] has it:
/// making one for each template would take as long as rendering it.
const NEEDED: usize = STACK_SIZE / 2;

fn rendered(text: &str, context: &RenderContext) -> Result<Rendered, Failure> {
    let rewritten = rewrite(text);
    if rewritten.is_too_long() {
        return Err(Failure::limit(
            "the template has too many tags, or too long ones",
        ));
    }
    let session = Arc::new(Session::new(context, text));
    let names = Names::of_model(Arc::clone(&session));
    let result = context
        .macros
        .environment()
        .template_from_named_str(MODEL, rewritten.text())
        .and_then(|template| template.render_with_spans(minijinja::Value::from_object(names)));
    let notes = session.finish();
    match result {
        Ok((output, _)) if output.len() > LONGEST => {
            Err(Failure::limit("the rendered text is too long"))
        }
        Ok((output, spans)) => Ok(output::assemble(
            output,
            &spans,
            &rewritten,
            session.prefix(),
            notes,
        )),
        Err(error) => Err(Failure::of(&error, &rewritten)),
    }
}

/// The name under which the engine knows the model's own template.
const MODEL: &str = "model";

impl Failure {
    fn limit(message: &str) -> Failure {
        Failure {
            kind: FailureKind::Limit,
            message: message.to_owned(),
            range: None,
        }
    }

    fn of(error: &minijinja::Error, rewritten: &rewrite::Rewritten) -> Failure {
        use minijinja::ErrorKind;
        let kind = match error.kind() {
            ErrorKind::SyntaxError => FailureKind::Syntax,
            _ if call::is_limit(error) => FailureKind::Limit,
            _ => FailureKind::Evaluation,
        };
        let in_model = error.name() == Some(MODEL);
        let range = error.range().filter(|_| in_model);
        Failure {
            kind,
            message: error.to_string(),
            range: range.and_then(|range| rewritten.tag_at(range.start)),
        }
    }
}

#[cfg(test)]
mod tests;
