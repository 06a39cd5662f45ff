; An expression is SQL of the product's dialect.
((sql) @injection.content
  (#set! injection.language "sql")
  (#set! injection.include-children))
