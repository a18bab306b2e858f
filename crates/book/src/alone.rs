//! The page of a single program: its timeline to step through, its text and what
//! it printed, in one file that opens from a disk and asks nobody for anything.

use anyhow::Result;
use project::locale::Language;
use recording::model::Trace;

use crate::page::{escape, timeline_of};
use crate::recordings;

/// The book's own, in the order in which a page of it loads them.
const STYLES: [&str; 4] = [
    include_str!("../../../theme/css/variables.css"),
    include_str!("../../../theme/css/listings.css"),
    include_str!("../../../theme/css/widgets.css"),
    include_str!("alone.css"),
];
const SCRIPTS: [&str; 6] = [
    include_str!("alone.js"),
    include_str!("../../../theme/highlight.js"),
    // Before the timeline copies it.
    "document.querySelectorAll('code.language-rust').forEach(code => hljs.highlightElement(code));",
    include_str!("../../../theme/js/elements.js"),
    include_str!("../../../theme/js/trace.js"),
    include_str!("../../../theme/js/timeline.js"),
];

/// The page, in the reader's language. `source` is the program's text, through
/// which the trace counts its lines.
///
/// # Errors
///
/// The trace cannot be written as JSON.
pub fn page(trace: &Trace, source: &str, language: Language) -> Result<String> {
    let locale = recordings::locale(language);
    let say = |zh: &'static str, en: &'static str| language.pick(zh, en);
    let name = escape(&trace.name);
    let title = language.pick(format!("{name} 的时间线"), format!("Timeline of {name}"));
    let mut about = vec![locale.clock(trace).to_owned()];
    about.extend(locale.why_real(trace));
    let about = escape(&(about.join(say("；", "; ")) + say("。", ".")));
    let ending: String = locale
        .ending(trace)
        .into_iter()
        .chain(locale.stuck(trace))
        .map(|sentence| format!("<p class=\"ending\">{}</p>\n", with_code(&sentence)))
        .collect();
    let printed: String = trace.lines().map(|line| format!("{}\n", escape(line))).collect();
    let file = escape(&trace.file);
    let timeline = timeline_of(trace, language)?;
    let styles = STYLES.join("\n");
    // `</script>` inside would end it.
    let scripts = SCRIPTS.join("\n").replace("</script", "<\\/script");
    let unscripted = say(
        "没有脚本也能读：图、程序、打印的各行都在这里；一步一步走需要 JavaScript。",
        "Everything is here without scripts; stepping through it needs JavaScript.",
    );
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\" class=\"light\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{styles}\n</style>\n</head>\n<body>\n<div class=\"content\">\n\
         <main>\n<h1>{title}</h1>\n<p class=\"about\">{about}</p>\n{ending}\
         <noscript><p class=\"about\">{unscripted}</p></noscript>\n{timeline}\
         <h2>{program}</h2>\n{listing}<h2>{output}</h2>\n\
         <div class=\"wb-output\"><pre><code class=\"language-text\">{printed}</code></pre></div>\n\
         </main>\n</div>\n<script>\n{scripts}\n</script>\n</body>\n</html>\n",
        code = language.pick("zh-Hans", "en"),
        program = say("程序", "The program"),
        output = say("打印的各行", "What it printed"),
        listing = listing(&name, &file, source),
    ))
}

/// Names between backticks are code.
fn with_code(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate().map(|(number, part)| match number % 2 {
        0 => escape(part),
        _ => format!("<code>{}</code>", escape(part)),
    });
    parts.collect()
}

/// The program's text.
fn listing(name: &str, file: &str, source: &str) -> String {
    format!(
        "<div class=\"wb-listing\" data-lang=\"rust\" data-program=\"{name}\">\n\
         <p class=\"wb-path\"><span class=\"wb-lang\">Rust</span> <code>{file}</code></p>\n\
         <pre><code class=\"language-rust\" tabindex=\"0\">{}</code></pre>\n</div>\n",
        escape(source),
    )
}
