"""Conditions decide with three values: true, false, and not measured."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.policies.expressions import QUANTITIES, Expression, parse, plain

NAMES = sorted(QUANTITIES)[:3]
SAMPLES = tuple(Fraction(halves, 2) for halves in (0, 1, 2, 50, 100, 198, 199, 200))
JUNCTIONS = st.sampled_from(("all", "any"))
leaves = st.builds(
    lambda name, op, number: f"{name} {op} {number}",
    st.sampled_from(NAMES),
    st.sampled_from(("==", "!=", ">=", "<=", ">", "<")),
    st.sampled_from(("0", "1", "50", "99.5")),
)
conditions = st.recursive(
    leaves,
    lambda part: st.one_of(
        st.builds(lambda one: {"not": one}, part),
        st.builds(lambda op, parts: {op: parts}, JUNCTIONS, st.lists(part, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)  # fmt: skip
measures = st.fixed_dictionaries(
    {name: st.sampled_from((None, Fraction(0), Fraction(1), Fraction(50))) for name in NAMES}
)


@given(condition=conditions, measured=measures)
def test_undecided_only_where_the_unmeasured_matters(
    condition: object, measured: dict[str, Fraction | None]
) -> None:
    """A decided answer is that of every completion; a comparison of its own is decided when measured."""
    expression = parse(condition)
    answer = expression.holds(measured)
    open_names = [name for name in NAMES if measured[name] is None]
    completions = {
        expression.holds({**measured, **dict(zip(open_names, values, strict=True))})
        for values in product(SAMPLES, repeat=len(open_names))
    }

    assert None not in completions
    if answer is not None:
        assert completions == {answer}
    if not open_names:
        assert answer is not None


@pytest.mark.parametrize(
    ("op", "table"),
    [
        ("all", {"TT": True, "TF": False, "TU": None, "FF": False, "FU": False, "UU": None}),
        ("any", {"TT": True, "TF": True, "TU": True, "FF": False, "FU": None, "UU": None}),
    ],
)
def test_truth_tables(op: str, table: dict[str, bool | None]) -> None:
    """Kleene's tables, in both orders; undecided is kept by not."""
    value = {"T": parse("npl_share >= 1"), "F": parse("npl_share < 1"), "U": parse("low_risk_share >= 1")}
    measured = {"npl_share": Fraction(1), "low_risk_share": None}
    for letters, expected in table.items():
        for pair in (letters, letters[::-1]):
            assert Expression(op, parts=tuple(value[one] for one in pair)).holds(measured) is expected
    assert Expression("not", parts=(value["U"],)).holds(measured) is None
    assert Expression("not", parts=(value["F"],)).holds(measured) is True


@given(condition=conditions)
def test_written_as_it_was_read(condition: object) -> None:
    """What is written back reads as the same expression."""
    assert parse(plain(parse(condition))) == parse(condition)


@pytest.mark.parametrize("text", ["npl_share => 50", "unknown >= 1", "npl_share >= x", "", "npl_share >= 1;"])
def test_a_bad_comparison_names_the_quantities(text: str) -> None:
    """The message says how to write one and lists what can be measured."""
    with pytest.raises(ValueError, match=r"quantity op number.*npl_share"):
        parse(text)


@pytest.mark.parametrize(
    "value", [{"all": []}, {"nor": ["npl_share >= 1"]}, 5, {"all": "npl_share >= 1"}, {}]
)
def test_a_bad_junction_says_what_is_allowed(value: object) -> None:
    """The message shows all forms."""
    with pytest.raises(ValueError, match="is no condition"):
        parse(value)
