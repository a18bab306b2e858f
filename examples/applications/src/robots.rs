//! What a site asks of programs that read it, in its `/robots.txt` (RFC 9309):
//! here, the rules for everyone, as beginnings of paths.

use reqwest::Response;

/// The rules of a site.
#[derive(Debug, Default)]
pub struct Robots(Vec<(bool, String)>);

impl Robots {
    /// Reads what a site answers. A site without the file forbids nothing.
    ///
    /// # Errors
    ///
    /// The site cannot say what it asks (5xx), so better ask for nothing.
    pub async fn of(answer: Response) -> reqwest::Result<Self> {
        if answer.status().is_client_error() {
            return Ok(Self::default());
        }
        Ok(Self::parse(&answer.error_for_status()?.text().await?))
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
