"""What a policy file may say about the administration of groups, and what is told of a wrong value."""

from __future__ import annotations

import pytest

from discovery.errors import PolicyInvalid
from discovery.policies import load_policy
from discovery.policies.administration import COUNTS


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("types.order.II.when", "npl_share >= 50", ("npl_share", "unified_accounting_share")),
        ("attribution.order", ["largest"], ("attribution.order", "highest_equity")),
        ("lead.rules.tier2.unit", "province", ("province", "tier2", "county")),
        ("lead.rules.head_office.over", "-1", ("-1", "not negative")),
        ("lead.rules.head_office.over", 1.5, ("1.5", "in quotes")),
        ("limits.counting.count", "half", ("limits.counting.count", COUNTS[1])),
        ("limits.rules.group.le", "101", ("101", "0 to 100")),
        ("limits.guarantees.platform_article", None, ("platform_le and platform_article",)),
        ("warnings.switch_off", ["storm"], ("storm", "guarantee_ring")),
        ("warnings.months", 0, ("warnings.months", "1")),
        ("limits.rules.group.lt", "15", ("lt", "unknown key")),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(key, value, told):
    """The message names the key, the value or what may stand there."""
    with pytest.raises(PolicyInvalid) as wrong:
        load_policy("abc-2009", {key: value})

    assert all(word in wrong.value.detail for word in told), wrong.value.detail


def test_a_condition_of_a_type_knows_other_quantities_than_an_exemption():
    """An exemption cannot ask for the ties of a type: it would never hold."""
    with pytest.raises(PolicyInvalid, match="statements_share"):
        load_policy("abc-2009", {"exemptions.bad_credit.when": "statements_share >= 100"})


def test_abc_says_what_its_articles_say():
    """The figures of Art 21, 26, 35-39 and 50, as the file has them."""
    policy = load_policy("abc-2009")
    limits = policy.limits

    assert limits is not None
    assert limits.guarantees is not None
    assert policy.types is not None
    assert ["II", "I", "III", "IV"] == [one.code for one in policy.types.order]
    assert [("group", "15"), ("member", "10")] == [(rule.id, rule.le) for rule in limits.rules]
    assert ("30", "50") == (limits.guarantees.le, limits.guarantees.platform_le)
