//! What the students handed in: for each exercise one source file, and
//! nothing else of a submission.
//!
//! A submission is a folder or a `.zip` in the folder of submissions; its name
//! is the student's. What Moodle and Canvas let a teacher download is understood
//! as it is: several files there may be one student's. An exercise's source is
//! found, at most [`tree::DEPTH`] folders down, in the first of the [`naming::Place`]s;
//! among equals the one that lies least deep, then the first by name. A name that
//! is written otherwise counts only where there is one of it. What was seen and
//! not taken is noted. Archives in a student's folder are looked into, archives
//! in those are not. Hidden folders and `target` are not looked into. No link is
//! followed, nothing of an archive is unpacked, and no more of a file is read
//! than may be graded.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use grading::Text;
use project::files::unreadable;
use project::locale::t;
use project::names::shown as cut;

use crate::naming::{self, Place as Certainty};
use crate::tree::{self, Kind, Listed, Place, Tree};

/// What one student handed in.
#[derive(Debug)]
pub struct Submission {
    /// The folder's name, or the archive's without `.zip`, or the student's as
    /// the school's system has it.
    pub name: String,
    /// That system's number for the student.
    pub number: Option<String>,
    /// For each exercise that was found, its source or why it is not graded.
    pub answers: BTreeMap<String, Found>,
    /// What was left out, for the teacher and the student.
    pub notes: Vec<Text>,
    /// Why nothing could be read at all.
    pub unreadable: Option<Text>,
}

/// An exercise's file in a submission.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it lies in the submission.
    pub file: String,
    /// Its text, or why it is refused.
    pub source: Result<String, Text>,
}

/// All submissions, by name, and what lies among them but is none.
#[derive(Debug)]
pub struct Submissions {
    /// Sorted by name.
    pub all: Vec<Submission>,
    /// Files beside them that were ignored.
    pub ignored: Vec<String>,
}

/// Reads every submission in `folder`. A bad one is noted and stops nothing.
///
/// # Errors
///
/// `folder` is not a folder, cannot be read, or holds no submission.
pub fn read(folder: &Path, exercises: &BTreeSet<String>) -> Result<Submissions> {
    let shown = folder.display();
    if !folder.is_dir() {
        bail!(t(
            format!("{shown} 不是文件夹；请给出装着学生作业的文件夹。"),
            format!("{shown} is not a folder; name the one that holds the submissions."),
        ));
    }
    let mut paths = Vec::new();
    for entry in folder.read_dir().with_context(|| unreadable(folder))? {
        paths.push(entry.with_context(|| unreadable(folder))?.path());
    }
    // A folder comes before the archive of the same name.
    paths.sort_by_key(|path| (tree::is_archive(path), path.clone()));

    let mut found: BTreeMap<(String, Option<String>), Handed> = BTreeMap::new();
    let mut ignored = Vec::new();
    for path in paths {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(kind) = path.symlink_metadata() else { continue };
        let Some((key, place)) = whose(&path, &file, kind.file_type()) else {
            ignored.push(file);
            continue;
        };
        match found.entry(key) {
            Entry::Vacant(entry) => _ = entry.insert(vec![place]),
            // Several files of one student are one submission, if the system says so.
            Entry::Occupied(mut entry) if entry.key().1.is_some() => entry.get_mut().push(place),
            Entry::Occupied(_) => ignored.push(file),
        }
    }
    if found.is_empty() {
        let seen = ignored.iter().filter(|name| !name.starts_with('.')).take(3);
        let seen: Vec<String> = seen.map(|name| format!("{:?}", cut(name))).collect();
        let (zh, en) = match seen.is_empty() {
            true => (String::new(), String::new()),
            false => {
                (format!("（只有 {}）", seen.join("、")), format!(" (only {})", seen.join(", ")))
            }
        };
        bail!(t(
            format!("{shown} 里没有作业{zh}；每个学生应有一个文件夹或 .zip。"),
            format!("{shown} holds no submission{en}: a folder or a .zip for each student."),
        ));
    }
    let students: Vec<String> = found.keys().map(|(student, _)| student.clone()).collect();
    let all = found.into_iter().map(|((student, number), places)| {
        let is_namesake = students.iter().filter(|other| **other == student).count() > 1;
        let name = match &number {
            Some(number) if is_namesake => format!("{student}_{number}"),
            _ => student,
        };
        submission(name, number, places, exercises)
    });
    let mut all: Vec<Submission> = all.collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Submissions { all, ignored })
}

/// The folders, archives and files of one student.
type Handed = Vec<Source>;

/// One of them.
enum Source {
    Folder(PathBuf),
    /// With the name of the folder that its content is taken to lie in, if any.
    Archive(PathBuf, Option<String>),
    /// With the name that the student gave it.
    File(PathBuf, String),
}

