//! Rendering as its callers see it.

mod context;
mod limits;
mod macros;
mod mapping;
mod stand_ins;
mod values;

use super::*;

/// A project with these macros, given as the text of one file.
pub(super) fn context(macros: &str) -> RenderContext {
    let mut sources: BTreeMap<(SmolStr, SmolStr), Arc<str>> = BTreeMap::new();
    for (package, text) in packages(macros) {
        for definition in macros_in(text) {
            let own = Arc::from(slice(text, definition.range));
            sources.insert((SmolStr::new(package), definition.name), own);
        }
    }
    RenderContext {
        macros: Macros::new(Arc::new(sources)),
        project: Arc::new(Project {
            name: "shop".into(),
            packages: vec!["other".into()],
            adapter: "snowflake".into(),
            vars: BTreeMap::from([
                ("days".into(), VarValue::Integer(3)),
                (
                    "orders".into(),
                    VarValue::Text("{{ source('raw', 'orders') }}".into()),
                ),
                (
                    "names".into(),
                    VarValue::List(vec![VarValue::Text("a".into()), VarValue::Text("b".into())]),
                ),
            ]),
            dispatch: BTreeMap::from([(
                "utils".into(),
                vec!["utils_for_us".into(), "utils".into()],
            )]),
        }),
        model: "daily".into(),
        configured: Arc::default(),
        is_incremental: false,
    }
}

/// The text of each package: `-- in PACKAGE` begins another than the project's own.
fn packages(macros: &str) -> Vec<(&str, &str)> {
    let mut parts = macros.split("-- in ");
    let mut packages = vec![("shop", parts.next().unwrap_or_default())];
    packages.extend(parts.filter_map(|part| part.split_once('\n')));
    packages
}

pub(super) fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into()).unwrap()
}

pub(super) fn rendered(text: &str) -> Rendered {
    render(text, &context("")).unwrap()
}

/// The rendered text with what its holes stand for written into it.
pub(super) fn shown(rendered: &Rendered) -> String {
    let mut shown = String::new();
    let mut at = syntax::TextSize::new(0);
    for hole in &rendered.holes {
        shown.push_str(slice(
            &rendered.text,
            TextRange::new(at, hole.range.start()),
        ));
        shown.push_str(&match &hole.stands_for {
            StandsFor::Table(crate::facts::TableRef::Ref { name, .. }) => {
                format!("<ref {}>", name.as_str())
            }
            StandsFor::Table(crate::facts::TableRef::Source { source, table }) => {
                format!("<source {} {}>", source.as_str(), table.as_str())
            }
            StandsFor::Table(_) => "<table>".to_owned(),
            StandsFor::This => "<this>".to_owned(),
            StandsFor::Unknown(label) => format!("<? {label}>"),
        });
        at = hole.range.end();
    }
    shown.push_str(slice(
        &rendered.text,
        TextRange::new(at, syntax::TextSize::of(&rendered.text)),
    ));
    shown
}

/// What a template gives, with white space run together.
#[track_caller]
pub(super) fn check(context: &RenderContext, text: &str, expected: &str) {
    let rendered = render(text, context).unwrap_or_else(|failure| panic!("{failure:?}"));
    let shown = shown(&rendered);
    let words: Vec<&str> = shown.split_whitespace().collect();
    assert_eq!(words.join(" "), expected, "{text} {:?}", rendered.failed);
}
