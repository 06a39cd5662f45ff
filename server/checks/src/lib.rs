//! What is to be said about a workspace: one file per diagnostic.
//!
//! Each of those files holds the diagnostic's documentation, its metadata, its logic and its tests.
//! A check reads a snapshot of the index and answers for one unit: a file, a table or a product.
//! [`Findings`] keeps the answers by unit, so that an edit costs what it reached.
//!
//! **Invariant:** a check never reads a file, never knows a protocol, and never says what it can't
//! tell for certain.
//! **Invariant:** a panic in one check of one unit costs that unit only.

mod answers;
mod code;
mod conflict;
mod context;
mod coverage;
mod documentation;
mod drift;
pub mod example;
mod finding;
mod findings;
mod fix;
mod fold;
mod guarantee;
mod keeping;
mod lock_update;
mod names;
mod sentences;
pub mod shorten;
mod silence;
mod since;
mod unit;
mod unsaid;
mod words;

mod ambiguous_name;
mod analysis_failed;
mod conflicting_amendments;
mod contradicts_amendment;
mod contradicts_declaration;
mod duplicate_id;
mod duplicate_name;
mod guarantee_at_risk;
mod invalid_configuration;
mod invalid_guarantee;
mod invalid_spec;
mod invalid_yaml;
mod missing_description;
mod missing_why;
mod not_yet_met;
mod open_amendment;
mod phantom_column;
mod phantom_table;
mod rebound_name;
mod rewritten_history;
mod text_cut_off;
mod undocumented_column;
mod undocumented_table;
mod unknown_amendment;
mod unknown_name;
mod unparsable_sql;
mod unrecorded_change;
mod unused_ignore;
mod why_repeats_name;
mod yaml_1_1_value;

pub use answers::{Answers, Outcome, SentenceAnswer};
pub use code::{Code, code, codes};
pub use coverage::Coverage;
pub use finding::{At, Finding, Related, Severity, Subject};
pub use findings::{Findings, Work};
pub use fix::amendment::{AmendmentRequest, draft_amendment, draft_amendment_in_new_spec};
pub use fix::create_spec::spec_drafts;
pub use fix::draft::{is_draft, note_length};
pub use fix::draft_specs::{NoSpecs, SpecDraft, SpecRequest, draft_specs};
pub use fix::renaming::{Rename, record_rename};
pub use fix::{Detail, FileEdit, Fix, fixes};
pub use invalid_guarantee::sentence_problem;
pub use lock_update::{LockLine, LockOutcome, LockRequest, LockUpdate, update_locks};
pub use open_amendment::{steps, withdrawal};
pub use since::{
    Amended, HistoryChanges, NewIgnore, NewSetting, Withdrawn, history_changes, new_findings,
};
