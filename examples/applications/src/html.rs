//! What a crawler reads of a page.

use html5gum::{Token, Tokenizer};
use reqwest::{Response, Url, header};

/// A page's title and links.
#[derive(Debug, Default)]
pub struct Html {
    /// Its title; of what is no page, its kind, such as `image/png`.
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
    pub async fn of(answer: Response) -> anyhow::Result<Self> {
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind != "text/html" {
            return Ok(Self { title: kind.to_owned(), links: Vec::new() });
        }
        let url = answer.url().clone();
        Ok(Self::parse(&answer.text().await?, &url))
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
                    let link = tag.attributes.get(b"href".as_slice());
                    let link = link.map(|link| String::from_utf8_lossy(link).into_owned());
                    let link = link.and_then(|link| url.join(&link).ok());
                    html.links.extend(link.map(|mut link| {
                        link.set_fragment(None);
                        link
                    }));
                }
                _ => {}
            }
        }
        html
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn links_are_whole_addresses() {
        let text = "<title>a &amp; b</title><a href='c?d=1&amp;e#f'>x</a><A HREF=//g/h>y</A><a name=i>z</a>";
        let html = Html::parse(text, &"http://j/k/l".parse().unwrap());
        assert_eq!(html.title, "a & b");
        let links: Vec<&str> = html.links.iter().map(|link| link.as_str()).collect();
        assert_eq!(links, ["http://j/k/c?d=1&e", "http://g/h"]);
    }
}
