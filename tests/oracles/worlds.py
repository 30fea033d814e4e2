"""Random small worlds as rows of a facts package, with everything that makes control hard.

Rows are unlike in what makes a fact, so that every row is one fact.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from discovery.facts.facts import Facts
from discovery.facts.package import facts_from_rows

DAY = date(2026, 6, 30)
SOURCE = "world"  # of rows that name none
COMPANIES = "ABCDEFG"
PERSONS = "pqrst"
SHARES = (
    "100",
    "60",
    "55",
    "51",
    "50",
    "50",
    "45",
    "40",
    "33.333333",
    "30",
    "26",
    "25",
    "20",
    "16.666667",
    "10",
)
STATED = ("charter", "contract", "consolidates", "declared_controller", "unified_borrow_repay",
          "centralised_finance", "decides_guarantee", "policy_participation")  # fmt: skip
SUMMED = ("appoints_seats", "appoints_seats", "appoints_seats", "board_votes")
POST_POWERS = ("appoints_posts", "sole_nominates_posts", "sets_pay")
POSTS = ("chairman", "general_manager", "cfo", "other", "chairman;cfo", "chairman;general_manager")
ROLES = ("legal_representative", "chairman", "general_manager", "director", "supervisor", "executive_partner")
ODD_KINDS = ("institution_legal_person", "non_bank_fi", "unincorporated", "partnership", "government",
             "commercial_bank", "")  # fmt: skip
DATES = ("", "", "", "2020-01-01", "2024-01-01", "2026-06-30", "2026-07-01", "2027-01-01")

Row = dict[str, Any]
World = dict[str, list[Row]]


def facts_of(world: World) -> Facts:
    """The facts, checked as a package is."""
    return facts_from_rows(world, source=SOURCE)


def text(row: Row, name: str) -> str:
    """A value of a row; absent is empty."""
    return str(row.get(name) or "")


def _unlike(stem_columns: tuple[str, ...]) -> Callable[[Row], tuple[str, ...]]:
    columns = (*stem_columns, "document", "valid_from")
    return lambda row: tuple(text(row, name) for name in columns)


def _rows(
    row: st.SearchStrategy[Row], most: int, *columns: str, least: int = 0
) -> st.SearchStrategy[list[Row]]:
    return st.lists(row, min_size=least, max_size=most, unique_by=_unlike(columns))


@st.composite
def holdings(draw: st.DrawFn, everyone: str, companies: str, *, plain: bool) -> Row:
    """A holding; unless `plain`, votes may differ from equity, or either may be empty."""
    share = draw(st.sampled_from(SHARES))
    row: Row = {"holder": draw(st.sampled_from(everyone)), "company": draw(st.sampled_from(companies))}
    shape = "alike" if plain else draw(st.sampled_from(("alike", "alike", "apart", "equity", "votes")))
    if shape != "votes":
        row["equity_percent"] = share
    if shape != "equity":
        row["voting_percent"] = draw(st.sampled_from(SHARES)) if shape == "apart" else share
    return row


@st.composite
def powers(draw: st.DrawFn, everyone: str, companies: str) -> Row:
    """A power of any kind."""
    row: Row = {"holder": draw(st.sampled_from(everyone)), "company": draw(st.sampled_from(companies))}
    row["kind"] = kind = draw(st.sampled_from((*STATED, *POST_POWERS, *SUMMED)))
    if kind == "appoints_seats":
        row |= {"amount": draw(st.sampled_from("12345")), "of": draw(st.sampled_from("69"))}
    elif kind == "board_votes":
        row["amount"] = draw(st.sampled_from(("20", "30", "50", "51")))
    elif kind in POST_POWERS:
        row["posts"] = draw(st.sampled_from(POSTS))
    return row


@st.composite
def agreements(draw: st.DrawFn, everyone: str, companies: str) -> Row:
    """An agreement about votes, or a nominee's."""
    pick = st.sampled_from(everyone)
    return {
        "party": draw(pick),
        "with": draw(pick),
        "company": draw(st.sampled_from((*companies, "", ""))),
        "kind": draw(st.sampled_from(("concert", "joint_control", "entrustment", "nominee"))),
        "leader": draw(st.sampled_from((*everyone, "", ""))),
        "document": draw(st.sampled_from(("", "pact 1", "pact 2"))),
    }


@st.composite
def control_worlds(draw: st.DrawFn, *, plain: bool = False) -> World:
    """Holdings with cycles and self-holdings; unless `plain`, agreements, powers, posts and odd kinds."""
    companies = COMPANIES[: draw(st.integers(2, len(COMPANIES)))]
    persons = PERSONS[: draw(st.integers(0, 3))]
    everyone = companies + persons
    world: World = {
        "parties": [_company(draw, name, odd=not plain) for name in companies]
        + [{"id": name, "kind": "natural_person", "name": name} for name in persons],
        "holdings": draw(
            _rows(holdings(everyone, companies, plain=plain), 16, "holder", "company", "equity_percent",
                  "voting_percent", least=2)
        ),
    }  # fmt: skip
    if not plain:
        world["agreements"] = draw(
            _rows(agreements(everyone, companies), 3, "party", "with", "company", "kind", "leader")
        )
        world["powers"] = draw(
            _rows(powers(everyone, companies), 5, "holder", "company", "kind", "amount", "of", "posts")
        )
        world["offices"] = draw(_offices(persons, companies))
        world["kinship"] = draw(_ties(persons))
    return world


