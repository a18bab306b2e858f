//! What a file's path says: which exercise it answers, and whose it is where a
//! school's system has named it.

use std::collections::BTreeSet;

/// How certain a path is about its exercise: the first is the best. Those from
/// [`Place::Loose`] on are certain only if there is no other like them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// `exercises/NAME/src/lib.rs`, as in a clone of the workbook.
    Clone,
    /// `NAME/src/lib.rs`.
    Package,
    /// `NAME.rs`.
    File,
    /// One of these, written otherwise: `Gather/src/lib.rs`, `wait_for/lib.rs`,
    /// `hello-world.rs`, `gather (1).rs`, `gather-1.rs`.
    Loose,
}

/// Which exercise a path answers, and how certain that is.
pub fn exercise<'a>(parts: &[String], exercises: &'a BTreeSet<String>) -> Option<(&'a str, Place)> {
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    let exact = match words.as_slice() {
        [.., "exercises", name, "src", "lib.rs"] => Some((*name, Place::Clone)),
        [.., name, "src", "lib.rs"] => Some((*name, Place::Package)),
        _ if is_no_answer(&words) => return None,
        [.., file] => file.strip_suffix(".rs").map(|name| (name, Place::File)),
        [] => None,
    };
    if let Some((name, place)) = exact
        && let Some(exercise) = exercises.get(name)
    {
        return Some((exercise, place));
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    if is_no_answer(&lower) {
        return None;
    }
    let name = match lower.as_slice() {
        [.., name, "src", file] | [.., name, file] if is_lib(file) => (*name).to_owned(),
        [.., file] => file.strip_suffix(".rs")?.to_owned(),
        [] => return None,
    };
    Some((exercises.get(&plain(&name))?, Place::Loose))
}

/// Whether the path lies where a workbook keeps what is no answer.
fn is_no_answer(words: &[&str]) -> bool {
    let above = words.split_last().map_or(&[][..], |(_, above)| above);
    above.iter().any(|part| matches!(*part, "tests" | "examples" | "wrong"))
}

/// `lib.rs`, and what a second download of it is called.
fn is_lib(file: &str) -> bool {
    file.strip_suffix(".rs").is_some_and(|stem| plain(stem) == "lib")
}

/// A lower-case name without the mark of a copy, its words parted by `_`.
fn plain(name: &str) -> String {
    const COPIES: [&str; 5] = ["副本", "拷贝", "copy", "kopie", "copie"];
    let mut name = name.trim();
    loop {
        let before = name;
        // `gather (1)`, `gather（1）`, `gather(1)`
        if let Some(rest) = name.strip_suffix([')', '）'])
            && let Some((rest, number)) = rest.rsplit_once(['(', '（'])
            && number.chars().all(|letter| letter.is_ascii_digit())
        {
            name = rest.trim_end();
        }
        for copy in COPIES {
            name = name.strip_suffix(copy).unwrap_or(name).trim_end_matches([' ', '-', '_']);
        }
        // `gather-1`, as Canvas names what is handed in again.
        if let Some((rest, number)) = name.rsplit_once('-')
            && !number.is_empty()
            && number.chars().all(|letter| letter.is_ascii_digit())
        {
            name = rest.trim_end();
        }
        if name == before {
            return name.replace(['-', ' '], "_");
        }
    }
}

/// A student's name and file as a school's system has written them.
#[derive(Debug, PartialEq, Eq)]
pub struct Handed<'a> {
    /// The student's name.
    pub student: &'a str,
    /// The system's number for the student.
    pub number: &'a str,
    /// The file, as the student called it; empty for a folder.
    pub file: &'a str,
}

/// Canvas's `zhangsan_123_456_gather-1.rs` and `zhangsan_LATE_123_456_gather.zip`:
/// the name, the student's number, the submission's, the file.
pub fn canvas(file: &str) -> Option<Handed<'_>> {
    let (student, rest) = file.split_once('_')?;
    let rest = rest.strip_prefix("LATE_").unwrap_or(rest);
    let (number, rest) = rest.split_once('_')?;
    let (submission, file) = rest.split_once('_')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let fits = !student.is_empty() && is_number(number) && is_number(submission);
    (fits && !file.is_empty()).then_some(Handed { student, number, file })
}

