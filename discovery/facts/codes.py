"""The closed lists: every flag, reason and finding code, with its sentence in Chinese and English."""

from __future__ import annotations

from typing import Final, NamedTuple


class Wording(NamedTuple):
    zh: str
    en: str


FINDINGS: Final[dict[str, Wording]] = {
    "agreement_with_oneself": Wording(
        "协议双方是同一当事人", "an agreement names the same party on both sides"
    ),
    "end_before_start": Wording("有效期的结束不晚于开始", "the validity ends on or before the day it starts"),
    "fact_versions": Wording(
        "同一事实有多个版本，只取记录时间最晚的",
        "the same fact stands in several versions; the last recorded one counts",
    ),
    "findings_truncated": Wording(
        "同类发现过多，只列出一部分", "there are more findings of this kind than are listed"
    ),
    "future_date": Wording("日期在今天之后", "a date lies after today"),
    "held_person": Wording(
        "自然人被写成被持有或被控制的公司",
        "a natural person stands where a company that is held or governed should",
    ),
    "holding_without_percent": Wording(
        "股权和表决权比例都未填，只作为联系", "both percents are empty; the row is only a link"
    ),
    "kin_not_person": Wording("亲属关系中出现了组织", "an organisation stands in a kinship row"),
    "kin_with_oneself": Wording("与自己的亲属关系", "a person is stated to be kin of himself"),
    "mixed_currencies": Wording(
        "同一文件中有多种币种，不能相加", "several currencies in one file; they are never added up"
    ),
    "parent_cycle": Wording("父母子女关系成环", "the parent rows form a circle"),
    "role_word_name": Wording("姓名是职务名称", "the name is the word for a role"),
    "self_holding": Wording("公司持有自己的份额", "a party holds itself"),
    "several_spouses": Wording("同一时期有多个配偶", "a person has several spouses at one time"),
    "wrong_check_digit": Wording("证件或代码校验位不符", "the identifier's check digit is wrong"),
    "unknown_party": Wording(
        "事实提到的编号不在当事人表中，已建占位", "a fact names an id that no party row has; a stub stands in"
    ),
    "kind_assumed": Wording(
        "主体类型未填，按企业法人处理", "the party's kind is empty; treated as an enterprise legal person"
    ),
    "duplicate_row": Wording("重复行，只算一次", "the same row stands twice and counts once"),
    "register_over_100": Wording(
        "登记比例合计超过100%", "the register of a company adds up to more than 100 %"
    ),
    "clients_assumed": Wording(
        "没有客户号，全部合格主体视为客户",
        "no party has a client number; every eligible party counts as a client",
    ),
    "register_incomplete": Wording(
        "已知表决权不超过一半且未见控制人，不能据此排除控制",
        "half or less of the votes is accounted for and no controller is known; this is no proof of independence",
    ),
}


class ProblemWording(NamedTuple):
    """Why a row cannot be used and what to do; `{value}`, `{field}`, `{detail}`, `{allowed}` are filled in."""

    reason: Wording
    remedy: Wording


def _problem(reason_zh: str, reason_en: str, remedy_zh: str, remedy_en: str) -> ProblemWording:
    return ProblemWording(Wording(reason_zh, reason_en), Wording(remedy_zh, remedy_en))


NEAREST: Final = Wording("，最接近的是{near}", "; the nearest is {near}")

