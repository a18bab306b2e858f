from markdown_it import MarkdownIt

FORMS = [
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
]


def main():
    parser = MarkdownIt("commonmark").enable(
        ["strikethrough", "table"]
    )
    for form in FORMS:
        print(parser.render(form), end="")


main()
