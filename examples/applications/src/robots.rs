//! What a site asks of programs that read it, in its `/robots.txt` (RFC 9309):
//! here, the rules for everyone, as beginnings of paths.

use reqwest::{Client, Url, redirect::Policy};

use crate::Failure;

/// How often its `robots.txt` may send us on, to other sites too (RFC 9309,
/// 2.3.1.2).
const REDIRECTS: usize = 5;

/// The rules of a site.
#[derive(Debug, Default)]
pub struct Robots(Vec<(bool, String)>);

impl Robots {
    /// Asks the site of this page, with a client that follows [`redirects`].
    /// A site without the file (4xx) forbids nothing.
    ///
    /// # Errors
    ///
    /// The site cannot say what it asks, so nothing may be asked of it: it is
    /// out of order (5xx), does not answer, or sends us round in circles.
    pub async fn of(client: &Client, page: &Url) -> Result<Self, Failure> {
        let url = page.join("/robots.txt")?;
        let text = read(client, url.clone()).await.map_err(|why| why.at(&url))?;
        Ok(Self::parse(&text))
    }

    /// Reads the file. What it does not understand forbids nothing.
    pub fn parse(text: &str) -> Self {
        let mut rules = Vec::new();
        let (mut for_everyone, mut in_agents) = (false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_lowercase(), value.trim());
            match &*key {
                "user-agent" => {
                    for_everyone = value == "*" || in_agents && for_everyone;
                    in_agents = true;
                    continue;
                }
                "allow" | "disallow" if for_everyone && !value.is_empty() => {
                    rules.push((key == "allow", value.to_owned()));
                }
                _ => {}
            }
            in_agents = false;
        }
        Self(rules)
    }

    /// Whether this path may be read: the longest rule that fits decides.
    pub fn allows(&self, path: &str) -> bool {
        let fitting = self.0.iter().filter(|(_, start)| path.starts_with(start.as_str()));
        fitting.max_by_key(|(allow, start)| (start.len(), *allow)).is_none_or(|(allow, _)| *allow)
    }
}

/// Which redirects a crawler's client follows: those of `robots.txt`. A page's
/// are for the crawler, as links.
pub fn redirects() -> Policy {
    Policy::custom(|attempt| match attempt.previous() {
        [first, ..] if first.path() != "/robots.txt" => attempt.stop(),
        all if all.len() > REDIRECTS => attempt.error("more redirects than five"),
        _ => attempt.follow(),
    })
}

async fn read(client: &Client, url: Url) -> Result<String, Failure> {
    let answer = client.get(url).send().await?;
    match answer.status() {
        status if status.is_success() => Ok(answer.text().await?),
        status if status.is_client_error() => Ok(String::new()),
        status => Err(Failure::new(format!("HTTP {status}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::Robots;

    #[test]
    fn the_longest_rule_decides() {
        let robots = Robots::parse("User-agent: *\nDisallow: /a/ # not this\nAllow: /a/b\n");
        assert_eq!(["/", "/a/", "/a/b/c"].map(|path| robots.allows(path)), [true, false, true]);
    }

    #[test]
    fn rules_for_others_do_not_count() {
        let robots = Robots::parse("User-agent: x\nDisallow: /\n\nUser-agent: *\nDisallow:\n");
        assert!(robots.allows("/"));
        let robots = Robots::parse("User-agent: x\nUser-agent: *\nDisallow: /\n");
        assert!(!robots.allows("/"));
    }
}
