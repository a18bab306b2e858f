//! clap's own words in the reader's language: its help, and one sentence for each
//! kind of error.

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::builder::{PathBufValueParser, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use project::locale::t;
use project::names::{self, shown};
use recording::model::Clock;

/// The command line `C` with headings and usage in the reader's language.
pub fn localized<C: CommandFactory>() -> Command {
    fn walk(command: Command) -> Command {
        let names: Vec<String> =
            command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        let command = command
            .disable_help_flag(true)
            .arg(
                clap::Arg::new("help")
                    .short('h')
                    .long("help")
                    .action(clap::ArgAction::Help)
                    .help(t("显示这段说明", "print this help")),
            )
            .subcommand_help_heading(t("命令", "Commands"))
            .help_template(t(
                "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}",
                "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}",
            ))
            .mut_args(|arg| {
                let heading = if arg.is_positional() {
                    t("参数", "Arguments")
                } else {
                    t("选项", "Options")
                };
                arg.help_heading(heading)
            });
        names.into_iter().fold(command, |command, name| command.mut_subcommand(name, walk))
    }
    walk(C::command().bin_name("cargo run --"))
}

/// The longest name of a file that common file systems take, in bytes.
const LONGEST_FILE_NAME: usize = 255;
/// The longest path that Linux takes, in bytes.
const LONGEST_PATH: usize = 4096;

/// A path that may be repeated in a message: no system takes a longer one, and
/// nothing in it moves a terminal's cursor.
pub fn path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        let is_too_long = path.as_os_str().len() >= LONGEST_PATH
            || path.iter().any(|name| name.len() > LONGEST_FILE_NAME);
        let is_odd = path.to_string_lossy().chars().any(names::is_unsafe);
        if is_too_long || is_odd { Err("no path") } else { Ok(path) }
    })
}

/// A clock that a program can be recorded on.
pub fn clock() -> impl TypedValueParser<Value = Clock> {
    PossibleValuesParser::new(["real", "paused"]).map(|name| match name.as_str() {
        "real" => Clock::Real,
        _ => Clock::Paused,
    })
}

/// Prints the help, or that of one command.
///
/// # Errors
///
/// There is no such command: one sentence with the nearest names.
pub fn print_help<C: CommandFactory>(name: Option<&str>) -> Result<()> {
    let mut all = localized::<C>();
    // Names of commands and usage are put together here.
    all.build();
    let Some(name) = name else { return print(all.render_help()) };
    let Some(command) = all.find_subcommand_mut(name) else {
        let known = all.get_subcommands().filter(|command| !command.is_hide_set());
        bail!(names::unknown(("命令", "command"), name, known.map(Command::get_name)));
    };
    print(command.render_help())
}

/// Prints a help text. Whoever closes the pipe has seen enough.
///
/// # Errors
///
/// Standard output cannot be written.
pub fn print(help: clap::builder::StyledStr) -> Result<()> {
    let help =
        if std::io::stdout().is_terminal() { help.ansi().to_string() } else { help.to_string() };
    // The one word that clap's usage has and no setting changes.
    let help = help.replace("[OPTIONS]", t("[选项]", "[OPTIONS]"));
    crate::trace::print(&help)
}

