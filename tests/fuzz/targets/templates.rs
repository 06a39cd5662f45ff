//! Templates run with some macros, then lowered.

use super::super::input::Input;
use super::super::tables::Known;
use super::super::template::macros;
use super::{check_ids, is_understood, random};
use sql::render::{MacroSource, Macros, Project, RenderContext, VarValue, macros_in, render};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn rendered(input: &Input) -> bool {
    let mut random = random(input);
    let macros = macros(&mut random).concat();
    let mut sources = BTreeMap::new();
    for text in [macros.as_str(), input.other.as_str()] {
        for definition in macros_in(text) {
            let range = usize::from(definition.range.start())..usize::from(definition.range.end());
            let own = text.get(range).expect("a macro is of the text");
            sources.insert(("shop".into(), definition.name), Arc::from(own));
        }
    }
    let source: Arc<dyn MacroSource> = Arc::new(sources);
    let mut context = RenderContext {
        macros: Macros::new(source),
        project: Arc::new(Project {
            name: "shop".into(),
            packages: vec!["other".into()],
            adapter: input.dialect.name().into(),
            vars: BTreeMap::from([
                ("days".into(), VarValue::Integer(3)),
                ("a".into(), VarValue::Text("{{ var('a') }}".into())),
            ]),
            dispatch: BTreeMap::new(),
        }),
        model: "daily".into(),
        configured: Arc::default(),
        is_incremental: false,
    };
    let mut understood = false;
    for is_incremental in [false, true] {
        context.is_incremental = is_incremental;
        let Ok(rendered) = render(&input.text, &context) else {
            continue;
        };
        let mut end = 0.into();
        for piece in &rendered.pieces {
            assert_eq!(piece.rendered.start(), end, "pieces without gaps");
            end = piece.rendered.end();
            let source = usize::from(piece.source.start())..usize::from(piece.source.end());
            assert!(input.text.get(source).is_some(), "a piece is of the text");
        }
        assert_eq!(usize::from(end), rendered.text.len(), "pieces are the text");
        for lowered in rendered.lower(input.dialect, &Known::new()) {
            check_ids(&lowered.query);
            understood |= is_understood(&lowered.query);
        }
    }
    understood
}
