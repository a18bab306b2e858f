//! Builds both editions into one folder, whole or not at all.

use std::path::Path;
use std::sync::Once;

use anyhow::{Context, Result, anyhow, bail};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

use crate::{
    damage, lint,
    locale::t,
    output::{self, EndOfWriting, Kind, cannot_write, fresh_beside},
    preprocess::Cmdrun,
    progress,
    project::{EDITIONS, Edition, Project, expect_writable},
};

/// The path of the live reload's event stream on the local server.
pub const LIVE_RELOAD: &str = "live-reload";

/// What may have changed since the last build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Anything.
    Anything,
    /// Nothing but chapters of this edition.
    Chapters(Edition),
}

/// Builds the site: renders both editions from the pages and the recordings, and
/// puts them in the place of `out`; it runs no program. On any error `out` stays as it was.
///
/// `live` adds live reload and the local Run button to the pages.
///
/// # Errors
///
/// A page or a command of a page is wrong (with file and line), or
/// `out` cannot be written or holds something that is not a built site.
pub fn build(project: &Project, out: &Path, live: bool, changed: Changed) -> Result<()> {
    if live {
        expect_writable(&project.scratch())?;
    } else {
        output::expect_ours(out, Kind::Site)?;
    }
    lint::expect_clean(project)?;
    damage::tell(project)?;
    if let Changed::Chapters(edition) = changed
        && out.join(edition.folder).is_dir()
    {
        return replace_edition(project, edition, out, live);
    }
    // Before a word is said: it may be that nothing can be written.
    let fresh = fresh_beside(out)?;
    if changed == Changed::Anything {
        progress::step(
            t("生成页面", "Rendering"),
            t("两个版本的页面……", "the pages of both editions…"),
        );
    }

    std::thread::scope(|scope| {
        let rendering = EDITIONS.map(|edition| {
            let into = fresh.path().join(edition.folder);
            scope.spawn(move || render(project, edition, &into, live))
        });
        rendering.into_iter().try_for_each(|thread| thread.join().expect("mdBook does not panic"))
    })
    .map_err(|error| no_room(error, out))?;
    std::fs::write(fresh.path().join("index.html"), include_str!("index.html"))?;
    std::fs::write(fresh.path().join(".nojekyll"), "")?;
    if live {
        return output::replace(fresh, out);
    }
    let kept = output::put(fresh, out, Kind::Site)?;
    output::tell_kept(out, &kept);
    Ok(())
}

/// mdBook names the file of ours that a full disk cut short, which helps nobody.
fn no_room(error: anyhow::Error, out: &Path) -> anyhow::Error {
    use std::io::{Error, ErrorKind};
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<Error>());
    let mut kinds = causes.map(Error::kind);
    match kinds.find(|kind| matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded)) {
        Some(kind) => anyhow!(Error::from(kind)).context(cannot_write(out)),
        None => error,
    }
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
        // The preprocessor said when it begins.
        let _end = EndOfWriting;
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

/// Writes a file of the book as [`write_whole`] does: no folder on the way to it,
/// from the root of the book on, may be a link either.
///
/// # Errors
///
/// The folder cannot be written, or a link stands in the way.
pub fn write_own(project: &Project, path: &Path, bytes: &[u8]) -> Result<()> {
    expect_own_folders(project, path)?;
    write_whole(path, bytes)
}

/// Checks that no folder on the way to a file of the book is a link.
///
/// # Errors
///
/// One is: a sentence that says what to do.
pub fn expect_own_folders(project: &Project, path: &Path) -> Result<()> {
    let mut folders = path.ancestors().skip(1).take_while(|folder| *folder != project.root);
    folders.try_for_each(expect_no_link)
}

/// Checks that we do not write to where a link leads.
///
/// # Errors
///
/// It is one: a sentence that says what to do.
pub fn expect_no_link(path: &Path) -> Result<()> {
    if !std::fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink()) {
        return Ok(());
    }
    let shown = path.display();
    bail!(t(
        format!("{shown} 是一个链接，不会写进它指的地方；请写真正的文件，或先删掉这个链接。"),
        format!(
            "{shown} is a link and is not written through; name the file itself, or remove the link."
        ),
    ))
}

/// Writes a file whole or not at all, and makes its folder if need be; never
/// through a link.
///
/// # Errors
///
/// The folder cannot be written, or a link stands in the file's place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    let shown = path.display();
    let cannot_write = || t(format!("{shown} 写不了"), format!("cannot write {shown}"));
    expect_no_link(path)?;
    if path.is_dir() {
        bail!(t(
            format!("{shown} 是一个文件夹；请写一个文件的名字。"),
            format!("{shown} is a folder; name a file."),
        ));
    }
    if std::fs::symlink_metadata(path).is_ok_and(|data| !data.is_file()) {
        bail!(t(
            format!("{shown} 不是普通的文件（是设备或管道），没有动它；请写另一个名字。"),
            format!("{shown} is a device or a pipe and is left alone; name a file."),
        ));
    }
    std::fs::create_dir_all(folder).with_context(cannot_write)?;
    let file =
        new_file_in(folder, path).map_err(output::without_path).with_context(cannot_write)?;
    std::fs::write(file.path(), bytes).with_context(cannot_write)?;
    file.persist(path).map_err(|error| error.error).with_context(cannot_write)?;
    Ok(())
}

/// A temporary file that anybody may read who could read any new file, or, if it
/// takes the place of another, whoever could read that one.
fn new_file_in(folder: &Path, place: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    if let Ok(data) = std::fs::symlink_metadata(place)
        && data.is_file()
    {
        file.as_file().set_permissions(data.permissions())?;
    }
    Ok(file)
}
