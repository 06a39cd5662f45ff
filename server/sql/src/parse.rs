//! Calls of the parser, on statements and on fragments of them.
//!
//! The parser is handed tokens whose line is 1 and whose column is the token's index, so that
//! every position in its tree and in its errors leads back to a token. What could overflow its
//! stack or take too long is refused beforehand.

mod reserved;

pub(crate) use reserved::is_reserved;

use crate::dialect::Dialect;
use crate::lexeme::{Lexeme, View};
use reserved::without_reserved;
use sqlparser::ast::{DataType, Expr, SelectItem, Statement, Visit};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError, ParserOptions};
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Whitespace, Word};

/// Statements with more tokens are read by their skeleton alone.
const MOST_TOKENS: usize = 500_000;
/// Deeper parentheses are not handed to the parser.
const MOST_NESTING: usize = 100;
/// Longer chains of operators or set operations make trees too deep to drop.
const MOST_CHAINED: usize = 2_000;
/// The parser's own limit, which counts several levels for one parenthesis.
const RECURSION: usize = 300;

/// Why something does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The token at which the parser stopped, as it was numbered; `None` at the end.
    pub(crate) token: Option<usize>,
    /// What it says.
    pub(crate) message: String,
}

/// A run of tokens, ready for the parser.
pub(crate) struct Fragment {
    tokens: Vec<TokenWithSpan>,
    dialect: Dialect,
}

impl Fragment {
    /// An empty run.
    pub(crate) fn new(dialect: Dialect) -> Fragment {
        Fragment {
            tokens: Vec::new(),
            dialect,
        }
    }

    /// All of `lexemes`, the first of them numbered `first`.
    pub(crate) fn of(lexemes: &[Lexeme], first: usize, dialect: Dialect) -> Fragment {
        let mut fragment = Fragment::new(dialect);
        for (offset, lexeme) in lexemes.iter().enumerate() {
            fragment.push(lexeme, first + offset);
        }
        fragment
    }

    /// Adds what the parser sees in place of `lexeme`.
    pub(crate) fn push(&mut self, lexeme: &Lexeme, number: usize) {
        if lexeme.spaced && lexeme.view != View::Nothing {
            self.push_token(Token::Whitespace(Whitespace::Space), number);
        }
        match &lexeme.view {
            View::Itself => self.push_token(lexeme.token.clone(), number),
            View::Instead(token) => self.push_token(token.clone(), number),
            View::Query => self.push_query(number),
            View::List => {
                self.push_token(Token::LParen, number);
                self.push_token(Token::Number("1".to_owned(), false), number);
                self.push_token(Token::RParen, number);
            }
            View::Nothing => {}
        }
    }

    /// Adds `SELECT 1`, standing for a query that is read on its own.
    pub(crate) fn push_query(&mut self, number: usize) {
        let select = Word {
            value: "SELECT".to_owned(),
            quote_style: None,
            keyword: Keyword::SELECT,
        };
        self.push_token(Token::Whitespace(Whitespace::Space), number);
        self.push_token(Token::Word(select), number);
        self.push_token(Token::Whitespace(Whitespace::Space), number);
        self.push_token(Token::Number("1".to_owned(), false), number);
        self.push_token(Token::Whitespace(Whitespace::Space), number);
    }

    fn push_token(&mut self, token: Token, number: usize) {
        let column = u64::try_from(number).unwrap_or(u64::MAX - 1) + 1;
        let location = Location::new(1, column);
        self.tokens
            .push(TokenWithSpan::new(token, Span::new(location, location)));
    }

    /// All of it as a list of statements.
    pub(crate) fn statements(self) -> Result<Vec<Statement>, Failure> {
        self.checked()?
            .parser()
            .parse_statements()
            .map_err(Failure::from)
            .and_then(without_reserved)
    }

    /// All of it as one entry of a projection.
    pub(crate) fn select_item(self) -> Result<SelectItem, Failure> {
        self.whole(|parser| parser.parse_select_item())
    }

    /// All of it as a type.
    pub(crate) fn data_type(self) -> Result<DataType, Failure> {
        self.whole(|parser| parser.parse_data_type())
    }

    /// All of it as one expression.
    pub(crate) fn expression(self) -> Result<Expr, Failure> {
        self.whole(|parser| parser.parse_expr())
    }

