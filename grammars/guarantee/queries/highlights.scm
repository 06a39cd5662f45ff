; Words of the language.
[
  "absent" "as" "by" "classified" "columns" "comes" "counts" "each" "every" "except" "excludes" "exists"
  "from" "has" "in" "is" "its" "keeps" "latest" "leave" "leaves" "lists" "match" "materialized" "merged"
  "never" "null" "of" "on" "once" "one" "only" "per" "reads" "refers" "renamed" "row" "rows" "that" "the"
  "through" "to" "unchanged" "unique" "where"
] @keyword

"=" @operator
["." "," ":"] @punctuation.delimiter
["(" ")" "[" "]" "<" ">"] @punctuation.bracket

; A name is that of a table, unless the sentence is about a column: then its last part is one.
(path [(name) (quoted_name)] @type)
(_ column: (path [(name) (quoted_name)] @property .))
(_ per: (path [(name) (quoted_name)] @property .))
(_ by: (path [(name) (quoted_name)] @property .))
(_ on: (path [(name) (quoted_name)] @property .))
(refers_to to: (path [(name) (quoted_name)] @property .))
(comes_from from: (path [(name) (quoted_name)] @property .))
(comes_unchanged from: (path [(name) (quoted_name)] @property .))
(_ what: (path (_) [(name) (quoted_name)] @property .))
(never_comes_from from: (path (_) [(name) (quoted_name)] @property .))

(function) @function
(term) @constant
(unit) @constant
(type) @type.builtin

; SQL, for an editor that has no grammar of it.
(sql (word) @variable)
(group (word) @variable)
(number) @number
(string) @string
(operator) @operator
