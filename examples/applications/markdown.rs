use pulldown_cmark::{Options, Parser, html};

const FORMS: [&str; 12] = [
    "## 自己写 {#make}",
    "*斜体* **粗体** ***粗斜体*** ~~删除线~~",
    "`行内代码` \\*不是斜体\\*",
    "[目录](SUMMARY.md) <https://docs.rs>",
    "![图标](favicon.svg)",
    "第一行\\\n第二行",
    "- 第一项\n- 第二项",
    "1. 第一项\n2. 第二项",
    "|表头|表头|\n|-|-|\n|单元格|单元格|",
    "> 引用",
    "> [!WARNING]\n> 会咬人的差别",
    "```sh\ncargo run\n```\n\n---",
];

fn main() {
    let options =
        Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TABLES
            | Options::ENABLE_GFM;
    for form in FORMS {
        let events =
            Parser::new_ext(form, options);
        let mut page = String::new();
        html::push_html(&mut page, events);
        print!("{page}");
    }
}