    /// All of it as expressions with commas between them.
    pub(crate) fn expressions(self) -> Result<Vec<Expr>, Failure> {
        self.whole(|parser| parser.parse_comma_separated(|parser| parser.parse_expr()))
    }

    /// All of it as expressions to sort by.
    pub(crate) fn sort_keys(self) -> Result<Vec<Expr>, Failure> {
        self.whole(|parser| {
            parser.parse_comma_separated(|parser| parser.parse_order_by_expr().map(|key| key.expr))
        })
    }

    fn whole<T: Visit>(
        self,
        read: impl FnOnce(&mut Parser<'_>) -> Result<T, ParserError>,
    ) -> Result<T, Failure> {
        let mut parser = self.checked()?.parser();
        let value = read(&mut parser)?;
        let next = parser.peek_token();
        if next.token == Token::EOF {
            return without_reserved(value);
        }
        Err(Failure {
            token: number(next.span.start),
            message: format!("Expected end, found: {}", next.token),
        })
    }

    fn parser(self) -> Parser<'static> {
        let dialect = self.dialect.parser();
        let options = ParserOptions::new().with_trailing_commas(dialect.supports_trailing_commas());
        Parser::new(dialect)
            .with_recursion_limit(RECURSION)
            .with_options(options)
            .with_tokens_with_locations(self.tokens)
    }

    /// Refuses what the parser could not survive.
    fn checked(self) -> Result<Fragment, Failure> {
        let refusal = |message: &str| Failure {
            token: None,
            message: message.to_owned(),
        };
        if self.tokens.len() > MOST_TOKENS {
            return Err(refusal("The statement is too long to be read in full"));
        }
        let mut chained = vec![0usize];
        for TokenWithSpan { token, .. } in &self.tokens {
            match token {
                Token::LParen | Token::LBracket | Token::LBrace => chained.push(0),
                Token::RParen | Token::RBracket | Token::RBrace if chained.len() > 1 => {
                    chained.pop();
                }
                Token::Comma | Token::SemiColon => set_last(&mut chained, |_| 0),
                token if is_link(token) => set_last(&mut chained, |count| count + 1),
                _ => {}
            }
            let longest = chained.last().copied().unwrap_or_default();
            if longest > MOST_CHAINED || chained.len() > MOST_NESTING {
                return Err(refusal("The statement is too deep to be read in full"));
            }
        }
        Ok(self)
    }
}

fn set_last(chained: &mut [usize], change: impl FnOnce(usize) -> usize) {
    if let Some(last) = chained.last_mut() {
        *last = change(*last);
    }
}

/// Whether `token` could link two parts of a chain, or open a level without parentheses.
fn is_link(token: &Token) -> bool {
    match token {
        Token::Word(word) => matches!(
            word.keyword,
            Keyword::AND
                | Keyword::OR
                | Keyword::XOR
                | Keyword::NOT
                | Keyword::LIKE
                | Keyword::ILIKE
                | Keyword::IS
                | Keyword::IN
                | Keyword::DIV
                | Keyword::COLLATE
                | Keyword::AT
                | Keyword::UNION
                | Keyword::EXCEPT
                | Keyword::INTERSECT
                | Keyword::MINUS
                | Keyword::CASE
                | Keyword::INTERVAL
                | Keyword::JOIN
        ),
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::DoubleQuotedString(_)
        | Token::Period
        | Token::Placeholder(_)
        | Token::LParen
        | Token::RParen
        | Token::RBracket
        | Token::RBrace => false,
        // Every other sign is an operator in some dialect.
        _ => !matches!(token, Token::Whitespace(_)),
    }
}

impl From<ParserError> for Failure {
    fn from(error: ParserError) -> Failure {
        let text = match error {
            ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
            ParserError::RecursionLimitExceeded => {
                "The statement is too deep to be read in full".to_owned()
            }
        };
        // The parser tells the place in its text alone: `… at Line: 1, Column: 5`.
        match text.rsplit_once(" at Line: ") {
            Some((message, place)) => Failure {
                token: place
                    .rsplit_once("Column: ")
                    .and_then(|(_, column)| column.trim().parse::<usize>().ok())
                    .and_then(|column| column.checked_sub(1)),
                message: message.to_owned(),
            },
            None => Failure {
                token: None,
                message: text,
            },
        }
    }
}

/// The number of the token that stands at `location`.
pub(crate) fn number(location: Location) -> Option<usize> {
    usize::try_from(location.column).ok()?.checked_sub(1)
}
