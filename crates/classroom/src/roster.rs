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
use project::files::unreadable;
use project::locale::{Language, t};

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
    /// Whether a submission of this name, which a school's system may have given
    /// a number, is this student's.
    pub fn owns(&self, submission: &str, number: Option<&str>) -> bool {
        let names = [&self.folder, &self.id, &self.name];
        names.into_iter().find(|name| !name.is_empty()).is_some_and(|first| {
            let is_name = |name: &str| name == submission || Some(name) == number;
            is_name(first) || self.folder.is_empty() && self.name == submission
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
    let text = decode(&bytes).map_err(|line| {
        anyhow::anyhow!(
            "{}{}",
            at(line as u64),
            t(
                "不是 UTF-8；请另存为“CSV UTF-8”。",
                "this is not UTF-8; save the file as “CSV UTF-8”.",
            )
        )
    })?;
    parse(&text).map_err(|(line, why)| anyhow::anyhow!("{}{why}", at(line)))
}

/// The text of a file as spreadsheets write it: UTF-8, UTF-16 with its mark, or
/// what Excel on a Chinese Windows calls CSV (GB18030), if the header is Chinese
/// then: everything else could be anything.
///
/// # Errors
///
/// It is none of them: the line of the first byte that is no UTF-8.
fn decode(bytes: &[u8]) -> Result<String, usize> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        return text.map(String::from).ok_or(1);
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    let chinese = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    let has_header = |text: &str| {
        let first = text.lines().next().unwrap_or_default();
        let mut titles = first.split([',', ';', '\t']).map(|title| title.trim_matches(['"', ' ']));
        titles.any(|title| !title.is_ascii() && Column::of(title).is_some())
    };
    match chinese {
        Some(text) if has_header(&text) => Ok(text.into_owned()),
        _ => Err(1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count()),
    }
}

type Wrong = (u64, String);

fn parse(whole: &str) -> Result<Vec<Row>, Wrong> {
    // Excel's own hint, `sep=;`, may be the first line.
    let hinted = whole.lines().next().and_then(|first| first.strip_prefix("sep="));
    let text = match hinted.and_then(|_| whole.split_once('\n')) {
        Some((_, rest)) => rest,
        None => whole,
    };
    let above = whole[..whole.len() - text.len()].matches('\n').count() as u64;
    let hinted = hinted.and_then(|hint| hint.trim().bytes().next());
    rows(text, hinted.unwrap_or_else(|| separator(text)))
        .map_err(|(line, why)| (line + above, why))
        .map(|rows| rows.into_iter().map(|row| Row { line: row.line + above, ..row }).collect())
}

fn rows(text: &str, separator: u8) -> Result<Vec<Row>, Wrong> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
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
        let titles: Vec<String> = record.iter().take(5).map(project::names::shown).collect();
        let titles = titles.join(" | ");
        return Err(t(
            format!(
                "表头里要有 学号、姓名、文件夹 中的至少一列（或 id、name、folder），读到的是：{titles}；列之间用逗号、分号或制表符隔开。"
            ),
            format!(
                "the header must name at least one of the columns id, name and folder, and reads: {titles}; commas, semicolons or tabs separate columns."
            ),
        ));
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
        if row.id == other.id && !row.id.is_empty() {
            let (id, line) = (&row.id, other.line);
            return Err(t(
                format!("{id:?} 在第 {line} 行已经有了。"),
                format!("{id:?} is already in line {line}."),
            ));
        }
        // Two students may hand in one folder together; one student is one line.
        let is_same = row.id.is_empty() && row.folder == other.folder && row.name == other.name;
        if is_same && !(row.folder.is_empty() && row.name.is_empty()) && !row.folder.is_empty() {
            let (folder, line) = (&row.folder, other.line);
            return Err(t(
                format!("{folder:?} 在第 {line} 行已经有了。"),
                format!("{folder:?} is already in line {line}."),
            ));
        }
    }
    Ok(())
}

/// Finds the row of each submission, given by its name and its number: for every
/// row, the index of its own. Students who name the same folder handed it in
/// together.
///
/// # Errors
///
/// Two rows lay claim to one submission, and not both by its folder.
pub fn assign(
    path: &Path,
    rows: &[Row],
    submissions: &[(&str, Option<&str>)],
) -> Result<Vec<Option<usize>>> {
    let mut owners: BTreeMap<usize, &Row> = BTreeMap::new();
    let mut assigned = Vec::new();
    for row in rows {
        let own = submissions.iter().position(|(name, number)| row.owns(name, *number));
        if let Some(index) = own
            && let Some(other) = owners.insert(index, row)
            && (row.folder.is_empty() || other.folder.is_empty())
        {
            let line = other.line;
            let (at, name) = (format!("{}:{}: ", path.display(), row.line), submissions[index].0);
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
        let owns = |row: &Row, name: &str| row.owns(name, None);
        assert!(owns(&rows[0], "a-7") && !owns(&rows[0], "7") && !owns(&rows[0], "Ada"));
        assert!(owns(&rows[1], "8") && owns(&rows[1], "Bob") && rows[1].owns("bob", Some("8")));
        assert!(owns(&rows[2], "小明"));
    }

    #[test]
    fn what_a_spreadsheet_writes_is_read() {
        let text = "学号,姓名\n7,小明\n";
        let (gb, ..) = encoding_rs::GB18030.encode(text);
        let mut utf16: Vec<u8> = vec![0xff, 0xfe];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &gb[..], &utf16, &marked] {
            assert_eq!(decode(bytes).as_deref(), Ok(text), "{bytes:?}");
        }
        assert_eq!(decode(b"id,name\n7,caf\xe9\n"), Err(2));
        let hinted = parse("sep=;\r\nid;name\r\n7;Ada\r\n").unwrap();
        assert_eq!((hinted[0].line, hinted[0].name.as_str()), (3, "Ada"));
        let said = parse("Student|Mark\nAda|1\n").unwrap_err().1;
        assert!(said.contains("Student|Mark"), "{said}");
    }

    #[test]
    fn a_pair_hands_in_one_folder() {
        let path = Path::new("roster.csv");
        let rows = parse("id,name,folder\n7,Ada,team\n8,Bob,team\n").unwrap();
        assert_eq!(assign(path, &rows, &[("team", None)]).unwrap(), [Some(0), Some(0)]);
        let rows = parse("id,name,folder\n7,Ada,team\n8,team,\n").unwrap();
        assert!(assign(path, &rows, &[("team", None)]).is_err());
        assert!(parse("name,folder\nAda,a\nAda,a\n").is_err());
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