/// Moodle's `张三_12345_assignsubmission_file_`, a folder.
pub fn moodle(folder: &str) -> Option<Handed<'_>> {
    let (before, kind) = folder.split_once("_assignsubmission_")?;
    if !matches!(kind.trim_end_matches('_'), "file" | "onlinetext") {
        return None;
    }
    let (student, number) = before.rsplit_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit());
    (is_number && !student.is_empty()).then_some(Handed { student, number, file: "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(path: &str) -> Option<(String, Place)> {
        let names = ["gather", "gather_downloads", "cancel", "wait_for", "hello_world"];
        let exercises: BTreeSet<String> = names.map(str::to_owned).into();
        let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        exercise(&parts, &exercises).map(|(name, place)| (name.to_owned(), place))
    }

    #[test]
    fn a_source_is_found_where_students_put_it() {
        let gather = |place| Some(("gather".to_owned(), place));
        assert_eq!(find("exercises/gather/src/lib.rs"), gather(Place::Clone));
        assert_eq!(find("workbook-main/exercises/gather/src/lib.rs"), gather(Place::Clone));
        assert_eq!(find("gather/src/lib.rs"), gather(Place::Package));
        assert_eq!(find("homework 1/gather.rs"), gather(Place::File));
    }

    #[test]
    fn what_systems_and_people_make_of_a_name_is_understood() {
        for (path, name) in [
            ("gather (1).rs", "gather"),
            ("gather（2）.rs", "gather"),
            ("gather-1.rs", "gather"),
            ("gather - 副本.rs", "gather"),
            ("Gather.rs", "gather"),
            ("Gather/src/lib.rs", "gather"),
            ("gather/lib.rs", "gather"),
            ("gather/lib (1).rs", "gather"),
            ("hello-world/src/lib.rs", "hello_world"),
            ("Hello World.rs", "hello_world"),
            ("wait_for/lib.rs", "wait_for"),
            ("gather_downloads (1).rs", "gather_downloads"),
        ] {
            assert_eq!(find(path), Some((name.to_owned(), Place::Loose)), "{path}");
        }
    }

    #[test]
    fn other_files_are_no_answers() {
        for path in [
            "examples/gather.rs",
            "Examples/Gather.rs",
            "exercises/gather/tests/gather.rs",
            "exercises/gather/wrong/cancel.rs",
            "exercises/gather/solution.rs",
            "crates/grading/src/lib.rs",
            "src/lib.rs",
            "lib.rs",
            "my_gather.rs",
            "gather2.rs",
            "gather.md",
            "(1).rs",
            "-1.rs",
        ] {
            assert_eq!(find(path), None, "{path}");
        }
    }

    #[test]
    fn the_systems_own_downloads_name_their_student() {
        let handed = |student, number, file| Some(Handed { student, number, file });
        assert_eq!(
            canvas("zhangsan_123_456_gather-1.rs"),
            handed("zhangsan", "123", "gather-1.rs")
        );
        assert_eq!(
            canvas("zhangsan_LATE_123_456_wait_for.zip"),
            handed("zhangsan", "123", "wait_for.zip")
        );
        for other in ["gather_downloads.rs", "zhangsan_gather.rs", "_1_2_x.rs", "a_1_2_"] {
            assert_eq!(canvas(other), None, "{other}");
        }
        assert_eq!(moodle("张三_12345_assignsubmission_file_"), handed("张三", "12345", ""));
        assert_eq!(moodle("Ada_L_7_assignsubmission_file"), handed("Ada_L", "7", ""));
        for other in ["张三", "张三_assignsubmission_file_", "x_1_assignsubmission_other_"] {
            assert_eq!(moodle(other), None, "{other}");
        }
    }
}
