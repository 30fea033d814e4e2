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
    "column_ignored": Wording("该列不用于匹配", "the column is not used for matching"),
    "conflicting_values": Wording(
        "同一当事人的取值不一致", "a source gives one party different values; one is kept"
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
    "name_missing": Wording(
        "名称为空，不参与匹配", "the name is empty; the record is matched with nothing by name"
    ),
    "name_too_long": Wording(
        "名称超过300个字符，不参与匹配", "the name has more than 300 characters; it is not compared"
    ),
    "name_unreadable": Wording(
        "名称中没有可比较的文字，不参与匹配", "the name holds too little text to be compared"
    ),
    "parent_cycle": Wording("父母子女关系成环", "the parent rows form a circle"),
    "role_word_name": Wording("姓名是职务名称", "the name is the word for a role"),
    "same_person_name": Wording(
        "同名自然人出现在多家公司，未视为同一人",
        "people of one name stand at several companies and are kept apart",
    ),
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
        "half or less of the votes is accounted for and no controller is known; no proof of independence",
    ),
    "decision_orphaned": Wording(
        "决定所指的结果已不存在", "a recorded decision names an outcome that no longer occurs"
    ),
    "decision_expired": Wording(
        "人工决定已过期，问题重新待核", "a recorded decision has expired; what it settled is open again"
    ),
    "decision_contradicted": Wording(
        "对同一结果有相反的人工决定，问题重新待核",
        "recorded decisions on one outcome contradict each other; it is open again",
    ),
    "policy_not_in_force": Wording(
        "基准日不在办法的有效期内", "the measures are not in force on the day asked for"
    ),
    "not_assessed": Wording("缺少数据，相关条件未评估", "data are missing; a condition was not assessed"),
}


