//! Who has which lock, and what the program calls it.

use super::{OPERATIONS, Recorder, polled};
use crate::model::*;

/// What of a resource's state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// A mutex was locked, or a lock taken for writing.
    Taken,
    /// It was let go.
    Freed,
    /// One more reader.
    Shared,
    /// One reader less.
    Unshared,
    /// Permits were taken.
    Permits,
    /// Permits came back.
    Returned,
}

/// Somebody has a lock, a share of it, or a permit.
#[derive(Clone, Debug)]
pub(super) struct Hold {
    pub task: Option<TaskId>,
    pub line: Option<u32>,
    /// The functions in which it was taken, from the task's own inwards.
    pub functions: Vec<String>,
    /// True for a reader, which lets others read as well.
    pub shared: bool,
    /// True if its guard may be moved anywhere.
    pub owned: bool,
}

impl Recorder {
    /// A resource has changed.
    pub(crate) fn changed(&mut self, resource: u64, change: Change) {
        match change {
            Change::Taken => self.takes(resource, false),
            Change::Shared => self.takes(resource, true),
            // Permits of a lock's own semaphore are the lock's affair; and of an
            // acquisition that is awaited, its end tells.
            Change::Permits => {
                let awaited = OPERATIONS.with_borrow(|operations| !operations.is_empty());
                if let Some(outer) = self.semaphore_around(resource).filter(|_| !awaited) {
                    self.takes(outer, false);
                }
            }
            Change::Freed => {
                self.holds.remove(&resource);
                self.is_let_go(resource);
            }
            Change::Unshared => self.lets_go(resource),
            Change::Returned => {
                if let Some(outer) = self.semaphore_around(resource) {
                    self.lets_go(outer);
                }
            }
        }
    }

    /// The program's semaphore whose inner one this is.
    fn semaphore_around(&self, resource: u64) -> Option<u64> {
        let outer = self.resources.get(&resource)?.outer?;
        let is_semaphore = self.resources.get(&outer).is_some_and(|it| it.sort == "Semaphore");
        is_semaphore.then_some(outer)
    }

    /// Whatever runs now has it from here on.
    pub(super) fn takes(&mut self, resource: u64, shared: bool) {
        let stack = self.stack();
        let (line, functions) = (stack.line(), stack.functions());
        let owned = stack.leaf.iter().any(|symbol| symbol.contains("_owned"));
        let hold = Hold { task: polled(), line, functions, shared, owned };
        self.holds.entry(resource).or_default().push(hold);
        self.handed.remove(&resource);
    }

    /// Whoever is first in the queue, if anybody is, has it from here on.
    fn is_let_go(&mut self, resource: u64) {
        if self.open.values().any(|open| open.resource == resource) {
            self.handed.insert(resource);
        }
    }

    /// Whatever runs now gives back what it has of it; or it was handed on, and
    /// whoever took it first has.
    pub(super) fn lets_go(&mut self, resource: u64) {
        let Some(holds) = self.holds.get_mut(&resource) else { return };
        let own = holds.iter().rposition(|hold| hold.task == polled());
        if !holds.is_empty() {
            holds.remove(own.unwrap_or(0));
        }
        self.is_let_go(resource);
    }

    /// A semaphore's permit that comes back and has takers goes to the next of
    /// them, with no word of the semaphore: only the taker's wake shows it.
    pub(super) fn handed_on(&mut self, taker: TaskId) {
        let of_semaphores: Vec<u64> = self
            .waits_of(taker, |open| open.resource != 0)
            .into_iter()
            .filter(|&wait| self.trace.waits[wait].on == On::Semaphore)
            .map(|wait| self.open[&wait].resource)
            .collect();
        for resource in of_semaphores {
            self.lets_go(resource);
        }
    }
}

/// What a value made at this place of the source (from 1) is called: by `let`,
/// or as a field.
pub(super) fn binding(source: &str, line: u32, column: u32) -> Option<String> {
    let line = line.checked_sub(1)? as usize;
    let mut before: String = source.lines().skip(line.saturating_sub(3)).take(line.min(3)).fold(
        String::new(),
        |text, line| {
            let code = line.split("//").next().unwrap_or_default();
            text + code + "\n"
        },
    );
    let here = source.lines().nth(line)?;
    before.extend(here.chars().take(column.checked_sub(1)? as usize));
    let from = before.rfind([';', '{', '}']).map_or(0, |at| at + 1);
    let statement = &before[from..];
    let pattern = match statement.rsplit_once("let ") {
        Some((_, pattern)) => pattern,
        // A field: `lock: Arc::new(`, but no path's `::`.
        None => {
            let field = statement.rsplit([',', '(']).find_map(|part| {
                let (name, rest) = part.split_once(':')?;
                (!rest.starts_with(':')).then_some(name)
            });
            field?
        }
    };
    let pattern = pattern.split(['=', ':']).next()?.trim();
    let pattern = pattern.trim_start_matches("mut ").trim();
    let is_plain = !pattern.is_empty()
        && pattern.chars().all(|letter| letter.is_alphanumeric() || "_(), ".contains(letter));
    is_plain.then(|| pattern.to_owned())
}