@st.composite
def whole_worlds(draw: st.DrawFn, *, dated: bool = False) -> World:
    """Everything an answer can depend on; `dated`: rows begin, end and were recorded on some day."""
    world = draw(control_worlds())
    everyone = [row["id"] for row in world["parties"]]
    companies = [name for name in everyone if name in COMPANIES]
    for stem, kinds in (("payments", ("loan", "capital_contribution", "occupation")), ("trades", ("sale",))):
        flow = st.fixed_dictionaries(
            {
                "from": st.sampled_from(companies),
                "to": st.sampled_from(companies),
                "kind": st.sampled_from(kinds),
                "at_fair_price": st.sampled_from(("true", "false", "")),
                "amount": st.just("5"),
                "currency": st.just("CNY"),
            }
        )
        world[stem] = draw(_rows(flow, 2, "from", "to", "kind", "at_fair_price"))
    credit = st.fixed_dictionaries(
        {
            "client": st.sampled_from(companies),
            "product": st.sampled_from(("loan", "bill")),
            "balance": st.sampled_from(("0", "50", "100")),
            "low_risk": st.sampled_from(("true", "false")),
            "quality": st.sampled_from(("normal", "doubtful", "disposed")),
        }
    )
    world["credits"] = draw(_rows(credit, 4, "client", "product", "balance", "low_risk", "quality"))
    if dated:
        for stem, rows in world.items():
            for row in rows if stem != "parties" else ():
                _date(draw, row)
    return world


def with_strangers(world: World) -> World:
    """The world and two strangers with a credit, a payment and a trade: every kind of fact is on file."""
    flow = {"from": "STRANGER1", "to": "STRANGER2", "amount": "1", "currency": "CNY", "at_fair_price": "true"}
    kind = "enterprise_legal_person"
    strangers: World = {
        "parties": [{"id": flow[end], "kind": kind, "client_no": flow[end]} for end in ("from", "to")],
        "payments": [{**flow, "kind": "loan"}],
        "trades": [{**flow, "kind": "sale"}],
        "credits": [{"client": "STRANGER1", "balance": "1", "currency": "CNY"}],
    }
    return {stem: [*world.get(stem, []), *strangers.get(stem, [])] for stem in {**world, **strangers}}


def _date(draw: st.DrawFn, row: Row) -> None:
    start, end = sorted(
        (draw(st.sampled_from(DATES)), draw(st.sampled_from(DATES))), key=lambda day: day or "9"
    )
    row["valid_from"] = "" if start == end else start
    row["valid_to"] = end
    row["recorded_at"] = draw(st.sampled_from(("", "2023-05-01", "2025-05-01", "2026-05-01")))


def _company(draw: st.DrawFn, name: str, *, odd: bool) -> Row:
    usual = "enterprise_legal_person"
    kind = draw(st.sampled_from((*(usual,) * 9, *ODD_KINDS))) if odd else usual
    row: Row = {"id": name, "kind": kind, "name": f"{name}有限公司"}
    if odd:
        row |= {
            "is_private": draw(st.sampled_from(("true", "true", "false", ""))),
            "client_no": draw(st.sampled_from((f"c-{name}",) * 4 + ("",))),
            "state_capital_operator": draw(st.sampled_from(("", "", "", "true"))),
            "own_financing": draw(st.sampled_from(("", "true"))),
        }
    return row


def _offices(persons: str, companies: str) -> st.SearchStrategy[list[Row]]:
    if not persons:
        return st.just([])
    office = st.fixed_dictionaries(
        {
            "person": st.sampled_from(persons),
            "company": st.sampled_from(companies),
            "role": st.sampled_from(ROLES),
            "executive": st.sampled_from(("", "true", "false")),
        }
    )
    return _rows(office, 4, "person", "company", "role", "executive")


def _ties(persons: str) -> st.SearchStrategy[list[Row]]:
    """Kinship with parents before children in the alphabet, so that nobody is an own ancestor."""
    pairs = [(a, b) for a in persons for b in persons if a < b]
    if not pairs:
        return st.just([])
    tie = st.tuples(
        st.sampled_from(pairs),
        st.sampled_from(("parent_of", "spouse_of")),
        st.sampled_from(("", "birth", "adoption", "step_brought_up")),
    )
    rows = tie.map(
        lambda tie: {
            "person": tie[0][0],
            "relation": tie[1],
            "relative": tie[0][1],
            "kind": tie[2] if tie[1] == "parent_of" else "",
        }
    )
    return _rows(rows, 4, "person", "relation", "relative", "kind")
