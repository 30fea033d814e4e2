"""The use cases' own parts: naming parties, days, versions of a store, the words of policies."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from discovery.errors import UnknownParty, UsageError
from discovery.facts.day_parties import one_row_a_party
from discovery.facts.facts import Facts
from discovery.facts.graph import known_rows
from discovery.facts.package import facts_from_rows
from discovery.facts.schema import PARTY_KINDS, POWER_KINDS, ROLES
from discovery.policies.expressions import QUANTITIES, parse
from discovery.service import policy_words as words
from discovery.service.answers import Asked, groups
from discovery.service.days import day, moment
from discovery.service.pairs import Threshold, threshold
from discovery.service.parties import AmbiguousParty, resolve_party
from discovery.service.policy_conditions import condition_text
from discovery.service.same import differences, record_keys

LEI = "5493001KJTIIGC8Y1R12"


def _facts(**ids: str) -> Facts:
    a, b = ids.get("a", "A"), ids.get("b", "B")
    return facts_from_rows(
        {
            "parties": [
                {"id": a, "kind": "enterprise_legal_person", "name": "Alpha", "client_no": "7", "lei": LEI},
                {"id": b, "kind": "enterprise_legal_person", "name": "Beta", "client_no": "8"},
                {"id": "7", "kind": "enterprise_legal_person", "name": "Seven", "client_no": "9"},
            ],
            "holdings": [{"holder": a, "company": b, "equity_percent": "60", "voting_percent": "60"}],
        },
        source="core",
    )


@pytest.mark.parametrize("text", ["A", "core/A", LEI, LEI.lower(), "Alpha", " A "])
def test_a_party_answers_to_each_of_its_names(text: str) -> None:
    """Id, record key, LEI in any case and exact name lead to the same party."""
    assert resolve_party(_facts(), text) == "A"


def test_an_id_goes_before_a_client_number() -> None:
    """`7` is a party's id and another's client number: the id is meant."""
    assert resolve_party(_facts(), "7") == "7"


def test_an_unknown_party_names_the_nearest() -> None:
    """Part of a name finds the party in the hint, not as the answer."""
    with pytest.raises(UnknownParty, match="no party 'Alph'") as caught:
        resolve_party(_facts(), "Alph")

    assert caught.value.facts["near"] == ["A (Alpha)"]


def test_two_parties_of_one_client_number_are_listed() -> None:
    """Nobody is picked in silence."""
    facts = _facts()
    parties = facts["parties"].with_columns(client_no=pl.lit("8"))

    with pytest.raises(AmbiguousParty) as caught:
        resolve_party(Facts({**facts.frames, "parties": parties}), "8")

    assert caught.value.facts["total"] == 3


def test_a_day_is_known_to_its_end_by_the_banks_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """30 June ends in Shanghai at 16:00 UTC; a moment with an offset is taken as it stands."""
    monkeypatch.setenv("GUANLIAN_TZ", "Asia/Shanghai")

    assert moment("2026-06-30") == datetime(2026, 6, 30, 15, 59, 59, 999_999, tzinfo=UTC).replace(tzinfo=None)
    assert moment("2026-06-30T09:30:00+00:00") == datetime(2026, 6, 30, 9, 30, tzinfo=UTC).replace(
        tzinfo=None
    )
    assert moment("2026-06-30T09:30:00") == datetime(2026, 6, 30, 1, 30, tzinfo=UTC).replace(tzinfo=None)
    assert day("2026-06-30") == date(2026, 6, 30)


@pytest.mark.parametrize("text", ["2026-06-31", "30.6.2026", "", "tomorrow"])
def test_what_is_no_day_is_refused(text: str) -> None:
    """A usage error, not a guess."""
    with pytest.raises(UsageError):
        day(text)
    with pytest.raises(UsageError):
        day("20260630")
    with pytest.raises(UsageError):
        moment(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (">50", Threshold(">", "50")),
        (" >= 33.333333 ", Threshold(">=", "33.333333")),
        (">100%", Threshold(">", "100")),
    ],
)
def test_a_threshold_is_exact(text: str, found: Threshold) -> None:
    """The percentage stays decimal text, and its integer is millionths of a percent."""
    assert threshold(text) == found
    assert Threshold(">=", "33.333333").millionths == 33_333_333


@pytest.mark.parametrize("text", ["50", ">", "<50", ">0", ">100.1", ">50.1234567", "=>50", "> 5e1", ">٥٠"])
def test_what_is_no_threshold_is_refused(text: str) -> None:
    """No comparison is guessed."""
    with pytest.raises(UsageError):
        threshold(text)


def test_versions_are_known_from_their_moment_until_superseded() -> None:
    """Of two versions of a fact the one that was open at the moment counts."""
    moments = {"known_from": [_at(1), _at(5)], "superseded_at": [_at(5), None], "value": ["old", "new"]}
    frame = pl.DataFrame(moments, schema_overrides={name: pl.Datetime("us") for name in list(moments)[:2]})

    assert known_rows(frame, None)["value"].to_list() == ["new"]
    assert known_rows(frame, _at(3))["value"].to_list() == ["old"]
    assert known_rows(frame, _at(5))["value"].to_list() == ["new"]
    assert known_rows(frame, _at(0))["value"].to_list() == []


def _at(hour: int) -> datetime:
    return datetime(2026, 1, 1, hour, tzinfo=UTC).replace(tzinfo=None)


def test_a_party_of_several_records_is_one_row() -> None:
    """The first record that states a value decides it, a stub's last; the party answers to all its keys."""
    parties = pl.DataFrame(
        {
            "id": ["p", "p", "q"],
            "key": ["a/1", "a/1", "c/3"],
            "record": ["b/2", "a/1", "c/3"],
            "stub": [False, True, False],
            "name": ["Second", None, "Other"],
            "client_no": ["2", "1", None],
            "uscc": [None, None, None],
            "lei": [None, None, None],
        },
        schema_overrides={"uscc": pl.String, "lei": pl.String},
    )

    found = one_row_a_party(parties)

    assert found.height == 2
    assert found.row(0, named=True) == {
        "id": "p", "key": "a/1", "stub": False, "records": ["a/1", "b/2"], "name": "Second", "client_no": "2",
        "uscc": None, "lei": None, "codes": ["client_no=2", "client_no=1"],
    }  # fmt: skip