/// On what the method is called in this line: of `self.lock.lock().await`,
/// `self.lock`.
pub(super) fn receiver(source: &str, line: u32, methods: &[&str]) -> Option<String> {
    let text = source.lines().nth(line.checked_sub(1)? as usize)?;
    methods.iter().find_map(|method| {
        let (before, _) = text.split_once(&format!(".{method}("))?;
        let is_path = |letter: char| letter.is_alphanumeric() || "_.".contains(letter);
        let from = before
            .rfind(|letter| !is_path(letter))
            .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        let name = before[from..].trim_matches('.');
        (!name.is_empty()).then(|| name.to_owned())
    })
}

/// The call that is awaited in this line (from 1) or above it: of
/// `client.get(url)` and below it `.send().await`, `send`.
pub(super) fn awaited_call(source: &str, line: u32) -> Option<String> {
    let line = line.checked_sub(1)? as usize;
    let lines: Vec<&str> =
        source.lines().skip(line.saturating_sub(7)).take(line.min(7) + 1).collect();
    let text = lines.join("\n");
    // A call that ends in this line and is awaited there, or in the next one.
    let after = source.lines().nth(line + 1).unwrap_or_default().trim_start();
    let before = match text.rfind(".await") {
        Some(at) if text[at..].lines().count() == 1 => &text[..at],
        _ if after.starts_with(".await") => text.as_str(),
        _ => return None,
    };
    let before = before.trim_end().strip_suffix(')')?;
    let mut depth = 1;
    let open = before.char_indices().rev().find(|(_, letter)| {
        depth += match letter {
            ')' => 1,
            '(' => -1,
            _ => 0,
        };
        depth == 0
    });
    let name =
        before[..open?.0].rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    // `collect::<Vec<_>>()` has none at its end.
    name.into_iter().next().filter(|name| !name.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{awaited_call, binding, receiver};

    #[test]
    fn the_call_that_is_awaited() {
        let source = "a.get(b(1)).await?;\nlet x = client\n    .get(url)\n    .send()\n    .await?;\nlet y = 1;\n";
        assert_eq!(awaited_call(source, 1).as_deref(), Some("get"));
        assert_eq!(awaited_call(source, 4).as_deref(), Some("send"));
        assert_eq!(awaited_call(source, 5).as_deref(), Some("send"));
        assert_eq!(awaited_call(source, 6), None);
    }

    #[test]
    fn a_value_has_the_name_that_it_is_bound_to() {
        let source = "fn main() {\n    let lock = Arc::new(Mutex::new(0));\n    let s = Shared {\n        \
                      a: Mutex::new(1),\n        b: Arc::new(Mutex::new(2)),\n    };\n    \
                      let (tx, mut rx) =\n        oneshot::channel();\n    work(Mutex::new(3));\n}\n";
        let name = |needle: &str| {
            let at = source.find(needle).expect("it is there");
            let line = source[..at].lines().count() as u32;
            let column = (at - source[..at].rfind('\n').unwrap()) as u32;
            binding(source, line, column)
        };
        assert_eq!(name("Mutex::new(0)").as_deref(), Some("lock"));
        assert_eq!(name("Mutex::new(1)").as_deref(), Some("a"));
        assert_eq!(name("Mutex::new(2)").as_deref(), Some("b"));
        assert_eq!(name("Mutex::new(3)"), None);
    }

    #[test]
    fn a_method_is_called_on_a_path() {
        let source = "let g = self.a.lock().await;\nrx.recv().await;\n(f)().recv();\n";
        assert_eq!(receiver(source, 1, &["lock"]).as_deref(), Some("self.a"));
        assert_eq!(receiver(source, 2, &["read", "recv"]).as_deref(), Some("rx"));
        assert_eq!(receiver(source, 3, &["recv"]), None);
    }
}
