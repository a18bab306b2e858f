//! Who is graded: the class list, and whoever handed in and is not on it.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use project::locale::{Language, language};

use crate::roster::{self, Row};
use crate::submissions::Submissions;

/// A student before grading: who, and the index of the submission.
pub struct Enrolled {
    pub id: String,
    pub name: String,
    pub in_roster: bool,
    pub language: Language,
    pub submission: Option<usize>,
}

pub fn all(
    roster: Option<&Path>,
    rows: Option<Vec<Row>>,
    submissions: &Submissions,
) -> Result<Vec<Enrolled>> {
    let names: Vec<&str> = submissions.all.iter().map(|one| one.name.as_str()).collect();
    let unlisted = |index: usize, in_roster| Enrolled {
        id: names[index].to_owned(),
        name: names[index].to_owned(),
        in_roster,
        language: language(),
        submission: Some(index),
    };
    let (Some(path), Some(rows)) = (roster, rows) else {
        return Ok((0..names.len()).map(|index| unlisted(index, true)).collect());
    };
    let known: Vec<(&str, Option<&str>)> =
        submissions.all.iter().map(|one| (one.name.as_str(), one.number.as_deref())).collect();
    let assigned = roster::assign(path, &rows, &known)?;
    let taken: BTreeSet<usize> = assigned.iter().copied().flatten().collect();
    let mut students: Vec<Enrolled> = rows
        .into_iter()
        .zip(assigned)
        .map(|(row, submission)| {
            let first = |fields: [&String; 3]| {
                fields.into_iter().find(|field| !field.is_empty()).cloned().unwrap_or_default()
            };
            Enrolled {
                id: first([&row.id, &row.folder, &row.name]),
                name: first([&row.name, &row.id, &row.folder]),
                in_roster: true,
                language: row.language.unwrap_or_else(language),
                submission,
            }
        })
        .collect();
    let others = (0..names.len()).filter(|index| !taken.contains(index));
    students.extend(others.map(|index| unlisted(index, false)));
    Ok(students)
}
