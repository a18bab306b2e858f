//! The command's arguments, in the reader's language; [`words`] says what clap
//! finds wrong with them.

mod words;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::{ExitCode, Termination};
use std::time::Duration;

use anyhow::Result;
use book::build::{self, Changed, Served};
use book::parts::{self, Part};
use book::{editions, limited, preprocess, recordings};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use classroom::compiler;
use practice::check::{self, Which};
use practice::help::{self, Hints};
use practice::{progress, reset, watch};
use programs::soak;
use project::locale::t;
use project::{EDITIONS, Project, names};
use recording::model::Clock;

use crate::propose;
use crate::trace::{self, Asked, View};

#[derive(Parser)]
#[command(
    name = "cargo run --",
    about = t("异步 Rust 练习册：阅读、构建、检查。", "The Async Rust Workbook: read, build and check it."),
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Args)]
struct ServeArgs {
    #[arg(
        value_name = t("章节", "CHAPTER"),
        help = t("要打开的章节，例如 gather", "the chapter to open, such as gather"),
    )]
    chapter: Option<String>,
    #[arg(
        long,
        value_name = t("端口", "PORT"),
        help = t("监听的端口（默认 3000，被占用就用下一个）", "the port (default: 3000, or the next free one)"),
    )]
    port: Option<u16>,
    #[arg(long, help = t("不打开浏览器", "do not open a browser"))]
    no_open: bool,
    #[arg(long, help = t("只读：页面里不能运行代码", "for reading alone: no page runs code"))]
    no_run: bool,
}

