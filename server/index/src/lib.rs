//! The workspace: every spec and SQL file, what they say, and what that means for each table.
//!
//! Map, then reduce. Each file's facts are a pure function of its own text; tables and products are
//! joined from facts by name, through explicit edges in both directions, so that an edit costs what
//! it reaches and no more. Readers work on a [`Snapshot`] and never block the writer.
//!
//! **Invariant:** nothing here touches the outside world but through [`System`].
//! **Invariant:** any sequence of changes leaves the same state as a fresh start on the same files,
//! but for a dialect that was found from a sample, which is kept until the next start.

pub mod binding;
mod called;
pub mod configuration;
mod configured;
mod contribution;
mod cycles;
pub mod declared;
mod dialect;
pub mod file;
mod ignore;
pub mod lineage;
pub mod lock;
mod macros;
pub mod named;
mod paranoid;
mod paths;
pub mod project;
pub mod reach;
mod read;
pub mod readable;
mod reader;
pub mod relations;
mod resolve;
mod sentences;
mod shards;
mod slots;
pub mod snapshot;
mod survey;
pub mod system;
pub mod table;
mod tables;
mod trial;
mod undefined;
pub mod workspace;

pub use called::MacroKey;
pub use file::{Facts, File, FileId, FileKind, SqlRole};
pub use reader::{Loaded, Reader};
pub use sentences::Parsed;
pub use snapshot::Snapshot;
pub use system::System;
pub use table::{Column, DescriptionId, ModelId, Table, TableKey};
pub use workspace::{Change, Loading, Reached, Workspace};