PROBLEMS: Final[dict[str, ProblemWording]] = {
    "archive_member": _problem(
        "压缩包中的文件不能读取：{detail}",
        "this file of the archive cannot be read: {detail}",
        "请重新打包后再试",
        "pack the archive again",
    ),
    "control_character": _problem(
        "含有控制字符（如NUL）",
        "there is a control character (such as NUL) in it",
        "删除该字符，或用正确的编码另存",
        "remove the character, or save the file in the right encoding",
    ),
    "duplicate_column": _problem(
        "表头中列{field}出现多次",
        "the header names the column {field} more than once",
        "只保留一列",
        "keep one of them",
    ),
    "duplicate_file": _problem(
        "同一文件出现多次",
        "the package holds this file more than once",
        "只保留一份",
        "keep one of them",
    ),
    "duplicate_party": _problem(
        "同一编号有内容不同的多行（另见第{detail}行）",
        "another row has the same id and says something else (row {detail})",
        "合并为一行，或改用不同编号",
        "make them one row, or give them different ids",
    ),
    "empty_file": _problem(
        "文件是空的，没有表头",
        "the file is empty: it has no header",
        "写上表头，或删除该文件；允许的列：{allowed}",
        "write a header or remove the file; columns: {allowed}",
    ),
    "missing_column": _problem(
        "缺少必需的列{field}",
        "the column {field} is missing and required",
        "加上这一列",
        "add the column",
    ),
    "missing_value": _problem(
        "{field}必填",
        "{field} is required here",
        "填写该值",
        "fill it in",
    ),
    "needs_amount": _problem(
        "该权力种类必须填写{field}",
        "this kind of power needs {field}",
        "填写{field}",
        "fill in {field}",
    ),
    "needs_posts": _problem(
        "该权力种类必须写明职位",
        "this kind of power needs the posts it is about",
        "填写posts，允许：{allowed}",
        "fill in posts; allowed: {allowed}",
    ),
    "not_a_choice": _problem(
        "“{value}”不是允许的值{near}",
        "'{value}' is not an allowed value{near}",
        "允许：{allowed}",
        "allowed: {allowed}",
    ),
    "not_a_day": _problem(
        "“{value}”不是日期",
        "'{value}' is not a day",
        "写成YYYY-MM-DD，如2026-06-30",
        "write YYYY-MM-DD, as 2026-06-30",
    ),
    "not_a_flag": _problem(
        "“{value}”不是true或false",
        "'{value}' is neither true nor false",
        "写true或false（小写）",
        "write true or false, in lower case",
    ),
    "not_a_moment": _problem(
        "“{value}”不是日期或时刻",
        "'{value}' is neither a day nor a moment",
        "写成2026-06-30或2026-06-30T09:30:00+08:00",
        "write 2026-06-30 or 2026-06-30T09:30:00+08:00",
    ),
    "not_a_number": _problem(
        "“{value}”不是十进制数",
        "'{value}' is not a plain decimal",
        "只写数字和小数点，如33.5；不带百分号、逗号、指数",
        "digits and a point only, as 33.5; no %, comma or exponent",
    ),
    "not_json": _problem(
        "该行不是一个JSON对象：{detail}",
        "the line is not one JSON object: {detail}",
        "每行写一个JSON对象",
        "write one JSON object a line",
    ),
    "not_text": _problem(
        "值的类型不对：{detail}",
        "the value is of the wrong kind: {detail}",
        '写成文本，如"50.5"',
        'write it as text, as "50.5"',
    ),
    "out_of_range": _problem(
        "“{value}”超出允许范围",
        "'{value}' is out of range",
        "百分比为0至100，可信度为0至1，数量不为负，且位数不过多",
        "a percent is 0 to 100, a confidence 0 to 1, a measure not negative, and none has too many digits",
    ),
    "ragged_row": _problem(
        "该行有{value}个字段，表头有{detail}个",
        "the row has {value} fields, the header {detail}",
        "检查多出或缺少的逗号；含逗号的值要加引号",
        "look for a comma too many or too few; quote values that hold a comma",
    ),
    "slash_in_source": _problem(
        "来源名不能含“/”",
        "a source has no '/' in its name",
        "改名，去掉“/”",
        "name it without '/'",
    ),
    "stray_quote": _problem(
        "引号位置不对",
        "a quotation mark stands where none may stand",
        "值中的引号要写两次，并把整个值放在引号内",
        "double the mark and put the whole value in quotes",
    ),
    "too_long": _problem(
        "值过长",
        "the value is too long",
        "最多65,536字节",
        "at most 65,536 bytes",
    ),
    "too_long_record": _problem(
        "该行过长",
        "the line is too long",
        "检查文件是否损坏",
        "see whether the file is damaged",
    ),
    "too_many_decimals": _problem(
        "“{value}”小数位过多",
        "'{value}' has too many decimals",
        "百分比最多六位小数，金额最多四位",
        "at most six decimals, four for an amount of money",
    ),
    "too_many_flaws": _problem(
        "引号错误过多，其余未读",
        "too many lines with broken quotes; the rest was not read",
        "用规范的CSV工具重新导出",
        "export the file again with a tool that writes proper CSV",
    ),
    "unclosed_quote": _problem(
        "引号没有配对",
        "a quoted value is never closed",
        "补上结尾的引号",
        "close it with a quotation mark",
    ),
    "unknown_column": _problem(
        "未知的列{field}{near}",
        "there is no column {field}{near}",
        "允许的列：{allowed}",
        "columns: {allowed}",
    ),
    "unknown_file": _problem(
        "未知的文件{near}",
        "there is no such file in a facts package{near}",
        "允许的文件（.csv）：{allowed}",
        "files (.csv): {allowed}",
    ),
    "unknown_type": _problem(
        "type“{value}”不是事实文件的名称",
        "the type '{value}' names no file of a facts package",
        "允许：{allowed}",
        "allowed: {allowed}",
    ),
    "unlisted_party": _problem(
        "当事人表中没有编号“{value}”",
        "no party has the id '{value}'",
        "在parties中加上一行，或允许占位",
        "add a row to parties, or allow stubs",
    ),
    "wrong_encoding": _problem(
        "第{detail}字节起不是所用编码的文字",
        "from byte {detail} on this is not text in the encoding used",
        "另存为UTF-8，或加 --encoding gb18030",
        "save it as UTF-8, or say --encoding gb18030",
    ),
}

FLAGS: Final[dict[str, Wording]] = {}

REASONS: Final[dict[str, Wording]] = {}
