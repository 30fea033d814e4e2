"""Policy files: messages that name file, key and allowed values; inheritance; overrides."""

from __future__ import annotations

from pathlib import Path

import pytest

from discovery.errors import PolicyFormsNoGroups, PolicyInvalid, UnknownPolicy
from discovery.policies import Groupless, load_measures, load_policy, measure_slugs, policy_slugs
from tests.unlike import parameters

TEXT = "title: {zh: 甲, en: A}\nsource: {zh: 甲, en: A}\n"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"slug: {name}\n{TEXT}{text}", encoding="utf-8")
    return path


@pytest.mark.parametrize("slug", policy_slugs())
def test_shipped_policies_load(slug: str) -> None:
    """Each carries its slug and begins with the share test."""
    policy = load_policy(slug)

    assert policy.slug == slug
    assert policy.control.share.code == "B1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("members: {kinds: [shop], article: '1'}", ("members", "kinds", "shop", "natural_person")),
        ("control: {bases: [{code: B1, measure: votes, article: '1'}]}", ("measure", "voting_commanded")),
        ("colour: red", ("colour", "unknown key", "controllers", "exemptions")),
        ("review: {switch_off: [sunshine]}", ("switch_off", "sunshine", "near_control")),
        ("exemptions: [{id: bad_credit, when: tax >= 1, article: '1'}]", ("exemptions", "tax", "npl_share")),
        ("exemptions: [{id: a, when: npl_share >= 1, article: '1'}]", ("exemptions", "id", "low_risk_only")),
        ("exemptions: [{id: bad_credit, when: npl_share >= 101, article: '1'}]", ("npl_share", "100")),
        ("quasi_group: {}", ("quasi_group.article", "missing")),
        ("catch_all: {article: 3}", ("catch_all.article", "quotes")),
        ("catch_all: {article: ''}", ("catch_all.article", "missing")),
        ("catch_all: own", ("catch_all", "'own'", "article")),
        ("control: {indirect: product}", ("control.indirect", "control_chain", "multiply")),
        ("influence: {threshold: '100', op: '>', article: '1'}", ("influence", "nothing is more than 100")),
        ("influence: {threshold: '0', article: '1'}", ("influence", "above 0")),
        ("overrides: {control.bases.B77.threshold: '1'}", ("overrides", "B77", "B20")),
        ("overrides: [1]", ("overrides", "mapping")),
        ("members: {min: 2}\nmembers: {min: 3}", ("members", "twice")),
        ("valid_from: 2026-01-01\nvalid_to: 2025-01-01", ("valid_to", "valid_from")),
    ],
)
def test_a_message_names_file_key_and_allowed(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    """Whoever wrote the file can mend it from the message alone."""
    path = written(tmp_path, "mine", f"inherits: cbrc-2010\n{text}\n")

    with pytest.raises(PolicyInvalid) as error:
        load_policy(path)

    for word in (str(path), *words):
        assert word in f"{error.value} {error.value.remedy}"


def test_missing_keys_are_named(tmp_path: Path) -> None:
    """A policy without an ancestor must say all."""
    with pytest.raises(PolicyInvalid, match=r"members: missing.*control: missing"):
        load_policy(written(tmp_path, "bare", ""))


def test_inheriting_in_a_circle(tmp_path: Path) -> None:
    """The message shows the circle."""
    written(tmp_path, "one", "inherits: two\n")
    written(tmp_path, "two", "inherits: one\n")

    with pytest.raises(PolicyInvalid, match="one -> two -> one"):
        load_policy(tmp_path / "one.yaml")


def test_what_is_not_said_is_inherited(tmp_path: Path) -> None:
    """Own values win key by key, the rest is the ancestor's."""
    base = load_policy("cbrc-2010")
    mine = load_policy(written(tmp_path, "mine", "inherits: cbrc-2010\nmembers: {min: 3, article: '7'}\n"))

    assert (mine.members.min, mine.members.article, mine.members.kinds) == (3, "7", base.members.kinds)
    assert parameters(mine.control.model_dump(mode="json")) == parameters(
        base.control.model_dump(mode="json")
    )


def test_what_is_inherited_cites_where_it_comes_from(tmp_path: Path) -> None:
    """Never silently: the article names the ancestor, and the rule is presumed, down every generation."""
    written(tmp_path, "middle", "inherits: huishang\nmembers: {article: '7'}\n")
    mine = load_policy(written(tmp_path, "mine", "inherits: middle\ncontrollers: {article: '8'}\n"))

    assert ("huishang §6", True) == (mine.control.share.article, mine.control.share.presumed)
    assert ("middle §7", True) == (mine.members.article, mine.members.presumed)
    assert ("8", False) == (mine.controllers.article, mine.controllers.presumed)


def test_the_ancestors_dates_and_notes_stay_behind(tmp_path: Path) -> None:
    """When the ancestor came into force says nothing of the heir."""
    mine = load_policy(written(tmp_path, "mine", "inherits: abc-2009\n"))

    assert (None, ()) == (mine.valid_from, mine.notes)


def test_overrides_in_the_file(tmp_path: Path) -> None:
    """Single values laid over what is inherited, as by --set; a value that cites an own article is own."""
    over = "{control.share.threshold: '40', control.share.article: '5', kin.deem: core}"
    text = f"inherits: huishang\noverrides: {over}\n"
    mine = load_policy(written(tmp_path, "mine", text))

    assert mine.persons is not None
    assert ("40", "5", False) == (
        mine.control.share.threshold,
        mine.control.share.article,
        mine.control.share.presumed,
    )
    assert "grandparent" not in mine.persons.kin.deem


def test_a_file_may_bear_the_name_of_the_policy_it_inherits(tmp_path: Path) -> None:
    """`cbrc-2010.yaml` beside nothing else inherits the shipped one, not itself."""
    mine = load_policy(
        written(tmp_path, "cbrc-2010", "inherits: cbrc-2010\nmembers: {min: 4, article: '7'}\n")
    )

    assert 4 == mine.members.min


@pytest.mark.parametrize("slug", sorted({*measure_slugs()} - {*policy_slugs()}))
def test_measures_that_form_no_groups_are_refused_with_the_reason(slug: str) -> None:
    """They load as measures, with title and notes in both languages; asked for groups they say why not."""
    found = load_measures(slug)
    assert isinstance(found, Groupless)
    assert all((found.title.zh, found.title.en, found.source.zh, found.reason.zh, found.notes))

    with pytest.raises(PolicyFormsNoGroups) as error:
        load_policy(slug)
    assert found.reason.en in str(error.value)
    assert found.reason.zh in str(error.value)


def test_all_policies_of_the_reference_are_shipped() -> None:
    """Section C of the rule reference, one file each."""
    wanted = (
        "cbrc-2003 cbrc-2010 xx-group-management rural-related-client unified-credit-hq fi-county "
        "xx-hidden-association cbirc-era-annex group-related-forms huishang xindu-guicheng stat-2009 "
        "substance-eleven abc-2009 everbright corp-group-risk city-commercial bank-credit-risk "
        "henan-union hunan-employee-group"
    )
    assert set(wanted.split()) <= set(measure_slugs())


def test_overrides_by_key() -> None:
    """Dotted keys, list items by code, persons left out, a scope by its name."""
    policy = load_policy(
        "cbrc-2010",
        {"control.bases.B1.threshold": "40", "control.share.op": ">=", "kin.deem": "none", "members.min": 3},
    )

    assert (policy.control.share.threshold, policy.control.share.op) == ("40", ">=")
    assert policy.persons is not None
    assert (policy.persons.kin.deem, policy.members.min) == ((), 3)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("control.bases.B99.threshold", "40", ("B99", "B1")),
        ("kin.deem", "everybody", ("everybody", "statutory")),
        ("control.share.threshold", 33.3, ("33.3", "quotes")),
        ("control.share.threshold", "101", ("101", "0 to 100")),
        ("kin.colour", "red", ("colour", "joint")),
    ],
)
def test_bad_overrides_say_why(key: str, value: object, words: tuple[str, ...]) -> None:
    """An override is checked like the file."""
    with pytest.raises(PolicyInvalid) as error:
        load_policy("cbrc-2010", {key: value})

    for word in words:
        assert word in f"{error.value} {error.value.remedy}"


def test_unknown_policies_name_the_nearest(tmp_path: Path) -> None:
    """A slip of the pen and a file that is not there."""
    with pytest.raises(UnknownPolicy) as error:
        load_policy("cbrc2010")
    assert "cbrc-2010" in str(error.value.remedy)
    with pytest.raises(UnknownPolicy, match="no policy file"):
        load_policy(tmp_path / "none.yaml")
