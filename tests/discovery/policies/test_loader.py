"""Policy files: messages that name file, key and allowed values; inheritance; overrides."""

from __future__ import annotations

from pathlib import Path

import pytest

from discovery.errors import PolicyInvalid, UnknownPolicy
from discovery.policies import load_policy, policy_slugs

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
        ("exemptions: [{id: a, when: tax >= 1, article: '1'}]", ("exemptions", "tax", "npl_share")),
    ],
)
def test_a_message_names_file_key_and_allowed(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    """Whoever wrote the file can mend it from the message alone."""
    path = written(tmp_path, "mine", f"inherits: cbrc-2010\n{text}\n")

    with pytest.raises(PolicyInvalid) as error:
        load_policy(path)

    for word in (str(path), *words):
        assert word in str(error.value)


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
    assert mine.control == base.control


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
