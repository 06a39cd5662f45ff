//! The file system of this machine, for the index. The one place of the program that opens files.

#![allow(
    clippy::disallowed_methods,
    reason = "this is the implementation of index::System over the real files"
)]

use ignore::{DirEntry, WalkBuilder};
use index::System;
use index::system::{Ignored, Walk};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The files on disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl System for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn read_head(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        File::open(path)?.take(limit).read_to_end(&mut head)?;
        Ok(head)
    }

    fn walk(&self, folder: &Path, ignored: Ignored, limit: usize) -> Walk {
        files(builder(folder, ignored), limit)
    }

    fn walk_part(&self, root: &Path, path: &Path, ignored: Ignored) -> Walk {
        let mut builder = builder(root, ignored);
        let part = path.to_owned();
        // The folders above are walked too: their ignore files speak of what lies below.
        builder.filter_entry(move |entry| {
            entry.path().starts_with(&part) || part.starts_with(entry.path())
        });
        let mut walk = files(builder, usize::MAX);
        walk.files.retain(|file| file.starts_with(path));
        walk
    }

    fn today(&self) -> Option<String> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        Some(day(since.as_secs() / 86_400))
    }

    fn author(&self, folder: &Path) -> Option<String> {
        let repository = gix::discover(folder).ok()?;
        let name = repository.config_snapshot().string("user.name")?;
        let name = name.to_string();
        (!name.trim().is_empty()).then(|| name.trim().to_owned())
    }
}

/// The day that comes `days` days after 1970-01-01, as `YYYY-MM-DD`: whole spans of 400 years, which
/// have 146,097 days each, then years that start in March, so that a leap day ends one (H. Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
fn day(days: u64) -> String {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let leap_days = day_of_era / 1_460 + day_of_era / 146_096 - day_of_era / 36_524;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + 400 * era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

fn builder(folder: &Path, ignored: Ignored) -> WalkBuilder {
    let skips = ignored == Ignored::Skip;
    let mut builder = WalkBuilder::new(folder);
    builder
        .hidden(true)
        // Folders behind links are left out: they lead out of the workspace, or in circles.
        .follow_links(false)
        .git_ignore(skips)
        .git_exclude(skips)
        .git_global(skips)
        .parents(skips)
        // An unpacked archive has no `.git`, and its `.gitignore` means the same.
        .require_git(false)
        .ignore(false)
        .sort_by_file_name(|left, right| left.cmp(right));
    builder
}

fn files(builder: WalkBuilder, limit: usize) -> Walk {
    let is_file = |entry: &DirEntry| {
        let kind = entry.file_type();
        kind.is_some_and(|kind| kind.is_file() || kind.is_symlink() && entry.path().is_file())
    };
    let entries = builder.build().filter_map(Result::ok).filter(is_file);
    let mut entries = entries.map(DirEntry::into_path);
    let mut files: Vec<PathBuf> = entries.by_ref().take(limit).collect();
    let cut_off = entries.next().is_some();
    files.sort_unstable();
    Walk { files, cut_off }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A folder of its own, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn with(files: &[(&str, &str)]) -> Folder {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("rationale-system-{}-{number}", std::process::id());
            let folder = Folder(std::env::temp_dir().join(name));
            for (path, text) in files {
                let path = folder.0.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            folder
        }

        fn walk(&self, below: &str, ignored: Ignored, limit: usize) -> (Vec<String>, bool) {
            let walk = Disk.walk(&self.0.join(below), ignored, limit);
            let names = walk.files.iter().map(|path| {
                let path = path.strip_prefix(&self.0).unwrap();
                path.to_str().unwrap().replace('\\', "/")
            });
            (names.collect(), walk.cut_off)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_walk_is_sorted_and_leaves_out_what_is_hidden_or_ignored() {
        let folder = Folder::with(&[
            (".gitignore", "packages/\n"),
            (".hidden/a.sql", ""),
            ("b/z.sql", ""),
            ("b.sql", ""),
            ("a/y.sql", ""),
            ("packages/p/m.sql", ""),
        ]);
        let (files, cut_off) = folder.walk("", Ignored::Skip, 100);
        assert_eq!(files, ["a/y.sql", "b/z.sql", "b.sql"]);
        assert!(!cut_off);
        let (files, _) = folder.walk("packages", Ignored::List, 100);
        assert_eq!(files, ["packages/p/m.sql"]);
    }

    #[test]
    fn a_part_of_a_walk_is_what_the_whole_walk_lists_there() {
        let folder = Folder::with(&[
            (".gitignore", "*.tmp.sql\n"),
            ("a/.gitignore", "old/\n"),
            ("a/b/c.sql", ""),
            ("a/b/c.tmp.sql", ""),
            ("a/b.sql", ""),
            ("a/old/d.sql", ""),
            ("e.sql", ""),
        ]);
        let whole = Disk.walk(&folder.0, Ignored::Skip, 100).files;
        for part in [
            "",
            "a",
            "a/b",
            "a/b.sql",
            "a/old",
            "a/old/d.sql",
            "a/b/c.tmp.sql",
            "gone",
        ] {
            let path = folder.0.join(part);
            let expected: Vec<_> = whole
                .iter()
                .filter(|file| file.starts_with(&path))
                .collect();
            let walk = Disk.walk_part(&folder.0, &path, Ignored::Skip);
            assert_eq!(walk.files.iter().collect::<Vec<_>>(), expected, "{part}");
        }
    }

    #[test]
    fn a_walk_stops_at_its_limit_and_says_so() {
        let folder = Folder::with(&[("a.sql", ""), ("b.sql", ""), ("c.sql", "")]);
        assert!(!folder.walk("", Ignored::Skip, 3).1);
        let (files, cut_off) = folder.walk("", Ignored::Skip, 2);
        assert_eq!((files.len(), cut_off), (2, true));
    }

    #[test]
    fn the_head_of_a_file_is_all_of_a_short_one() {
        let folder = Folder::with(&[("a.csv", "id,name\n1,x\n")]);
        let path = folder.0.join("a.csv");
        assert_eq!(Disk.read_head(&path, 4).unwrap(), b"id,n");
        assert_eq!(
            Disk.read_head(&path, 4000).unwrap(),
            Disk.read(&path).unwrap()
        );
        let missing = Disk.read(&folder.0.join("b.csv")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (19_723, "2024-01-01"),
            (20_453, "2025-12-31"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(day(days), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_file_is_listed_and_a_linked_folder_is_not() {
        let folder = Folder::with(&[("w/a.sql", ""), ("outside/b.sql", "")]);
        let link = |to: &str, from: &str| {
            std::os::unix::fs::symlink(folder.0.join(to), folder.0.join(from)).unwrap();
        };
        link("outside/b.sql", "w/b.sql");
        link("outside", "w/outside");
        link("w", "w/circle");
        assert_eq!(
            folder.walk("w", Ignored::Skip, 100).0,
            ["w/a.sql", "w/b.sql"]
        );
    }
}
