//! Builds both editions into one folder, whole or not at all.

use std::path::Path;
use std::sync::Once;

use anyhow::{Context, Result, anyhow};
use exercises::damage;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use output::{EndOfWriting, Kind, cannot_write, fresh_beside};
use project::files::expect_writable;
use project::locale::t;
use project::progress;
use project::{EDITIONS, Edition, Project};
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

use crate::lint;
use crate::preprocess::Cmdrun;

/// The page that stands before both editions, and lets a reader choose.
pub const CHOICE: &str = include_str!("index.html");

/// The path of the live reload's event stream on the local server.
pub const LIVE_RELOAD: &str = "live-reload";

/// The same where the server runs no code; the theme's index.hbs tells them apart.
pub const LIVE_RELOAD_ALONE: &str = "live-reload/alone";

/// What stands behind the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// Nothing but files.
    Static,
    /// The local server, which reloads them.
    Reloading,
    /// The local server, which also runs code.
    Running,
}

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
/// The pages have what is `served` with them: live reload, and what runs code.
///
/// # Errors
///
/// A page or a command of a page is wrong (with file and line), or
/// `out` cannot be written or holds something that is not a built site.
pub fn build(project: &Project, out: &Path, served: Served, changed: Changed) -> Result<()> {
    if served != Served::Static {
        expect_writable(&project.scratch())?;
    } else {
        output::expect_ours(out, Kind::Site)?;
    }
    lint::expect_clean(project)?;
    damage::tell(project)?;
    if let Changed::Chapters(edition) = changed
        && out.join(edition.folder).is_dir()
    {
        return replace_edition(project, edition, out, served);
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
            scope.spawn(move || render(project, edition, &into, served))
        });
        rendering.into_iter().try_for_each(|thread| thread.join().expect("mdBook does not panic"))
    })
    .map_err(|error| no_room(error, out))?;
    std::fs::write(fresh.path().join("index.html"), CHOICE)?;
    std::fs::write(fresh.path().join(".nojekyll"), "")?;
    if served != Served::Static {
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
fn replace_edition(project: &Project, edition: Edition, out: &Path, served: Served) -> Result<()> {
    let fresh = fresh_beside(out)?;
    let [new, old] = ["new", "old"].map(|name| fresh.path().join(name));
    render(project, edition, &new, served)?;
    let place = out.join(edition.folder);
    std::fs::rename(&place, &old)?;
    std::fs::rename(&new, &place).or_else(|error| {
        std::fs::rename(&old, &place)?;
        Err(error).with_context(|| cannot_write(out))
    })
}

/// Renders one edition with mdBook's own driver.
fn render(project: &Project, edition: Edition, into: &Path, served: Served) -> Result<()> {
    let mut config = Config::from_disk(project.root.join("book.toml"))?;
    config.book.src = Path::new("src").join(edition.folder);
    config.book.language = Some(edition.tag.to_owned());
    config.book.title = Some(edition.title.to_owned());
    config.book.description = Some(edition.description.to_owned());
    config.build.build_dir = std::path::absolute(into)?;
    config.build.create_missing = false;
    let endpoint = match served {
        Served::Static => None,
        Served::Reloading => Some(LIVE_RELOAD_ALONE),
        Served::Running => Some(LIVE_RELOAD),
    };
    if let Some(endpoint) = endpoint {
        config.set("output.html.live-reload-endpoint", endpoint)?;
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
