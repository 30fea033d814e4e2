"""What people decide: written into the store as facts, each a load of its own that can be withdrawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from discovery.errors import BadInput, UsageError
from discovery.facts.facts import Facts
from discovery.facts.identifiers import mask_id_numbers
from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.groups import Answer
from discovery.policies import load_policy

SOURCE: Final = "guanlian-decisions"
LONGEST: Final = 2_000  # characters of a reason
_KEY: Final = re.compile(r"[og]_[0-9a-f]{16}")


class UnknownOutcome(UsageError):
    """No question or group has that key on that day under that policy."""


class ReadOnlyFacts(UsageError):
    """Decisions go into the store; a folder is served as it is."""


@dataclass(frozen=True)
class Decision:
    """What was decided: `accept` or `reject` of an outcome's key, or `group` of parties under an article."""

    decision: str
    by: str
    reason: str
    outcome_key: str | None = None
    policy: str | None = None
    parties: Sequence[str] = ()
    article: str | None = None
    until: date | None = None

    def facts(self) -> Facts:
        """The decision as facts; BadInput names what is missing or not allowed."""
        for name in ("by", "reason", "article"):
            self._plain(name, getattr(self, name))
        if self.outcome_key is not None and not _KEY.fullmatch(self.outcome_key):
            raise BadInput(
                f"outcome_key {mask_id_numbers(self.outcome_key)!r} is no key of an outcome.",
                remedy="Keys are o_ or g_ and 16 hex digits: `guanlian groups` shows them.",
                field="outcome_key",
            )
        if self.policy is not None:
            load_policy(self.policy)
        row = {
            "decision": self.decision,
            "by": self.by.strip(),
            "reason": self.reason.strip(),
            "outcome_key": self.outcome_key if self.decision != "group" else None,
            "policy": self.policy,
            "parties": ";".join(self.parties) or None,
            "article": self.article,
            "until": self.until,
        }
        return facts_from_rows({"decisions": [row]}, source=SOURCE)

    @staticmethod
    def _plain(name: str, text: str | None) -> None:
        if text is None:
            return
        if not text.strip() or len(text) > LONGEST:
            raise BadInput(
                f"{name} is empty or longer than {LONGEST:,} characters.",
                remedy=f"Say {name} in a sentence.",
                field=name,
            )
        if mask_id_numbers(text) != text:
            raise BadInput(
                f"{name} holds what may be an ID number.",
                remedy="Name people by their party id or name; an ID number is kept nowhere in clear.",
                field=name,
            )


def record(
    graph: Graph,
    *,
    decision: str,
    by: str,
    reason: str,
    outcome_key: str | None = None,
    policy: str | None = None,
    parties: Sequence[str] = (),
    article: str | None = None,
    until: date | None = None,
) -> str:
    """Write a decision as a fact into the store, and its fact id; the same decision twice is one fact.

    `parties`: party ids or record keys, the members that a rejected group loses or those that `group`
    ties together. Raises BadInput, UnknownPolicy, StoreError.
    """
    said = Decision(decision, by, reason, outcome_key, policy, tuple(parties), article, until)
    facts = said.facts()
    load(graph, facts, source=SOURCE, name=f"decision {outcome_key or 'group'}")
    return str(facts["decisions"]["fact"][0])


def occurring(answer: Answer, key: str) -> dict[str, Any]:
    """The question, or the group with its members, that has a key; UnknownOutcome if none has.

    An outcome that was decided before still counts: another word on it is a new decision.
    """
    about = (question for question, _ in answer.confirming({key}))
    for question in (*answer.questions({key}), *about):
        return {"key": key, "question": question, "parties": question["parties"]}
    ids = answer.graph.parties.ids
    for companies in answer.members_of({key}).values():
        return {"key": key, "question": None, "parties": [ids[company] for company in companies]}
    for entry in answer.decisions():
        if entry["key"] == key and entry["status"] != "orphaned":
            return {"key": key, "question": entry["question"], "parties": entry["parties"]}
    raise UnknownOutcome(
        f"No question or group has the key {mask_id_numbers(key)} on {answer.as_of} under "
        f"{answer.policy.slug}.",
        remedy="Name the policy and the day under which you found it.",
        key=mask_id_numbers(key),
    )
