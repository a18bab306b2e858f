//! Builds both editions into one folder, whole or not at all.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};

use anyhow::{Context, Result, anyhow, bail};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

use crate::{
    damage, lint,
    locale::t,
    parts,
    preprocess::Cmdrun,
    programs::{self, Which},
    project::{EDITIONS, Edition, Project},
};

/// The path of the live reload's event stream on the local server.
pub const LIVE_RELOAD: &str = "live-reload";

/// What may have changed since the last build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Programs too: cargo is asked to compile them.
    Anything,
    /// The same, but no page waits for executables, nor for the applications:
    /// compiling what they stand on takes a minute, once. Their pages say so.
    Recorded,
    /// Pages and theme only.
    Pages,
    /// Nothing but chapters of this edition.
    Chapters(Edition),
}

/// The folder of a build under way, for [`abandon`].
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Removes what an interrupted build has written so far.
pub fn abandon() {
    if let Some(folder) = UNFINISHED.lock().expect("no holder panics").take() {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// Everything that a built site holds at its top. A folder that holds anything
/// else was not built by us, and is not replaced.
const TOP: [&str; 4] = ["zh", "en", "index.html", ".nojekyll"];

/// Builds the site: compiles and runs the examples, renders both editions, and
/// puts them in the place of `out`. On any error `out` stays as it was.
///
/// `live` adds live reload and the local Run button to the pages.
///
/// # Errors
///
/// A page, a command of a page or an example is wrong (with file and line), or
/// `out` cannot be written or holds something that is not a built site.
pub fn build(project: &Project, out: &Path, live: bool, changed: Changed) -> Result<()> {
    expect_replaceable(out, &TOP)?;
    lint::expect_clean(project)?;
    damage::tell(project)?;
    match changed {
        Changed::Anything => programs::refresh(project, Which::All)?,
        Changed::Recorded => programs::refresh(project, Which::Recorded)?,
        Changed::Pages => {}
        Changed::Chapters(edition) if out.join(edition.folder).is_dir() => {
            return replace_edition(project, edition, out, live);
        }
        Changed::Chapters(_) => {}
    }
    let recalled = parts::recall(project)?;

    let fresh = fresh_beside(out)?;
    std::thread::scope(|scope| {
        let rendering = EDITIONS.map(|edition| {
            let into = fresh.path().join(edition.folder);
            scope.spawn(move || render(project, edition, &into, live))
        });
        rendering.into_iter().try_for_each(|thread| thread.join().expect("mdBook does not panic"))
    })?;
    std::fs::write(fresh.path().join("index.html"), include_str!("index.html"))?;
    std::fs::write(fresh.path().join(".nojekyll"), "")?;
    swap(fresh, out).with_context(|| cannot_write(out))?;
    parts::keep(project, recalled)
}

/// Renders one edition, and puts it in the place of the old one.
fn replace_edition(project: &Project, edition: Edition, out: &Path, live: bool) -> Result<()> {
    let fresh = fresh_beside(out)?;
    let [new, old] = ["new", "old"].map(|name| fresh.path().join(name));
    render(project, edition, &new, live)?;
    let place = out.join(edition.folder);
    std::fs::rename(&place, &old)?;
    std::fs::rename(&new, &place).or_else(|error| {
        std::fs::rename(&old, &place)?;
        Err(error).with_context(|| cannot_write(out))
    })
}

/// A new folder beside `out`, to be filled and then swapped in. Ctrl-C removes
/// it (see [`abandon`]).
pub(crate) fn fresh_beside(out: &Path) -> Result<tempfile::TempDir> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).with_context(|| cannot_write(out))?;
    let fresh = tempfile::Builder::new()
        .prefix(".workbook-")
        .tempdir_in(parent)
        .with_context(|| cannot_write(out))?;
    *UNFINISHED.lock().expect("no holder panics") = Some(fresh.path().to_owned());
    Ok(fresh)
}

/// What to say of an output folder that cannot be written.
pub(crate) fn cannot_write(out: &Path) -> String {
    let shown = out.display();
    t(
        format!("{shown} 写不了，换一个文件夹。"),
        format!("Cannot write {shown}; choose another folder."),
    )
}