def test_every_word_of_the_vocabulary_is_there_in_both_languages() -> None:
    """A policy can use nothing that `policy show` has no words for."""
    assert set(PARTY_KINDS) == words.KINDS.keys()
    assert set(ROLES) == words.OFFICES.keys()
    assert set(POWER_KINDS) == words.POWERS.keys()
    assert QUANTITIES.keys() == words.MEASURED.keys()


def test_a_condition_reads_as_a_sentence() -> None:
    """Junctions and comparisons in words, in both languages."""
    condition = parse({"any": ["npl_share >= 50", {"not": "members_with_credit == 1"}]})

    assert condition_text(condition, "zh") == "不良余额占比（%）不低于50或并非（有授信的成员数等于1）"
    assert condition_text(condition, "en") == (
        "non-performing share of the balances (%) at least 50 or not (members with credit is 1)"
    )


def test_answers_of_other_ids_are_told_apart_only_by_what_they_say() -> None:
    """The same facts under other ids give no difference; another share gives one, with its place."""
    asked = Asked("cbrc-2010", date(2026, 6, 30))
    facts = _facts()
    renamed = _with_other_ids(facts)
    one, other = (groups(each, asked).document() for each in (facts, renamed))
    changed = groups(facts, Asked("cbrc-2010", date(2026, 6, 30), overrides={"members.min": 3})).document()
    keys = record_keys(facts)

    assert one["groups"]
    assert one["groups"] != other["groups"]
    assert [] == differences(one, keys, other, record_keys(renamed))
    assert any("/groups/" in text for text in differences(one, keys, changed, keys))


def _with_other_ids(facts: Facts) -> Facts:
    """The facts with ids that sort the other way round, record keys and fact ids as they were."""
    new = {"A": "p_z", "B": "p_y", "7": "p_x"}
    parties = facts["parties"].with_columns(pl.col("id").replace(new), pl.col("fact").replace(new))
    holdings = facts["holdings"].with_columns(pl.col("holder", "company").replace(new))
    return Facts({**facts.frames, "parties": parties, "holdings": holdings})
