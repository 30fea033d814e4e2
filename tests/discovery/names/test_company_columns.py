"""Company names as columns: what is read back and passed over is what the names themselves say."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.names.company import parse_company
from discovery.names.company_columns import SHORT, SPECIAL, elsewhere, names_of, read_columns
from discovery.names.company_match import compare_company_names

PLACES = (
    *("", "深圳市", "深圳", "广东", "广东省深圳市", "苏州"),
    *("江苏省", "北京", "山西", "陕西", "中国", "鼓楼区"),
)
TRADES = ("华恒", "神马", "三峡", "平安", "A1", "东方明珠", "集团")
WORKS = ("", "科技", "电力", "投资管理", "第二建筑", "一号", "新能源科技发展")
FORMS = (
    *("", "有限公司", "股份有限公司", "集团有限公司"),
    *("合伙企业(有限合伙)", "有限公司上海分公司", "银行支行"),
)
EXTRAS = ("", "（深圳）", "(广东)", "（集团）", " ", "（简称华恒）", "(3)", "二期")

company_names = st.one_of(
    st.builds("".join, st.tuples(*map(st.sampled_from, (PLACES, TRADES, EXTRAS, WORKS, EXTRAS, FORMS)))),
    st.text(max_size=12),
)


@given(st.lists(company_names, min_size=1, max_size=30))
@settings(max_examples=400, deadline=None)
def test_names_are_read_back_from_their_columns(names):
    """Every plain name comes back part for part; the others are marked special and say nothing."""
    parts, marks = read_columns([(name,) for name in names])
    plain = np.flatnonzero(marks[:, SHORT] != SPECIAL)
    read = [parse_company(name) for name in names]
    usual = [name.usable and not name.foreign and not name.aliases for name in read]

    assert plain.tolist() == [row for row, one in enumerate(usual) if one]
    assert names_of(parts[plain], marks[plain]) == [read[row] for row in plain.tolist()]


@given(st.lists(company_names, min_size=2, max_size=12))
@settings(max_examples=400, deadline=None)
def test_two_full_names_are_elsewhere_where_their_regions_veto(names):
    """Exactly the pairs of full names whose regions veto, and these are apart with one and the same score."""
    parts, marks = read_columns([(name,) for name in names])
    left, right = (side.ravel() for side in np.meshgrid(np.arange(len(names)), np.arange(len(names))))
    found = elsewhere(parts, marks, left, right)

    for a, b, apart in zip(left.tolist(), right.tolist(), found.tolist(), strict=True):
        answer = compare_company_names(names[a], names[b])
        vetoes = {part.part for part in answer.parts if part.state == "vetoed"}
        both_full = marks[a, SHORT] == marks[b, SHORT] == 0
        assert apart == (both_full and "region" in vetoes)
        assert not apart or (answer.score, answer.decision) == (5, "apart")