/// Whose it is, by name and by the number that a school's system has for them;
/// none if it is no submission.
fn whose(
    path: &Path,
    file: &str,
    kind: fs::FileType,
) -> Option<((String, Option<String>), Source)> {
    if file.starts_with('.') {
        return None;
    }
    let owned =
        |handed: &naming::Handed| (handed.student.to_owned(), Some(handed.number.to_owned()));
    if kind.is_dir() {
        let source = Source::Folder(path.to_owned());
        return Some(match naming::moodle(file) {
            Some(handed) => (owned(&handed), source),
            None => ((file.to_owned(), None), source),
        });
    }
    if !kind.is_file() {
        return None;
    }
    let canvas = naming::canvas(file);
    if tree::is_archive(path) {
        let stem =
            |file: &str| Path::new(file).file_stem().map(|it| it.to_string_lossy().into_owned());
        return Some(match &canvas {
            Some(handed) => (owned(handed), Source::Archive(path.to_owned(), stem(handed.file))),
            None => ((stem(file)?, None), Source::Archive(path.to_owned(), None)),
        });
    }
    let handed = canvas.filter(|handed| handed.file.ends_with(".rs"))?;
    Some((owned(&handed), Source::File(path.to_owned(), handed.file.to_owned())))
}

fn submission(
    name: String,
    number: Option<String>,
    sources: Vec<Source>,
    exercises: &BTreeSet<String>,
) -> Submission {
    let mut tree = Tree::default();
    let mut unreadable = Vec::new();
    for source in sources {
        let read = match source {
            Source::Folder(path) => tree::in_folder(&path, &mut tree),
            Source::Archive(path, inside) => tree::in_archive(&path, inside, &mut tree),
            Source::File(path, name) => {
                let place = Place::Path(path);
                tree.files.push(Listed { parts: vec![name], kind: Kind::File, place });
                Ok(())
            }
        };
        unreadable.extend(read.err());
    }
    if tree.files.is_empty()
        && let Some(why) = unreadable.pop()
    {
        let (answers, notes) = (BTreeMap::new(), tree.notes);
        return Submission { name, number, answers, notes, unreadable: Some(why) };
    }
    let chosen = choose(&tree.files, exercises);
    let Tree { files, mut notes, mut archives } = tree;
    notes.extend(unreadable);
    notes.extend(chosen.notes);
    let answers = chosen
        .taken
        .into_iter()
        .map(|(exercise, index)| {
            let file = &files[index];
            let source = tree::read(file, &mut archives);
            (exercise.to_owned(), Found { file: file.parts.join("/"), source })
        })
        .collect();
    Submission { name, number, answers, notes, unreadable: None }
}

/// Which file answers each exercise, and what is to be said of the others.
struct Chosen<'a> {
    taken: BTreeMap<&'a str, usize>,
    notes: Vec<Text>,
}

fn choose<'a>(files: &[Listed], exercises: &'a BTreeSet<String>) -> Chosen<'a> {
    let mut candidates: BTreeMap<&str, Vec<(Certainty, usize, usize)>> = BTreeMap::new();
    let mut unknown = Vec::new();
    let mut is_clone = false;
    for (index, file) in files.iter().enumerate() {
        match naming::exercise(&file.parts, exercises) {
            Some((exercise, certainty)) => {
                is_clone |= certainty == Certainty::Clone;
                let rank = (certainty, file.parts.len(), index);
                candidates.entry(exercise).or_default().push(rank);
            }
            None => unknown.push(file.parts.join("/")),
        }
    }
    let mut chosen = Chosen { taken: BTreeMap::new(), notes: Vec::new() };
    for (exercise, mut ranks) in candidates {
        ranks.sort_by_key(|&(certainty, depth, index)| {
            (certainty, depth, files[index].parts.clone())
        });
        let path = |&(_, _, index): &(Certainty, usize, usize)| files[index].parts.join("/");
        let all: Vec<String> = ranks.iter().map(path).collect();
        if ranks[0].0 == Certainty::Loose && ranks.len() > 1 {
            let (zh, en) = (list(&all, "、"), list(&all, ", "));
            chosen.notes.push((
                format!("Several files could be the answer to {exercise}, and none was taken: {en}. Name the right one {exercise}.rs."),
                format!("有几个文件都可能是 {exercise} 的答案，一个也没有取：{zh}。请把对的那个命名为 {exercise}.rs。"),
            ).into());
            continue;
        }
        chosen.taken.insert(exercise, ranks[0].2);
        // In a clone, what else has the name is the book's.
        if all.len() > 1 && ranks[0].0 != Certainty::Clone {
            let (zh, en) = (list(&all[1..], "、"), list(&all[1..], ", "));
            let taken = list(&all[..1], "");
            chosen.notes.push(
                (
                    format!("For {exercise}, {taken} was taken, and not {en}."),
                    format!("{exercise} 取的是 {taken}，没有取 {zh}。"),
                )
                    .into(),
            );
        }
    }
    if !is_clone && !unknown.is_empty() {
        let (zh, en) = (list(&unknown, "、"), list(&unknown, ", "));
        chosen.notes.push(
            (
                format!("Seen and not taken, since no exercise has such a name: {en}."),
                format!("看到了但没有取，因为没有这个名字的练习：{zh}。"),
            )
                .into(),
        );
    }
    chosen
}

/// The first of these paths, as they may be shown.
fn list(paths: &[String], between: &str) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> =
        paths.iter().take(MOST).map(|path| format!("{:?}", cut(path))).collect();
    let more = if paths.len() > MOST { "…" } else { "" };
    shown.join(between) + more
}
