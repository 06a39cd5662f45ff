//! What the standard output can show, and the few styles that are used on it.

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use clap::ColorChoice;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal};

/// What the standard output can show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Whether to style text.
    pub(super) is_colored: bool,
    /// How many characters fit on a line.
    pub(super) width: usize,
}

/// Headings and names.
pub(super) const BOLD: Style = Style::new().effects(Effects::BOLD);
/// What is only there for orientation.
pub(super) const DIM: Style = Style::new().effects(Effects::DIMMED);
/// Text that is to be typed or is taken from a file.
pub(super) const CODE: Style = AnsiColor::Cyan.on_default();

/// Lines are as long as this where no terminal says how wide it is.
const DEFAULT_WIDTH: usize = 100;
/// Longer lines are no pleasure to read, however wide the terminal.
const LONGEST_LINE: usize = 140;
/// In a narrower terminal nothing can be laid out; its lines are left to wrap.
const SHORTEST_LINE: usize = 40;

impl Terminal {
    /// The standard output, with the colors that were asked for.
    pub(super) fn of_stdout(choice: ColorChoice) -> Terminal {
        let stdout = io::stdout();
        let is_colored = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                stdout.is_terminal() && allows_color(|name| std::env::var_os(name))
            }
        };
        let size = terminal_size::terminal_size_of(stdout);
        let width = size.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
        Terminal {
            is_colored,
            width: width.clamp(SHORTEST_LINE, LONGEST_LINE),
        }
    }

    /// `text`, in `style` where the output shows styles.
    pub(super) fn paint(self, style: Style, text: impl Display) -> String {
        if self.is_colored {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }
}

/// Whether the environment leaves colors to a terminal: <https://no-color.org>, and `TERM=dumb`.
fn allows_color(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let refuses = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = variable("TERM").is_some_and(|value| value == "dumb");
    !refuses && !is_dumb
}

/// The result of writing to an output that its reader may close when it has seen enough, as
/// `rationale check | head` does. That is no failure.
pub(super) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_can_refuse_colors() {
        let given = |set: &'static str, value: &'static str| {
            allows_color(move |name| (name == set).then(|| value.into()))
        };
        assert!(!given("NO_COLOR", "1"));
        assert!(given("NO_COLOR", ""));
        assert!(!given("TERM", "dumb"));
        assert!(given("TERM", "xterm-256color"));
    }

    #[test]
    fn text_is_painted_only_where_colors_show() {
        let painted = |is_colored| {
            Terminal {
                is_colored,
                width: 80,
            }
            .paint(BOLD, "a")
        };
        assert_eq!(painted(false), "a");
        assert_eq!(painted(true), "\u{1b}[1ma\u{1b}[0m");
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        assert!(unless_closed(Err(io::ErrorKind::BrokenPipe.into())).is_ok());
        assert!(unless_closed(Err(io::ErrorKind::StorageFull.into())).is_err());
    }
}
