//! `packages.yml` and `dependencies.yml`: which packages a dbt project uses. Those from elsewhere are
//! found where they are installed; those named by a folder are read in that folder.

use super::lenient::{self, Keys};
use crate::problem::Decoded;
use crate::reader::Reader;
use syntax::yaml;

/// The names of the files in which a project says which packages it uses.
pub const FILE_NAMES: [&str; 2] = ["packages.yml", "dependencies.yml"];

/// What such a file says, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DbtPackages {
    /// The folders of packages that are not installed, as written: relative to the project, with `/`.
    pub local: Vec<String>,
}

/// Reads such a file. Its problems are those of the YAML alone.
pub fn decode(text: &str) -> Decoded<DbtPackages> {
    let parse = yaml::parse(text);
    let document = parse.documents.first();
    let mut reader = Reader::new(text, &parse, document);
    let mut packages = DbtPackages::default();
    if let Some(document) = document {
        let root = reader.value(&document.root);
        let keys = Keys::of(&mut reader, root);
        for package in lenient::items(&mut reader, keys.get("packages")) {
            let package = Keys::of(&mut reader, package);
            let folder = package
                .get("local")
                .and_then(|pair| lenient::text(pair.value));
            let written = folder.filter(|folder| !lenient::is_template(folder));
            packages.local.extend(written);
        }
    }
    reader.finish(packages)
}
