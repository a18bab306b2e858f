//! What was made of a text, kept for whoever asks for it again: a build reads the
//! same few files for hundreds of parts. The key is the text itself, so that
//! nothing can be stale.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use anyhow::Result;

/// More than a book has; a server that has seen so many saves begins anew.
const MOST: usize = 256;

/// Values by the texts that they were made of.
pub struct Memo<K, V>(Mutex<Option<HashMap<K, Arc<V>>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<K: Eq + Hash, V> Memo<K, V> {
    /// An empty one.
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The value of this key, made if it never was.
    ///
    /// # Errors
    ///
    /// Those of `make`; then nothing is kept.
    pub fn get(&self, key: K, make: impl FnOnce(&K) -> Result<V>) -> Result<Arc<V>> {
        let find = |known: &mut Option<HashMap<K, Arc<V>>>| {
            known.get_or_insert_default().get(&key).cloned()
        };
        if let Some(value) = find(&mut self.0.lock().expect("no holder panics")) {
            return Ok(value);
        }
        let value = Arc::new(make(&key)?);
        let mut known = self.0.lock().expect("no holder panics");
        let known = known.get_or_insert_default();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, value.clone());
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_and_a_failure_is_not_kept() {
        static LENGTHS: Memo<String, usize> = Memo::new();
        assert!(LENGTHS.get("ab".into(), |_| anyhow::bail!("no")).is_err());
        assert_eq!(*LENGTHS.get("ab".into(), |text| Ok(text.len())).expect("made"), 2);
        assert_eq!(*LENGTHS.get("ab".into(), |_| anyhow::bail!("no")).expect("kept"), 2);
    }
}