/// Renders one edition with mdBook's own driver.
fn render(project: &Project, edition: Edition, into: &Path, live: bool) -> Result<()> {
    let mut config = Config::from_disk(project.root.join("book.toml"))?;
    config.book.src = Path::new("src").join(edition.folder);
    config.book.language = Some(edition.tag.to_owned());
    config.book.title = Some(edition.title.to_owned());
    config.book.description = Some(edition.description.to_owned());
    config.build.build_dir = std::path::absolute(into)?;
    config.build.create_missing = false;
    if live {
        config.set("output.html.live-reload-endpoint", LIVE_RELOAD)?;
    }
    complaints(|| {
        let mut book = MDBook::load_with_config(&project.root, config)?;
        book.with_preprocessor(Cmdrun::new(project.clone()));
        book.build()
    })
}

/// Runs a part of mdBook. It logs some errors and goes on; here they fail.
fn complaints(work: impl FnOnce() -> Result<()>) -> Result<()> {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Complaints);
        let _ = tracing::subscriber::set_global_default(subscriber);
    });
    LOGGED.with_borrow_mut(Vec::clear);
    work()?;
    let logged = LOGGED.take();
    if logged.is_empty() { Ok(()) } else { Err(anyhow!(logged.join("\n"))) }
}

thread_local! {
    /// What mdBook logged as an error on this thread; it renders on the caller's.
    static LOGGED: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

struct Complaints;

impl<S: tracing::Subscriber> Layer<S> for Complaints {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        struct Message(String);
        impl Visit for Message {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                if field.name() == "message" {
                    self.0 = format!("{value:?}");
                }
            }
        }
        let level = *event.metadata().level();
        if level > tracing::Level::WARN || !event.metadata().target().starts_with("mdbook") {
            return;
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        LOGGED.with_borrow_mut(|logged| logged.push(message.0));
    }
}

/// Refuses a folder that holds anything but what is `known`: what was built
/// may be replaced.
///
/// # Errors
///
/// It holds something else, or is a file.
pub fn expect_replaceable(out: &Path, known: &[&str]) -> Result<()> {
    let shown = out.display();
    if out.exists() && !out.is_dir() {
        bail!(t(
            format!("{shown} 是一个文件，不是文件夹。"),
            format!("{shown} is a file, not a folder.")
        ));
    }
    let Ok(entries) = out.read_dir() else { return Ok(()) };
    for entry in entries {
        let name = entry?.file_name();
        if !known.iter().any(|known| name == *known) {
            let name = name.to_string_lossy();
            bail!(t(
                format!("{shown} 里有别的东西（{name}），不会覆盖；请换一个空的或新的文件夹。"),
                format!(
                    "{shown} holds something else ({name}) and is left alone; choose an empty or new folder."
                ),
            ));
        }
    }
    Ok(())
}

/// Puts the fresh folder in the place of the old one.
///
/// # Errors
///
/// One of the two cannot be moved; then the old one is where it was.
pub fn swap(fresh: tempfile::TempDir, out: &Path) -> Result<()> {
    readable_by_all(fresh.path())?;
    let fresh = fresh.keep();
    let old: PathBuf = fresh.with_extension("old");
    let replaced = out.exists();
    if replaced {
        std::fs::rename(out, &old)?;
    }
    if let Err(error) = std::fs::rename(&fresh, out) {
        if replaced {
            let _ = std::fs::rename(&old, out);
        }
        let _ = std::fs::remove_dir_all(&fresh);
        return Err(error.into());
    }
    if replaced {
        std::fs::remove_dir_all(&old)?;
    }
    Ok(())
}

/// A temporary folder is private; a site is for everyone.
fn readable_by_all(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?;
    }
    let _ = folder;
    Ok(())
}

/// Writes a file whole or not at all, and makes its folder if need be.
///
/// # Errors
///
/// The folder cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    let shown = path.display();
    let cannot_write = || t(format!("{shown} 写不了"), format!("cannot write {shown}"));
    std::fs::create_dir_all(folder).with_context(cannot_write)?;
    let file = tempfile::NamedTempFile::new_in(folder).with_context(cannot_write)?;
    std::fs::write(file.path(), bytes).with_context(cannot_write)?;
    file.persist(path).with_context(cannot_write)?;
    Ok(())
}
