//! The class list: a CSV file whose first line names its columns.
//!
//! | column | also called | |
//! |---|---|---|
//! | `id` | `学号` | |
//! | `name` | `姓名` | |
//! | `folder` | `文件夹`, `github` | the submission's name; else the id, else the name |
//! | `lang` | `语言` | `zh` or `en`: the language of the student's page |
//!
//! At least one of the first three must be there; other columns are ignored.
//! The separator is a comma, a semicolon or a tab, as the first line has it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::locale::{Language, t};
use crate::project::unreadable;

/// One student of the class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line in the file.
    pub line: u64,
    /// Empty if there is no such column.
    pub id: String,
    /// Empty if there is no such column.
    pub name: String,
    /// Empty if there is no such column.
    pub folder: String,
    /// The language of the student's page, if it is given.
    pub language: Option<Language>,
}

impl Row {
    /// Whether a submission of this name is this student's.
    pub fn owns(&self, submission: &str) -> bool {
        let names = [&self.folder, &self.id, &self.name];
        names.into_iter().find(|name| !name.is_empty()).is_some_and(|first| {
            first == submission || self.folder.is_empty() && self.name == submission
        })
    }
}

/// No class list is larger.
const LARGEST: u64 = 10 << 20;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Id,
    Name,
    Folder,
    Language,
}

impl Column {
    fn of(title: &str) -> Option<Column> {
        match title.trim().to_lowercase().as_str() {
            "id" | "student_id" | "学号" | "编号" => Some(Column::Id),
            "name" | "姓名" | "名字" => Some(Column::Name),
            "folder" | "github" | "文件夹" | "目录" | "提交" => Some(Column::Folder),
            "lang" | "language" | "语言" => Some(Column::Language),
            _ => None,
        }
    }
}

/// Reads a class list.
///
/// # Errors
///
/// It cannot be read or is not well-formed: one sentence that names the line.
pub fn read(path: &Path) -> Result<Vec<Row>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST).read_to_end(&mut bytes))
        .with_context(|| unreadable(path))?;
    let at = |line: u64| format!("{}:{line}: ", path.display());
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        anyhow::anyhow!(
            "{}{}",
            at(line as u64),
            t(
                "不是 UTF-8；请另存为“CSV UTF-8”。",
                "this is not UTF-8; save the file as “CSV UTF-8”.",
            )
        )
    })?;
    parse(text).map_err(|(line, why)| anyhow::anyhow!("{}{why}", at(line)))
}

type Wrong = (u64, String);

fn parse(text: &str) -> Result<Vec<Row>, Wrong> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut columns: Option<BTreeMap<Column, usize>> = None;
    let mut width = 0;
    let mut rows: Vec<Row> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            (line, t("读不懂这一行。", "this line cannot be read.").to_owned())
        })?;
        // The position may lie before blank lines that were passed over.
        let begin = record.position().map_or(0, |place| place.byte() as usize);
        let blank = text[begin..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let line = 1 + text[..begin + blank].matches('\n').count() as u64;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let Some(columns) = &columns else {
            width = record.len();
            columns = Some(header(&record).map_err(|why| (line, why))?);
            continue;
        };
        if record.len() != width {
            let has = record.len();
            return Err((
                line,
                t(
                    format!("这一行有 {has} 列，表头有 {width} 列。"),
                    format!("this line has {has} fields, the header {width}."),
                ),
            ));
        }
        let field = |column: Column| {
            columns.get(&column).and_then(|&index| record.get(index)).unwrap_or_default().to_owned()
        };
        let row = Row {
            line,
            id: field(Column::Id),
            name: field(Column::Name),
            folder: field(Column::Folder),
            language: self::language(&field(Column::Language)).map_err(|why| (line, why))?,
        };
        expect_new(&row, &rows).map_err(|why| (line, why))?;
        rows.push(row);
    }
    if rows.is_empty() {
        return Err((1, t("名单里没有学生。", "there is no student in it.").to_owned()));
    }
    Ok(rows)
}

/// The separator of the first line.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    let most = [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator));
    most.unwrap_or(b',')
}

fn header(record: &csv::StringRecord) -> Result<BTreeMap<Column, usize>, String> {
    let mut columns = BTreeMap::new();
    for (index, title) in record.iter().enumerate() {
        let Some(column) = Column::of(title) else { continue };
        if columns.insert(column, index).is_some() {
            return Err(t(
                format!("表头里有两列是 {title}。"),
                format!("two columns mean the same as {title}."),
            ));
        }
    }
    if ![Column::Id, Column::Name, Column::Folder].iter().any(|column| columns.contains_key(column))
    {
        return Err(t(
            "表头里要有 学号、姓名、文件夹 中的至少一列（或 id、name、folder）。",
            "the header must name at least one of the columns id, name and folder.",
        )
        .to_owned());
    }
    Ok(columns)
}

