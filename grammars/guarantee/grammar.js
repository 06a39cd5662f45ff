/**
 * The guarantee language: one sentence a line, which a person reads as English.
 *
 * Each form of a sentence is a node of its own, called like its variant in `spec::guarantee`. Words of
 * the language are written in lower case; a table or a column may be called like one of them wherever
 * no word of the language can stand, and in quotes everywhere. SQL is a sequence of tokens with balanced
 * brackets: it ends at the end of the sentence, or at a `per` or `where` outside all brackets where the
 * sentence may go on with one. It is parsed elsewhere, in the dialect of the product.
 */

/** One or more, with commas between them. */
const list = (rule) => seq(rule, repeat(seq(",", rule)));

module.exports = grammar({
  name: "guarantee",

  extras: (_) => [/[ \t\f\u00a0]/],

  // What keywords are cut from: they are keywords only where one can stand.
  word: ($) => $._word,

  rules: {
    document: ($) =>
      seq(optional($._sentence), repeat(seq($._line_end, optional($._sentence)))),

    _line_end: (_) => /\r?\n|\r/,

    _sentence: ($) =>
      choice(
        $.exists,
        $.absent,
        $.has_type,
        $.never_null,
        $.unique,
        $.one_row_per,
        $.one_of,
        $.refers_to,
        $.equals,
        $.counts_once,
        $.in_unit,
        $.comes_from,
        $.comes_unchanged,
        $.never_comes_from,
        $.never_leaves,
        $.classified_never_leave,
        $.excludes_rows,
        $.only_has_rows,
        $.excludes_matching,
        $.only_has_matching,
        $.keeps_every_row,
        $.keeps_latest,
        $.reads,
        $.never_reads,
        $.materialized_as,
        $.merged_by,
        $.lists_columns,
        $.renamed_from,
      ),

    // What there is.
    exists: ($) => seq(field("what", $.path), "exists"),
    absent: ($) => seq(field("what", $.path), "is", "absent"),
    renamed_from: ($) =>
      seq(field("what", $.path), "is", "renamed", "from", field("from", $.path)),
    lists_columns: ($) => seq(field("table", $.path), "lists", "its", "columns"),

    // What a column holds.
    has_type: ($) => seq(field("column", $.path), "is", field("type", $.type)),
    never_null: ($) => seq(field("column", $.path), "is", "never", "null"),
    unique: ($) => seq(field("column", $.path), "is", "unique"),
    one_of: ($) =>
      seq(
        field("column", $.path), "is", "one", "of",
        "(", list(field("value", alias($._sql_tokens, $.sql))), ")",
      ),
    in_unit: ($) => seq(field("column", $.path), "is", "in", field("unit", $.unit)),
    refers_to: ($) => seq(field("column", $.path), "refers", "to", field("to", $.path)),
    equals: ($) =>
      seq(
        field("column", $.path), "=", field("value", alias($._sql_tokens, $.sql)),
        optional(seq("per", list(field("per", $.path)))),
        optional(seq("where", field("filter", alias($._sql_tokens, $.sql)))),
      ),

    // Which rows a table holds.
    one_row_per: ($) =>
      seq(field("table", $.path), "has", "one", "row", "per", list(field("column", $.path))),
    counts_once: ($) =>
      seq(field("table", $.path), "counts", "each", "row", "of", field("of", $.path), "once"),
    excludes_rows: ($) =>
      seq(
        field("table", $.path), "excludes", "rows",
        "where", field("condition", alias($._sql_tokens, $.sql)),
      ),
    only_has_rows: ($) =>
      seq(
        field("table", $.path), "only", "has", "rows",
        "where", field("condition", alias($._sql_tokens, $.sql)),
      ),
    excludes_matching: ($) =>
      seq(
        field("table", $.path), "excludes", "rows",
        "that", "match", field("other", $.path), "on", list(field("on", $.path)),
      ),
    only_has_matching: ($) =>
      seq(
        field("table", $.path), "only", "has", "rows",
        "that", "match", field("other", $.path), "on", list(field("on", $.path)),
      ),
    keeps_every_row: ($) =>
      seq(field("table", $.path), "keeps", "every", "row", "of", field("of", $.path)),
    keeps_latest: ($) =>
      seq(
        field("table", $.path), "keeps", "the", "latest", "row",
        "per", list(field("per", $.path)), "by", list(field("by", $.path)),
      ),

    // Where values come from, and where they go.
    comes_from: ($) =>
      seq(
        field("column", $.path), "comes", "from", field("from", $.path),
        optional(seq("only", "through", list(field("function", $.function)))),
      ),
    comes_unchanged: ($) =>
      seq(field("column", $.path), "comes", "unchanged", "from", field("from", $.path)),
    never_comes_from: ($) =>
      seq(field("what", $.path), "never", "comes", "from", field("from", $.path)),
    never_leaves: ($) =>
      seq(
        field("column", $.path), "never", "leaves", field("table", $.path),
        optional(seq("except", "to", list(field("except", $.path)))),
      ),
    classified_never_leave: ($) =>
      seq(
        "columns", "classified", field("classification", $.term),
        "never", "leave", field("table", $.path),
        optional(seq("except", "to", list(field("except", $.path)))),
      ),

    // How a table is made.
    reads: ($) => seq(field("table", $.path), "reads", field("other", $.path)),
    never_reads: ($) => seq(field("table", $.path), "never", "reads", field("other", $.path)),
    materialized_as: ($) =>
      seq(field("table", $.path), "is", "materialized", "as", field("kind", $.term)),
    merged_by: ($) =>
      seq(field("table", $.path), "is", "merged", "by", list(field("column", $.path))),

    // Names.
    path: ($) =>
      seq(
        choice($.name, $.quoted_name, alias("columns", $.name)),
        repeat(seq(".", choice($.name, $.quoted_name))),
      ),
    function: ($) => seq(choice($.name, $.quoted_name), repeat(seq(".", choice($.name, $.quoted_name)))),
    term: ($) => choice($.name, $.quoted_name, $.string),
    name: ($) => $._word,
    _word: (_) => /[\p{L}_][\p{L}\p{M}\p{N}_$]*/,
    quoted_name: (_) => token(choice(/"([^"\r\n]|"")+"/, /`([^`\r\n]|``)+`/)),

    // `UTC`, `Europe/Paris`, `USD`, `%`, `km/h`; in quotes where it has blanks.
    unit: (_) => token(choice(/[^\s'"`,]+/, /'[^'\r\n]+'/, /"[^"\r\n]+"/, /`[^`\r\n]+`/)),

    // SQL, as tokens. A string may be written with doubled quotes or with backslashes.
    type: ($) => seq($.word, repeat($._type_token)),
    _type_token: ($) =>
      choice($.word, $.quoted_name, $.number, $.string, ".", $.group, $.type_arguments),
    type_arguments: ($) => seq("<", repeat(choice($._type_token, ",", ":")), ">"),
    _sql_tokens: ($) => repeat1($._sql_token),
    _sql_token: ($) =>
      choice($.word, $.quoted_name, $.number, $.string, $.operator, ".", $.group),
    group: ($) =>
      choice(
        seq("(", repeat(choice($._sql_token, ",")), ")"),
        seq("[", repeat(choice($._sql_token, ",")), "]"),
      ),
    word: ($) => $._word,
    number: (_) => /[0-9][\p{L}\p{N}_]*(\.[0-9][\p{L}\p{N}_]*)?/,
    string: (_) => token(choice(/'([^'\r\n]|'')*'/, /'([^'\\\r\n]|''|\\[^\r\n])*'/)),
    operator: (_) => /[-+*\/%<>=!|&^~@#?:;$\\{}]+/,
  },
});