#[derive(Subcommand)]
enum Command {
    #[command(about = t("构建两个版本，在浏览器里阅读（默认）", "build both editions and read them in the browser (the default)"))]
    Serve(ServeArgs),
    #[command(about = t("检查你的练习答案（不写名字就检查下一个）", "check your answers (without a name: the next one)"))]
    Check {
        #[arg(value_name = t("练习", "NAME"), help = t("要检查的练习，例如 gather", "the exercises to check, such as gather"))]
        names: Vec<String>,
        #[arg(long, conflicts_with = "names", help = t("检查所有练习，每个一行", "all exercises, a line each"))]
        all: bool,
    },
    #[command(about = t("每次保存都检查一遍", "check at every save"))]
    Watch {
        #[arg(value_name = t("练习", "NAME"), help = t("只看这个练习（不写就跟着你保存的那个走）", "this exercise alone (without it: whichever you save)"))]
        name: Option<String>,
    },
    #[command(about = t("看一条提示，每次多说一点", "show a hint, a more telling one each time"))]
    Hint {
        #[arg(value_name = t("练习", "NAME"), help = t("哪个练习", "the exercise"))]
        name: String,
        #[arg(long, value_name = "N", help = t("第几条提示", "the hint of this level"))]
        level: Option<usize>,
        #[arg(long, conflicts_with = "level", help = t("所有提示", "all hints"))]
        all: bool,
    },
    #[command(about = t("恢复起始文件，并备份你的答案", "put the starter back, and keep your answer"))]
    Reset {
        #[arg(value_name = t("练习", "NAME"), help = t("哪个练习", "the exercise"))]
        name: String,
    },
    #[command(about = t("通过之后看参考答案", "show the solution, once yours has passed"))]
    Solution {
        #[arg(value_name = t("练习", "NAME"), help = t("哪个练习", "the exercise"))]
        name: String,
        #[arg(long, help = t("没通过也看", "even if yours has not"))]
        show: bool,
    },
    #[command(about = t("所有练习做到哪了，下一步做什么", "how far you are, and what comes next"))]
    Progress,
    #[command(about = t("把静态网站写进一个文件夹", "write the static site to a folder"))]
    Build {
        #[arg(
            long,
            default_value = "book",
            value_name = t("文件夹", "DIR"),
            value_parser = words::path(),
            help = t("写到哪里", "where to write it"),
        )]
        out: PathBuf,
    },
    #[command(about = t("画出一个程序的时间线：书里的，或者你自己的", "draw a program's timeline: one of the book's, or your own"))]
    Trace {
        #[arg(
            value_name = t("示例|文件.rs|文件夹", "NAME|FILE.rs|FOLDER"),
            help = t(
                "示例的名字，例如 gather；或者一个 Rust 文件；或者一个 cargo 包的文件夹",
                "the example, such as gather; or a Rust file; or the folder of a cargo package",
            ),
        )]
        name: String,
        #[arg(long, help = t("打印记录本身（JSON）", "print the recording itself, as JSON"))]
        json: bool,
        #[arg(
            long,
            value_name = t("文件", "FILE"),
            value_parser = words::path(),
            conflicts_with = "json",
            help = t("把图写进一个 SVG 文件", "write the picture to an SVG file"),
        )]
        svg: Option<PathBuf>,
        #[arg(
            long,
            value_name = t("文件", "FILE"),
            value_parser = words::path(),
            conflicts_with_all = ["json", "svg"],
            help = t(
                "写成一个可以一步一步走的网页，单独一个文件",
                "write a page to step through, one file on its own",
            ),
        )]
        html: Option<PathBuf>,
        #[arg(
            long,
            value_name = "real|paused",
            value_parser = words::clock(),
            help = t("用真实时钟还是暂停的时钟", "run on the real clock, or on the paused one"),
        )]
        clock: Option<Clock>,
        #[arg(
            long,
            value_name = t("名字", "NAME"),
            help = t("包里的哪个可执行文件", "which of a package's executables"),
        )]
        bin: Option<String>,
        #[arg(
            last = true,
            value_name = t("参数", "ARGS"),
            help = t("交给程序的参数（只对包）", "what a package's program is called with"),
        )]
        arguments: Vec<OsString>,
    },
    #[command(about = t("试一试页面上提出的修改", "try a change that a page proposes"))]
    Try {
        #[arg(value_name = t("示例", "NAME"), help = t("示例的名字，例如 gather", "the example, such as gather"))]
        name: String,
        #[arg(value_name = t("修改", "ID"), help = t("哪一个修改（不写就全列出来）", "which change (without one: all are listed)"))]
        id: Option<String>,
        #[arg(
            long,
            requires = "id",
            help = t("把改过的程序留在 examples/own 里，接着改", "keep the changed program in examples/own, to go on with it"),
        )]
        keep: bool,
    },
    #[command(about = t("重新录制示例，写进 recordings/", "record the examples anew, into recordings/"))]
    Record {
        #[arg(value_name = t("示例", "NAME"), help = t("只录这些示例（不写就全录）", "only these examples (without a name: all)"))]
        names: Vec<String>,
    },
    #[command(about = t("在这台机器上，把 tokio 和 asyncio 放在一起测", "measure tokio beside asyncio, on this machine"))]
    Compare {
        #[arg(long, value_name = "N", help = t("每一项测几遍（默认 5）", "how often each case is measured (default: 5)"))]
        rounds: Option<NonZeroUsize>,
        #[arg(long, help = t("把结果记进 compare/recorded.toml", "keep the run in compare/recorded.toml"))]
        record: bool,
    },
    #[command(about = t("两个版本对照读过之后，记下这一点", "record that both editions were read side by side"))]
    Accept,
    #[command(about = t("在满负荷下反复运行示例，输出必须不变", "run the examples again and again under full load; the output must not change"))]
    Soak {
        #[arg(
            default_value = "20",
            value_name = t("次数", "N"),
            help = t("每个示例运行多少次", "how often each example runs"),
        )]
        times: NonZeroUsize,
        #[arg(value_name = t("示例", "NAME"), help = t("只运行这些示例", "only these examples"))]
        names: Vec<String>,
    },
    #[command(about = t("给全班的作业评分，写出成绩和报告", "grade the submissions of a class, and write scores and pages"))]
    Grade {
        #[arg(
            value_name = t("作业", "SUBMISSIONS"),
            value_parser = words::path(),
            help = t("每个学生一个文件夹或 .zip", "the folder that holds a folder or a .zip for each student"),
        )]
        submissions: PathBuf,
        #[arg(
            long,
            value_name = t("名单", "CSV"),
            value_parser = words::path(),
            help = t("全班名单：学号、姓名、文件夹、语言", "the class list: id, name, folder, lang"),
        )]
        roster: Option<PathBuf>,
        #[arg(
            long,
            value_name = t("文件夹", "DIR"),
            value_parser = words::path(),
            help = t("报告写到哪里", "where to write the report"),
        )]
        out: PathBuf,
        #[arg(long, help = t("评过的也重新评", "grade also what is graded already"))]
        again: bool,
    },
    #[command(about = t("显示说明，或一个命令的说明", "print the help, or that of one command"))]
    Help {
        #[arg(value_name = t("命令", "COMMAND"), help = t("哪个命令", "the command"))]
        command: Option<String>,
    },
    #[command(about = t("打印页面里生成的部分（供 cmdrun 使用）", "print a generated part of a page (for cmdrun)"))]
    Page {
        #[command(subcommand)]
        part: Part,
    },
    #[command(about = t("作为 mdBook 的预处理器运行", "run as mdBook's preprocessor"), hide = true)]
    Preprocess {
        #[command(subcommand)]
        question: Option<Question>,
    },
    #[command(about = t("在隔离中运行一道练习的测试", "run the tests of one answer, confined"), hide = true)]
    Confined {
        work: PathBuf,
        program: PathBuf,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

#[derive(Subcommand)]
enum Question {
    /// mdBook asks whether a renderer is supported.
    Supports { renderer: String },
}

/// Runs the command and prints an error as one sentence.
pub fn main() -> ExitCode {
    if compiler::is_wrapper() {
        return answer(compiler::run());
    }
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let [_, first, rest @ ..] = arguments.as_slice()
        && first == limited::COMMAND
        && let [seconds, build, command] = rest
    {
        let words = [seconds, build, command].map(|word| word.to_string_lossy());
        return answer(run_limited(&words[0], &words[1], &words[2]));
    }
    if let [_, first, words @ ..] = arguments.as_slice() {
        if first == jobs::COMMAND {
            return answer(jobs::run(words));
        }
        if first == confined::HELD {
            return answer(confined::held(words));
        }
    }
    dispatch(arguments)
}

/// One cmdrun command.
fn run_limited(seconds: &str, build: &str, command: &str) -> Result<ExitCode> {
    limited::run(command, Duration::try_from_secs_f64(seconds.parse()?)?, build.parse()?)
}

fn dispatch(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = words::localized::<Cli>().try_get_matches_from(arguments);
    let cli = match matches.and_then(|found| Cli::from_arg_matches(&found)) {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            return answer(words::print(error.render()).map(|()| ExitCode::SUCCESS));
        }
        Err(error) => {
            eprintln!("{}{}", t("错误：", "error: "), words::sentence(&error));
            return ExitCode::from(2);
        }
    };
    answer(run(cli))
}

