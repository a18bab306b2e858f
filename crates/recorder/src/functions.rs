//! Which function each line of a program stands in.
//!
//! Debug information that is as short as this workspace's (line tables) names
//! async functions `{async_fn#0}`; the source text knows better.

/// The innermost named function of every line.
#[derive(Clone, Debug, Default)]
pub struct Functions(Vec<Option<String>>);

impl Functions {
    /// Reads a program's text, as rustfmt lays it out: it looks for `fn NAME`
    /// and matches braces, and knows strings, characters and line comments.
    pub fn of(source: &str) -> Self {
        let mut functions = Vec::new();
        let mut open: Vec<(usize, String)> = Vec::new();
        let mut coming: Option<String> = None;
        let (mut depth, mut in_string) = (0, false);
        // Within parentheses and brackets, of a signature too: `[u8; 2]`.
        let mut nested = 0_usize;
        for line in source.lines() {
            let mut innermost = open.last().map(|(_, name)| name.clone());
            let mut rest = line;
            while let Some(letter) = rest.chars().next() {
                let mut step = letter.len_utf8();
                if in_string {
                    match letter {
                        '\\' => step += rest[1..].chars().next().map_or(0, char::len_utf8),
                        '"' => in_string = false,
                        _ => {}
                    }
                    rest = &rest[step..];
                    continue;
                }
                match letter {
                    '"' => in_string = true,
                    '/' if rest.starts_with("//") => break,
                    '\'' => step = character(rest),
                    '{' => {
                        depth += 1;
                        if let Some(name) = coming.take() {
                            open.push((depth, name));
                        }
                    }
                    '}' => {
                        open.retain(|(at, _)| *at < depth);
                        depth = depth.saturating_sub(1);
                    }
                    '(' | '[' => nested += 1,
                    ')' | ']' => nested = nested.saturating_sub(1),
                    // A trait's method without a body.
                    ';' if nested == 0 => coming = None,
                    _ if letter.is_alphabetic() || letter == '_' => {
                        let word = word(rest);
                        step = word.len();
                        if word == "fn" {
                            let name = self::word(rest[step..].trim_start());
                            if !name.is_empty() {
                                coming = Some(name.to_owned());
                                innermost = coming.clone();
                            }
                        }
                    }
                    _ => {}
                }
                rest = &rest[step..];
            }
            let opened = open.last().map(|(_, name)| name.clone());
            functions.push(innermost.or(opened).or_else(|| coming.clone()));
        }
        Self(functions)
    }

    /// The first line (from 1) of the function of this name.
    pub fn line_of(&self, name: &str) -> Option<u32> {
        let line = self.0.iter().position(|function| function.as_deref() == Some(name))?;
        u32::try_from(line + 1).ok()
    }

    /// The program's function whose call is spawned on this line or the next
    /// ones: of `spawn(work(1))`, `work`.
    pub fn spawned_at(&self, source: &str, line: u32) -> Option<String> {
        let from = source.lines().skip(line.checked_sub(1)? as usize);
        let text: String = from.take(3).collect::<Vec<_>>().join("\n");
        let argument = text.split_once("spawn")?.1.split_once('(')?.1.trim_start();
        let name = word(argument);
        let is_call = argument[name.len()..].starts_with('(');
        (is_call && self.line_of(name).is_some()).then(|| name.to_owned())
    }

    /// The function that the line (from 1) stands in.
    pub fn at(&self, line: u32) -> Option<&str> {
        self.0.get(line.checked_sub(1)? as usize)?.as_deref()
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    &text[..end.unwrap_or(text.len())]
}

/// The length of a character literal; of a lifetime, only its quote.
fn character(text: &str) -> usize {
    let inner = &text[1..];
    let letter = match inner.strip_prefix('\\') {
        Some(escaped) => 1 + escaped.chars().next().map_or(0, char::len_utf8),
        None => inner.chars().next().map_or(0, char::len_utf8),
    };
    if inner[letter..].starts_with('\'') { letter + 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::Functions;

    #[test]
    fn an_array_is_no_end_of_a_function() {
        let functions = Functions::of("fn work(n: [u8; 2]) {\n    wait();\n}\n");
        assert_eq!(functions.at(2), Some("work"));
    }

    #[test]
    fn lines_belong_to_the_innermost_function() {
        let functions = Functions::of(
            "use a;\nasync fn one(\n    x: &'static str,\n) {\n    print(\"}\");\n    'a'\n}\n\nfn main() {\n    \
             fn inner() {}\n    one() // }\n}\n",
        );
        let names: Vec<_> = (1..=12).map(|line| functions.at(line).unwrap_or("-")).collect();
        let (one, main) = ("one", "main");
        assert_eq!(names, ["-", one, one, one, one, one, one, "-", main, "inner", main, main]);
    }
}