fn language(tag: &str) -> Result<Option<Language>, String> {
    match tag.to_lowercase().as_str() {
        "" => Ok(None),
        "中文" => Ok(Some(Language::Chinese)),
        "英文" => Ok(Some(Language::English)),
        tag if tag.starts_with("zh") => Ok(Some(Language::Chinese)),
        tag if tag.starts_with("en") => Ok(Some(Language::English)),
        _ => Err(t(
            format!("语言只能是 zh 或 en，不能是 {tag:?}。"),
            format!("the language is zh or en, not {tag:?}."),
        )),
    }
}

/// Checks that a row names somebody, and nobody twice.
fn expect_new(row: &Row, others: &[Row]) -> Result<(), String> {
    if row.id.is_empty() && row.name.is_empty() && row.folder.is_empty() {
        return Err(t(
            "这一行没有学号，也没有姓名和文件夹。",
            "this line has neither id nor name nor folder.",
        )
        .to_owned());
    }
    if row.id.contains('\n') || row.name.contains('\n') {
        return Err(t("引号没有配对。", "a quotation mark is not closed.").to_owned());
    }
    for other in others {
        for (one, two) in [(&row.id, &other.id), (&row.folder, &other.folder)] {
            if one == two && !one.is_empty() {
                let line = other.line;
                return Err(t(
                    format!("{one:?} 在第 {line} 行已经有了。"),
                    format!("{one:?} is already in line {line}."),
                ));
            }
        }
    }
    Ok(())
}

/// Finds the row of each submission: for every row, the index of its own.
///
/// # Errors
///
/// Two rows lay claim to one submission.
pub fn assign(path: &Path, rows: &[Row], submissions: &[&str]) -> Result<Vec<Option<usize>>> {
    let mut owners: BTreeMap<usize, u64> = BTreeMap::new();
    let mut assigned = Vec::new();
    for row in rows {
        let own = submissions.iter().position(|name| row.owns(name));
        if let Some(index) = own
            && let Some(line) = owners.insert(index, row.line)
        {
            let (at, name) = (format!("{}:{}: ", path.display(), row.line), submissions[index]);
            bail!(
                "{at}{}",
                t(
                    format!("作业 {name:?} 第 {line} 行的学生已经有了；请写明“文件夹”一列。"),
                    format!(
                        "line {line} has the submission {name:?} already; fill in the column folder."
                    ),
                )
            );
        }
        assigned.push(own);
    }
    Ok(assigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_and_separators_are_read() {
        let english = parse("id,name,folder,lang\n7,Ada,ada,en\n").unwrap();
        let chinese = parse("学号;姓名;文件夹;语言\n7;Ada;ada;en\n").unwrap();
        assert_eq!(english, chinese);
        assert_eq!(english[0].language, Some(Language::English));
    }

    #[test]
    fn a_row_owns_its_folder_or_its_id_or_its_name() {
        let rows = parse("id,name,folder\n7,Ada,a-7\n8,Bob,\n,小明,\n").unwrap();
        assert!(rows[0].owns("a-7") && !rows[0].owns("7") && !rows[0].owns("Ada"));
        assert!(rows[1].owns("8") && rows[1].owns("Bob"));
        assert!(rows[2].owns("小明"));
    }

    #[test]
    fn a_quoted_name_may_hold_anything() {
        let rows = parse("name,folder\n\"O'Neil, \"\"Al\"\"\",\"two\nlines\"\n").unwrap();
        assert_eq!(
            (rows[0].name.as_str(), rows[0].folder.as_str()),
            ("O'Neil, \"Al\"", "two\nlines")
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, line) in [
            ("", 1),
            ("name\n", 1),
            ("points,mark\n1,2\n", 1),
            ("id,学号\n1,2\n", 1),
            ("id,name\n1,a\n\n2\n", 4),
            ("id,name\n1,a\n1,b\n", 3),
            ("id,lang\n1,fr\n", 2),
            ("id,name,lang\n,,zh\n", 2),
            ("id,name\n\"1,a\n2,b\n", 2),
        ] {
            assert_eq!(parse(text).unwrap_err().0, line, "{text:?}");
        }
    }
}
