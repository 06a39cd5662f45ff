//! The strict parser's errors as sentences to a person: what is wrong, and what to do about it.
//!
//! The tolerant parser names most broken places better, so these speak mostly of what it lets pass.

use granit_parser::ErrorKind;

/// What to say of an error of this kind.
pub(super) fn sentence(kind: &ErrorKind) -> String {
    use ErrorKind as K;
    let sentence = match kind {
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabAtBlockScalarStart
        | K::TabInPlainScalar => "A tab stands where YAML allows spaces only: indent with spaces.",
        K::InvalidIndentation
        | K::ExpectedBlockMappingKey
        | K::ExpectedBlockSequenceEntry
        | K::InvalidFlowScalarIndent
        | K::InvalidQuotedScalarIndent
        | K::InvalidBlockScalarIndent => {
            "This line's indentation fits nothing above it: align it with its neighbours."
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => {
            "This key has no `:` behind it on its own line: write `key: value`."
        }
        K::MappingValueNotAllowed
        | K::MappingKeyNotAllowed
        | K::InvalidColonPlacement
        | K::InvalidMappingValueWhitespace => {
            "A `:` cannot stand here: if it belongs to the text, put the text in quotes."
        }
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => {
            "This quoted text never ends: add the closing quote."
        }
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            "Nothing but a comment may follow the closing quote: move this text into the quotes."
        }
        K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::UnclosedFlowCollection { .. } => {
            "A bracket is opened and never closed: add the closing one."
        }
        K::ExpectedFlowMappingSeparator | K::ExpectedFlowSequenceSeparator => {
            "A `,` or the closing bracket is missing here."
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            return format!("The bracket `{open}` is closed by `{close}`: make the two match.");
        }
        K::MisplacedFlowCollectionEnd => "This bracket closes nothing: remove it.",
        K::RecursionLimitExceeded => "This is nested too deeply to be read.",
        K::BlockEntryInFlowCollection
        | K::BlockSequenceEntryNotAllowed
        | K::InvalidBlockEntryWhitespace
        | K::PlainScalarStartsWithDashFlowIndicator => {
            "A `-` cannot stand here: start the list on a line of its own."
        }
        K::CommentNotSeparated => "A `#` starts a comment only after a space: add one.",
        K::CommentInterceptedScalar => {
            "A comment cannot stand inside of a text that goes on below: move the comment."
        }
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidUnicodeEscape
        | K::InvalidLowSurrogate
        | K::InvalidLowSurrogateHexEscape
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate => {
            "This escape is not known: write `\\\\` for a backslash, or use single quotes."
        }
        K::MissingAnchorOrAliasName => "A name is missing behind `&` or `*`.",
        K::UnexpectedCharacter { character } => {
            return format!(
                "A value cannot start with `{}`: put it in quotes.",
                character.escape_default()
            );
        }
        K::InvalidBlockScalarHeader | K::ZeroBlockScalarIndent => {
            "Only an indentation of 1 to 9, `+` or `-` may follow `|` and `>`: start the text on the next line."
        }
        K::BomInsideDocument => "A byte order mark stands inside of the text: remove it.",
        K::ExpectedDocumentStart | K::MissingDocumentEndBeforeDirective => {
            "A line that starts with `%` needs a line `---` behind it, and one `...` before it."
        }
        K::UndeclaredTagHandle => "This tag's prefix is not declared by a `%TAG` line.",
        kind => return format!("This is not YAML: {kind}."),
    };
    sentence.to_owned()
}
