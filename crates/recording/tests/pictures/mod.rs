//! Whether the words of a picture keep clear of each other.

use recording::{model::Trace, svg, words::Locale};
use unicode_width::UnicodeWidthStr;

/// Draws the trace in both languages and at both widths.
///
/// # Errors
///
/// Two texts overlap, or one leaves its picture.
#[allow(dead_code, reason = "two of the three users call it")]
pub fn expect_clear(trace: &Trace) -> Result<(), String> {
    for (locale, width) in
        [(Locale::En, 720), (Locale::Zh, 720), (Locale::En, 360), (Locale::Zh, 360)]
    {
        if let Some(overlap) = overlap(&svg::draw(trace, locale, width)) {
            return Err(format!("{width} pixels, {}: {overlap}", locale.code()));
        }
    }
    Ok(())
}

/// A text's box: left, right, baseline.
struct Words {
    left: f64,
    right: f64,
    base: f64,
    text: String,
}

/// The first two texts that overlap, or one that leaves the picture.
pub fn overlap(svg: &str) -> Option<String> {
    let width: f64 = attribute(svg, "width")?.parse().ok()?;
    let words: Vec<Words> = svg.split("<text ").skip(1).filter_map(read).collect();
    for (index, one) in words.iter().enumerate() {
        if one.left < 0.0 || one.right > width + 1.0 {
            return Some(format!("“{}” leaves the picture", one.text));
        }
        for other in &words[index + 1..] {
            let beside = one.right <= other.left || other.right <= one.left;
            if !beside && (one.base - other.base).abs() < 11.0 {
                return Some(format!("“{}” and “{}” overlap", one.text, other.text));
            }
        }
    }
    None
}

fn read(element: &str) -> Option<Words> {
    let (tag, rest) = element.split_once('>')?;
    let text = rest
        .split_once("</text>")?
        .0
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    // Chromium's sans-serif at 11 px is about 5.7 px a letter, at 12 px and
    // bold 6.9; the fixed pitch at 12 px is 7.2.
    let letter = match attribute(tag, "class") {
        Some("wb-name") => 6.4,
        Some("wb-line") => 7.2,
        _ => 5.7,
    };
    let wide = text.width() as f64 * letter;
    let x: f64 = attribute(tag, "x")?.parse().ok()?;
    let base = attribute(tag, "y")?.parse().ok()?;
    let left = match attribute(tag, "text-anchor") {
        Some("middle") => x - wide / 2.0,
        Some("end") => x - wide,
        _ if !tag.contains("class=") || tag.contains("wb-number") => x - wide / 2.0,
        _ => x,
    };
    Some(Words { left, right: left + wide, base, text })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}