fn answer(result: Result<ExitCode>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}{}", t("错误：", "error: "), with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error and what caused it; behind a whole sentence, in brackets.
fn with_causes(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    let (said, causes) = (error.to_string(), causes.join(": "));
    match said.chars().last() {
        _ if causes.is_empty() => said,
        Some('。') => format!("{said}（{causes}）"),
        Some('.') => format!("{said} ({causes})"),
        _ => format!("{said}: {causes}"),
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let command = cli.command.unwrap_or(Command::Serve(cli.serve));
    if let Command::Confined { work, program, arguments } = command {
        return confined::run(&work, &program, &arguments);
    }
    if let Command::Help { command } = command {
        words::print_help::<Cli>(command.as_deref())?;
        return Ok(ExitCode::SUCCESS);
    }
    let project = Project::find()?;
    match command {
        Command::Serve(args) => {
            if let Some(name) = &args.chapter {
                expect_chapter_or_command(&project, name)?;
            }
            let options = server::Options {
                port: args.port,
                open: !args.no_open,
                chapter: args.chapter,
                run: !args.no_run,
            };
            return until_interrupted(ExitCode::SUCCESS, server::serve(project, options));
        }
        Command::Check { names, all } => {
            let which = match (all, names.is_empty()) {
                (true, _) => Which::All,
                (false, true) => Which::Next,
                (false, false) => Which::Named(names),
            };
            return until_interrupted(ExitCode::from(INTERRUPTED), check::check(&project, which));
        }
        Command::Watch { name } => {
            return until_interrupted(ExitCode::SUCCESS, watch::watch(&project, name.as_deref()));
        }
        Command::Hint { name, level, all } => {
            let which = match (all, level) {
                (true, _) => Hints::All,
                (false, Some(level)) => Hints::Level(level),
                (false, None) => Hints::Next,
            };
            help::hint(&project, &name, which)?;
        }
        Command::Reset { name } => reset::reset(&project, &name)?,
        Command::Solution { name, show } => help::solution(&project, &name, show)?,
        Command::Progress => progress::progress(&project)?,
        Command::Build { out } => {
            return until_interrupted(ExitCode::from(INTERRUPTED), async move {
                let shown = out.display().to_string();
                let building =
                    move || build::build(&project, &out, Served::Static, Changed::Anything);
                tokio::task::spawn_blocking(building).await??;
                eprintln!("{}", t(format!("已写入 {shown}。"), format!("Wrote {shown}.")));
                Ok(())
            });
        }
        Command::Soak { times, names } => {
            let expected = recordings::outputs(&project, &names)?;
            let soaking = async move { soak::soak(&project, times.get(), expected).await };
            return until_interrupted(ExitCode::from(INTERRUPTED), soaking);
        }
        Command::Trace { name, json, svg, html, clock, bin, arguments } => {
            let view = match (svg, html) {
                _ if json => View::Json,
                (Some(file), _) => View::Svg(file),
                (None, Some(file)) => View::Html(file),
                (None, None) => View::Lanes,
            };
            let asked = Asked { name, clock, bin, arguments };
            return until_interrupted(ExitCode::from(INTERRUPTED), async {
                let tracing = move || trace::show(&project, &asked, view);
                tokio::task::spawn_blocking(tracing).await?
            });
        }
        Command::Try { name, id, keep } => {
            return until_interrupted(ExitCode::from(INTERRUPTED), async move {
                let trying = move || propose::show(&project, &name, id.as_deref(), keep);
                tokio::task::spawn_blocking(trying).await?
            });
        }
        Command::Record { names } => {
            return until_interrupted(ExitCode::from(INTERRUPTED), async {
                let recording = move || snapshots::record(&project, &names);
                tokio::task::spawn_blocking(recording).await?
            });
        }
        Command::Grade { submissions, roster, out, again } => {
            let options = classroom::Options { submissions, roster, out, again };
            let grading = async move { classroom::grade(&project, &options).await };
            return until_interrupted(ExitCode::from(INTERRUPTED), grading);
        }
        Command::Compare { rounds, record } => {
            return compare::measure::run(&project, rounds, record);
        }
        Command::Accept => editions::accept(&project)?,
        Command::Page { part } => print!("{}", parts::render(&project, parts::edition()?, part)?),
        Command::Preprocess { question: Some(Question::Supports { renderer }) } => {
            return Ok(if renderer == "html" { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Preprocess { question: None } => preprocess::serve_protocol(&project)?,
        Command::Confined { .. } | Command::Help { .. } => unreachable!("handled above"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The exit code of a command that Ctrl-C cut short, as shells have it.
const INTERRUPTED: u8 = 130;

/// Runs to the end, or to Ctrl-C: then nothing half-written stays behind, and
/// the exit code is `interrupted`.
fn until_interrupted<T: Termination>(
    interrupted: ExitCode,
    work: impl Future<Output = Result<T>>,
) -> Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let result = runtime.block_on(async {
        tokio::select! {
            // First, so that it listens before the work begins.
            biased;
            _ = tokio::signal::ctrl_c() => {
                output::abandon();
                record::run::end_all();
                eprintln!();
                Ok(interrupted)
            }
            result = work => result.map(Termination::report),
        }
    });
    // A build may be under way on a blocking thread; its folder is gone already.
    runtime.shutdown_background();
    result
}

/// `cargo run -- bild` names neither a chapter nor a command.
fn expect_chapter_or_command(project: &Project, name: &str) -> Result<()> {
    let commands: Vec<String> = Cli::command()
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| command.get_name().to_owned())
        .collect();
    let pages = project.pages(EDITIONS[0])?;
    if !pages.iter().any(|page| page == name) {
        let known = commands.iter().chain(&pages).map(String::as_str);
        anyhow::bail!(names::unknown(("命令或章节", "command or chapter"), name, known));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cause_follows_a_sentence_in_brackets() {
        let chain = |said| super::with_causes(&anyhow::anyhow!("no room").context(said));
        assert_eq!(chain("Choose another."), "Choose another. (no room)");
        assert_eq!(chain("换一个。"), "换一个。（no room）");
        assert_eq!(chain("a.toml"), "a.toml: no room");
        assert_eq!(super::with_causes(&anyhow::anyhow!("One thing.")), "One thing.");
    }
}
