//! What a crawler reads of a page.

use html5gum::{Token, Tokenizer};
use reqwest::{Response, Url, header};

/// A page's title and links.
#[derive(Debug, Default)]
pub struct Html {
    /// Its title; of what is no page, its kind, such as `image/png`; of what has
    /// been moved, an arrow and where it is now.
    pub title: String,
    /// Where its links lead, without fragments, in their order.
    pub links: Vec<Url>,
}

impl Html {
    /// Reads an answer. The body of what is no page is left alone.
    ///
    /// # Errors
    ///
    /// The connection is cut, or the server is silent for too long.
    pub async fn of(answer: Response) -> reqwest::Result<Self> {
        if let Some(to) = Self::moved(&answer) {
            return Ok(Self { title: format!("→ {to}"), links: vec![to] });
        }
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind != "text/html" {
            return Ok(Self { title: kind.to_owned(), links: Vec::new() });
        }
        let url = answer.url().clone();
        Ok(Self::parse(&answer.text().await?, &url))
    }

    /// Where it is now, if it has been moved.
    fn moved(answer: &Response) -> Option<Url> {
        let to = answer.headers().get(header::LOCATION)?.to_str().ok()?;
        let moved = answer.status().is_redirection();
        moved.then(|| link(to, answer.url())).flatten()
    }

    fn parse(text: &str, url: &Url) -> Self {
        let mut html = Self::default();
        let mut in_title = false;
        for Ok(token) in Tokenizer::new(text) {
            match token {
                Token::StartTag(tag) if tag.name.as_slice() == b"title" => in_title = true,
                Token::EndTag(tag) if tag.name.as_slice() == b"title" => in_title = false,
                Token::String(text) if in_title => {
                    html.title.push_str(&String::from_utf8_lossy(&text));
                }
                Token::StartTag(tag) if tag.name.as_slice() == b"a" => {
                    let to = tag.attributes.get(b"href".as_slice());
                    html.links.extend(to.and_then(|to| link(&String::from_utf8_lossy(to), url)));
                }
                _ => {}
            }
        }
        let words: Vec<_> = html.title.split_whitespace().collect();
        html.title = words.join(" ");
        html
    }
}

/// A link's whole address, without the place in the page.
fn link(to: &str, from: &Url) -> Option<Url> {
    let mut link = from.join(to).ok()?;
    link.set_fragment(None);
    Some(link)
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn links_are_whole_addresses() {
        let text = "<title>\n a &amp;\n b</title><a href='c?d=1&amp;e#f'>x</a><A HREF=//g/h>y</A><a name=i>z</a>";
        let html = Html::parse(text, &"http://j/k/l".parse().unwrap());
        assert_eq!(html.title, "a & b");
        let links: Vec<&str> = html.links.iter().map(|link| link.as_str()).collect();
        assert_eq!(links, ["http://j/k/c?d=1&e", "http://g/h"]);
    }
}
