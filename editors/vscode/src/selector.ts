// Which documents the server is told of. It decides itself what each of them is, from its path: this
// only has to leave nothing out, whatever other extensions call SQL and YAML.

import type { DocumentSelector } from "vscode-languageclient/node";

const SQL_LANGUAGES = [
  "sql",
  "jinja-sql", // dbt, with highlighting for Jinja
  "dbt-sql",
  "snowflake-sql",
  "sql-bigquery",
  "postgres",
  "plpgsql",
  "mssql",
  "databricks-sql",
  "duckdb-sql",
];

const PATTERNS = ["**/*.sql", "**/*.{yml,yaml}", "**/*.spec.lock", "**/rationale.toml"];

export const documentSelector: DocumentSelector = [
  ...SQL_LANGUAGES.map((language) => ({ scheme: "file", language })),
  ...PATTERNS.map((pattern) => ({ scheme: "file", pattern })),
];
