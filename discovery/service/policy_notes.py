"""What a policy says in words only: citations, notes, what people decide, what clients are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from discovery.evidence.words import Language, article_words, say
from discovery.facts.codes import Wording
from discovery.policies import Groupless, Policy
from discovery.service.policy_citing import cited

_DECIDED: Final[dict[str, Wording]] = {
    "catch_all": Wording(
        "兜底条款（可能以非公允价格转移资产或利润，由银行决定）",
        "Catch-all (possible transfer at no fair price, the bank decides)",
    ),
    "quasi_group": Wording(
        "类集团客户（按监管规定视同集团，由银行决定）",
        "Quasi-group (treated alike by a supervisory rule, the bank decides)",
    ),
}
_WORD_OF_A_PERSON: Final = {
    "zh": (
        "人工决定（须记明决定人、理由、有效期）：",
        "  对上列事项采纳或否决；否决集团或其成员；将主体认定为一个集团；到期即失效，事项重新提出",
    ),
    "en": (
        "Recorded decisions (who, why, until when):",
        "  a question above is accepted or rejected, a group or members of it are rejected, parties are tied",
        "  together; after its last day a decision settles nothing and the question is open again",
    ),
}
_CLASSES: Final = Wording(
    "集团成员称“{}”，集团外的关联客户称“{}”", "In a group: {}; tied outside of any group: {}"
)


def notes(policy: Policy | Groupless, language: Language) -> Iterator[str]:
    """What the measures say beside, and how open questions were settled."""
    if not policy.notes:
        return
    yield ""
    yield "说明：" if language == "zh" else "Notes:"
    for note in policy.notes:
        yield f"  {article_words(note.article, language)}: {getattr(note, language)}"


def decided_only(policy: Policy, language: Language) -> Iterator[str]:
    """What a person's word does, what makes a group only by it, what the measures call their clients."""
    yield ""
    yield from _WORD_OF_A_PERSON[language]
    for key, rule in (("catch_all", policy.catch_all), ("quasi_group", policy.quasi_group)):
        if rule is not None:
            yield "  " + say(_DECIDED, key, language) + cited(rule, language)
    classes = policy.classes
    if classes is not None:
        named = (getattr(one, language) for one in (classes.group, classes.related))
        yield ""
        yield getattr(_CLASSES, language).format(*named) + cited(classes, language)