/// One sentence for what clap found wrong.
pub fn sentence(error: &clap::Error) -> String {
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(shown(word)),
        Some(ContextValue::Strings(words)) => {
            Some(words.iter().map(|word| shown(word)).collect::<Vec<_>>().join(t("、", ", ")))
        }
        Some(ContextValue::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let argument = word(ContextKind::InvalidArg).filter(|argument| !argument.is_empty());
    let named = argument.clone().unwrap_or_else(|| t("这个参数", "This argument").to_owned());
    match error.kind() {
        ErrorKind::UnknownArgument => match (word(ContextKind::SuggestedArg), argument) {
            (Some(near), _) => t(
                format!("没有 {named} 这个选项；你要的是 {near} 吗？"),
                format!("There is no option {named}; did you mean {near}?"),
            ),
            (None, Some(argument)) if !argument.starts_with('-') => t(
                format!("多写了 `{argument}`；--help 说明怎样写。"),
                format!("`{argument}` is one word too many; --help says what is taken."),
            ),
            (None, _) => t(
                format!("没有 {named} 这个选项；--help 列出全部。"),
                format!("There is no option {named}; --help lists them."),
            ),
        },
        ErrorKind::InvalidSubcommand => {
            let name = word(ContextKind::InvalidSubcommand).unwrap_or_default();
            match word(ContextKind::SuggestedSubcommand) {
                Some(near) => t(
                    format!("没有名为 `{name}` 的命令；你要的是 `{near}` 吗？"),
                    format!("There is no command named `{name}`; did you mean `{near}`?"),
                ),
                None => t(
                    format!("没有名为 `{name}` 的命令；--help 列出全部。"),
                    format!("There is no command named `{name}`; --help lists them."),
                ),
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = word(ContextKind::InvalidValue).unwrap_or_default();
            if value.is_empty() {
                return t(format!("{named} 后面还缺一个值。"), format!("{named} needs a value."));
            }
            t(
                format!("{named} 不能是“{value}”；--help 说明它要什么。"),
                format!("{named} cannot be \"{value}\"; --help says what it takes."),
            )
        }
        ErrorKind::ArgumentConflict => match (argument, word(ContextKind::PriorArg)) {
            (Some(argument), Some(other)) if argument != other => t(
                format!("{argument} 和 {other} 不能一起用。"),
                format!("{argument} and {other} cannot be used together."),
            ),
            (Some(argument), _) => {
                t(format!("{argument} 只能写一次。"), format!("{argument} can be given only once."))
            }
            (None, _) => t(
                "一次只能写一章，或者一个命令。".to_owned(),
                "One chapter at a time, or one command.".to_owned(),
            ),
        },
        ErrorKind::MissingRequiredArgument => {
            t(format!("还缺 {named}。"), format!("{named} is missing."))
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            t("还缺一个命令；--help 列出全部。", "A command is missing; --help lists them.")
                .to_owned()
        }
        ErrorKind::NoEquals => t(
            format!("{named} 后面要写等号：{named}=值。"),
            format!("{named} wants an equals sign: {named}=VALUE."),
        ),
        ErrorKind::TooManyValues => {
            t(format!("{named} 的值太多了。"), format!("{named} has too many values."))
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => t(
            format!("{named} 的值个数不对；--help 说明它要什么。"),
            format!("{named} has the wrong number of values; --help says what it takes."),
        ),
        ErrorKind::InvalidUtf8 => t(
            "有一个参数不是 UTF-8 文字；名字只用字母、数字和下划线。".to_owned(),
            "An argument is not UTF-8 text; names have letters, digits and underscores.".to_owned(),
        ),
        ErrorKind::Io | ErrorKind::Format => {
            t("说明打印不出来。".to_owned(), "The help cannot be printed.".to_owned())
        }
        _ => t(
            "这样的参数看不懂；--help 说明怎样写。".to_owned(),
            "These arguments are not understood; --help says what is taken.".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    #[derive(Parser)]
    #[command(disable_help_subcommand = true)]
    struct Line {
        #[arg(long, require_equals = true)]
        equals: Option<u8>,
        #[arg(long, num_args = 2)]
        two: Vec<String>,
        name: Option<String>,
    }

    /// Whatever is wrong, no word of clap's own reaches a reader of Chinese.
    #[test]
    fn every_error_has_a_sentence_of_ours() {
        use std::ffi::OsString;
        #[cfg(unix)]
        let garbled: OsString = std::os::unix::ffi::OsStringExt::from_vec(vec![0xff]);
        #[cfg(not(unix))]
        let garbled: OsString = "--no".into();
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let mut lines = [
            &["--equals", "1"][..],
            &["--equals=x"],
            &["--two", "a"],
            &["--no"],
            &["a", "b"],
            &["--equals=1", "--equals=2"],
        ]
        .map(words)
        .to_vec();
        lines.push(vec![garbled]);
        for line in lines {
            let arguments = std::iter::once("line".into()).chain(line.clone());
            let matches = super::localized::<Line>().try_get_matches_from(arguments);
            let error = matches.expect_err("it is wrong");
            let clap = error.render().to_string();
            let said = super::sentence(&error);
            assert!(!said.is_empty() && !clap.contains(&said), "{line:?}: {said}");
            assert_eq!(said.lines().count(), 1, "{line:?}: {said}");
        }
    }

    #[test]
    fn the_arguments_are_well_formed() {
        super::localized::<super::super::Cli>().debug_assert();
    }
}