class ProblemWording(NamedTuple):
    """Why a row cannot be used and what to do; `{value}`, `{field}`, ... are filled in."""

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
    "no_lines": _problem(
        "文件是空的，没有任何一行",
        "the file is empty: it has no line",
        "每行写一个JSON对象；type的取值：{allowed}",
        "write one JSON object a line; values of type: {allowed}",
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
    "too_large": _problem(
        "{field}超过上限{detail}",
        "{field} is above {detail}, the most there can be",
        "更正该数值",
        "correct the figure",
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

FLAGS: Final[dict[str, Wording]] = {
    "boundary_ambiguous": Wording(
        "合计恰好等于界限，而办法对是否包含表述不清",
        "the total stands exactly on a boundary that the wording leaves open",
    ),
    "circular_votes": Wording(
        "受控公司反过来持有控制方的表决权", "a company that the unit controls holds votes in the unit"
    ),
    "conflicting_sources": Wording(
        "多个登记说法不一，取其一", "several registers disagree; one of them was taken"
    ),
    "decided": Wording("经人工决定形成或调整", "a recorded decision formed or changed it"),
    "decision_contradicted": Wording(
        "对此有相反的人工决定", "recorded decisions about it contradict each other"
    ),
    "decision_expired": Wording("对此的人工决定已过期", "a recorded decision about it has expired"),
    "declared": Wording(
        "依据申报或登记的实际控制人认定", "rests on a declared or registered actual controller"
    ),
    "dual_control": Wording("另一控制方也满足某项控制标准", "another unit passes a test of control too"),
    "executive_assumed": Wording(
        "任职是否为执行职务未填，按职务推定",
        "whether the office is executive is not stated; taken from the role",
    ),
    "group_related": Wording("集团关联客户", "group-related clients, as these measures call them"),
    "form_conflict": Wording(
        "办法中的定义与列举形式不一致", "the measures' definition and their list of forms disagree"
    ),
    "kin_conflict": Wording("只有较宽的亲属口径适用", "only the wider wording on kin applies"),
    "kin_joint": Wording(
        "由家庭成员合并控制，而非同一人分别控制",
        "the family controls together, not the same persons everywhere",
    ),
    "kin_joint_only": Wording(
        "家庭集团，但没有任何一家企业由两名家庭成员共同持有",
        "a family group without a firm in which two of them hold",
    ),
    "kind_assumed": Wording(
        "主体类型未填，按企业法人处理", "the party's kind is empty; treated as an enterprise legal person"
    ),
    "low_confidence": Wording("所依据的事实可信度偏低", "rests on a fact of low confidence"),
    "measure_assumed": Wording(
        "股权与表决权只填了一项，另一项按相同处理",
        "equity or votes were stated alone; the other was taken to be the same",
    ),
    "method_not_assessed": Wording("未能按相乘法计算", "shares multiplied along each path were not assessed"),
    "method_sensitive": Wording(
        "按另一种间接持股计算方法结果不同", "the other method of indirect shares would say otherwise"
    ),
    "multi_membership": Wording("同时属于多个集团", "belongs to more than one group"),
    "non_group_related": Wording(
        "非集团关联客户", "related clients outside of any group, as these measures call them"
    ),
    "not_assessed": Wording(
        "缺少授信数据，与授信有关的条件未评估",
        "credit data are missing; conditions on credit were not assessed",
    ),
    "overlap": Wording("与另一家庭的集团有共同成员", "shares members with the group of another family"),
    "presumed": Wording("办法未明确，按默认值推定", "the measures leave it open; a default stands in"),
    "register_over_100": Wording("登记比例合计超过100%", "the company's register adds up to more than 100 %"),
    "singular_holder": Wording(
        "办法的比例标准只写明一个持有人，此处为家庭合计",
        "the measures name one holder; here a family adds up",
    ),
    "step_kin": Wording("亲属关系经继父母子女", "the kinship leads over a step-parent or step-child"),
    "stub_on_path": Wording("路径上有主体不在当事人表中", "a party on the way has no row of its own"),
    "treasury_shares": Wording(
        "公司持有自己的股份，仍计入分母", "the company holds its own shares; they stay in the denominator"
    ),
    "truncated": Wording("结果过多，未全部列出", "there is more than is listed"),
}

REASONS: Final[dict[str, Wording]] = {
    "affinity_kin": Wording("计入姻亲后会形成集团或增加成员", "with in-laws a group would form or grow"),
    "attribution": Wording(
        "存在多个可能的归属集团，尚未确定", "more than one group may claim it and none is settled"
    ),
    "bad_credit": Wording(
        "不良授信占比达到标准或已移交处置",
        "non-performing credit reaches the mark, or all was handed to disposal",
    ),
    "closed_list_basis": Wording(
        "满足一项办法未列明的控制依据", "a ground of control is met that the measures do not list"
    ),
    "concert": Wording("一致行动协议", "a concert agreement"),
    "confirm": Wording("集团成立，但需人工确认", "the group stands and asks for a person's confirmation"),
    "contact_point": Wording("相同的电话、邮箱或地址", "the same phone, e-mail or address"),
    "economic_dependence": Wording("经济上依存于同一方", "economically dependent on the same party"),
    "ex_spouse": Wording("曾为配偶", "a former marriage"),
    "exemption_doubtful": Wording(
        "豁免所需事实缺失或豁免已丧失", "an exemption lacks facts it needs, or has been lost"
    ),
    "family_without_anchor": Wording(
        "家庭合计达到标准，但没有主要投资者或关键管理人员",
        "a family passes together, without a major investor or key manager",
    ),
    "form_only": Wording("仅符合列举形式", "only a listed form is met"),
    "guarantee": Wording("担保", "a guarantee"),
    "half_share": Wording(
        "恰好持有一半，而办法要求超过一半", "holds exactly half where more than half is asked"
    ),
    "hidden_association": Wording("存在隐性关联迹象", "there are signs of a hidden association"),
    "holding": Wording("持有百分之二十以上", "a holding of 20 or more"),
    "influence_by_person": Wording(
        "重大影响只由自然人的份额达到", "significant influence is reached only with shares of persons"
    ),
    "influence_only": Wording("所有成员都只有重大影响", "all members stand under influence alone"),
    "joint_control": Wording("由需一致同意的各方共同控制", "control is shared by those who must agree"),
    "key_person": Wording("关键管理人员相同", "a key manager in common"),
    "kin": Wording("亲属", "kin"),
    "low_risk_only": Wording("只有低风险业务", "low-risk business only"),
    "near_control": Wording("接近控制而无人控制", "close to control, and nobody controls"),
    "no_credit": Wording("没有成员有授信", "no member has credit"),
    "nominee_registered": Wording(
        "代持不成立时名义持有人将控制",
        "the registered holder would control if the nominee arrangement did not stand",
    ),
    "noncircular_majority": Wording(
        "剔除循环持有的表决权后将过线", "passes once votes held in a circle are left out"
    ),
    "occupation": Wording("大额长期占用资金", "funds are occupied"),
    "partnership_top": Wording("合伙企业位于集团顶端", "a partnership stands at the top"),
    "ring": Wording("互相控制成环，最终由谁决定不明", "a ring of mutual control: who decides is open"),
    "shared_investor": Wording("同一投资者持有双方各百分之十以上", "an investor holds 10 or more of both"),
    "shared_legal_representative": Wording(
        "法定代表人为同一人", "the same person is legal representative of both"
    ),
    "shared_officer": Wording("任职人员相同", "an officer in common"),
    "shifting": Wording("以非公允价格交易", "a payment or trade at no fair price"),
    "single_member": Wording("只有一个成员有授信", "only one member has credit"),
    "single_post": Wording("只对一个关键职位有任免权", "a right over one key post only"),
    "state_owner": Wording(
        "控制方为国有出资人，办法允许与其分开或互不归并",
        "the controller is a state owner, and the measures let what it holds stand apart",
    ),
    "state_siblings": Wording("同受一个国家机关控制的企业", "companies under one state organ"),
}

WARNINGS: Final[dict[str, Wording]] = {
    "equity_changes": Wording("股权变更频繁", "shareholdings of members changed often"),
    "new_indirect_holder": Wording("出现新的间接持股人", "a new indirect holder stands above a member"),
    "net_asset_change": Wording("净资产变动10%以上", "net assets changed by 10 % or more"),
    "related_transaction": Wording(
        "关联交易达到净资产的10%以上", "a related transaction of 10 % of net assets or more"
    ),
    "intra_group_guarantees": Wording("集团内部保证占比过高", "guarantees among members exceed their share"),
    "guarantee_ring": Wording("担保成环", "guarantees close a ring"),
    "loan_proceeds": Wording(
        "有授信的成员向其他成员划转资金", "money of a member that has credit reached another member"
    ),
    "members_receivables": Wording(
        "对成员的应收应付款占资产比例过高", "receivables and payables among members are high beside assets"
    ),
    "second_member_credit": Wording(
        "第二个成员取得授信", "a second member obtained credit, which ends an exemption"
    ),
    "quality_downgrade": Wording("成员授信质量下迁", "the quality of a member's credit fell"),
    "personal_bad_credit": Wording(
        "关键人员或其亲属有不良授信", "a key person or a relative has non-performing credit"
    ),
    "representative_changed": Wording(
        "法定代表人或申报的实际控制人变更", "a legal representative or declared controller changed"
    ),
    "consolidation_changed": Wording("合并范围变化", "the scope of consolidation changed"),
    "beneficial_owner_differs": Wording(
        "登记的受益所有人与档案不一致", "the registered beneficial owner differs from the file"
    ),
}

# Signs of a hidden association (investment, personnel, financing, transaction): each a rule of its own.
INDICATORS: Final[dict[str, Wording]] = {
    "nominee_holding": Wording("一方代另一方持股", "one holds shares for the other"),
    "capital_from_other": Wording(
        "注册资金由非股东的另一客户账户缴入", "capital was paid in by the other, which is no shareholder"
    ),
    "nominal_share_transfer": Wording(
        "以象征性价格把股权转给本企业员工", "a stake was passed to a member of staff at no fair price"
    ),
    "held_through_partnership": Wording(
        "一方经合伙企业持有另一方", "one holds the other through a partnership"
    ),
    "same_investor_behind_funds": Wording(
        "不同基金背后为同一投资者", "one investor stands behind the funds that hold them"
    ),
    "same_legal_representative": Wording("法定代表人相同", "the same legal representative"),
    "same_executive": Wording("高级管理人员相同", "an executive in common"),
    "same_finance_head": Wording("财务负责人相同", "the same head of finance"),
    "same_phone": Wording("电话相同", "the same phone"),
    "same_email": Wording("邮箱相同", "the same e-mail"),
    "same_address": Wording("地址相同", "the same address"),
    "manager_moved": Wording("管理人员近期由一方转到另一方", "a manager moved from one to the other of late"),
    "manager_is_nominee": Wording(
        "一方的管理人员是另一方的名义股东", "a manager of one is a nominee shareholder of the other"
    ),
    "mutual_guarantee": Wording("互相担保", "they guarantee each other"),
    "guarantee_ring": Wording("处于同一担保圈", "they stand in one ring of guarantees"),
    "collateral_of_other": Wording("以另一方的财产抵质押", "collateral belongs to the other"),
    "entrusted_loan": Wording("委托贷款", "an entrusted loan between them"),
    "loan_proceeds": Wording("贷款资金流向另一方", "proceeds of a loan reached the other"),
    "concentrated_trades": Wording("购销高度集中于对方", "their trade is concentrated on each other"),
    "off_market": Wording("以非公允价格交易", "dealings at no fair price"),
    "offsetting_trades": Wording("双向交易相互抵销", "trades in both directions offset each other"),
    "same_day_round_trip": Wording("资金同日往返", "money went there and back on one day"),
}
# Signs the facts of a package cannot express; answers say that they were not assessed.
NOT_EXPRESSED: Final[dict[str, Wording]] = {
    "filing_agent": Wording("工商登记代理人相同", "the same filing agent"),
    "invoices_without_goods": Wording("有发票无货物", "invoices without goods"),
    "pooled_accounts": Wording("账户资金归集", "pooled accounts"),
    "repaid_for_other": Wording("代另一方还款", "one repays for the other"),
}

NOT_ASSESSED: Final[dict[str, Wording]] = {
    "amount_missing": Wording("担保金额未填", "the amount of a guarantee is not stated"),
    "credit_elsewhere_unknown": Wording(
        "其他机构的授信不在事实包内", "credit at other institutions is not on file"
    ),
    "no_balance_sheets": Wording("没有财务报表数据", "no balance sheets are on file"),
    "no_base": Wording("没有相应的资本数据", "the measure of capital is not on file"),
    "no_credit_on_file": Wording("没有授信数据", "no credits are on file"),
    "no_dates": Wording("数据没有日期，无法比较前后", "the facts carry no dates to compare by"),
    "no_group_limit": Wording("集团限额未填", "no approved limit of the group is on file"),
    "no_payments": Wording("没有资金往来数据", "no payments are on file"),
    "no_personal_credit": Wording("没有自然人的授信数据", "no credit of natural persons is on file"),
    "no_proposed_limit": Wording("拟核定的集团限额未填", "no proposed limit of the group is on file"),
    "no_quality_on_file": Wording("没有授信质量数据", "no quality of credit is on file"),
    "no_register_of_owners": Wording("没有受益所有人登记数据", "no register of beneficial owners is on file"),
    "other_currency": Wording("币种与比较基准不同", "the currency is not that of the base"),
    "several_currencies": Wording("多种币种不能相加", "several currencies cannot be added up"),
    "too_many": Wording("数量过多，未逐一核对", "there are too many to look at"),
}
