"""Whether two company names may be one company's: parts compared, vetoes first."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from discovery.names import regions
from discovery.names.answers import REVIEW_AT, Comparison, Part, State, decide, vetoed
from discovery.names.company import CompanyName, families, ordinals_in, parse_company
from discovery.names.foreign_match import compare_foreign, compare_with_foreign
from discovery.names.readings import near_sound, same_sound
from discovery.names.short_names import fit_short_name

# Calibrated on the odd half of the labelled development pairs: share of true pairs at each kind of evidence.
IDENTICAL: Final = 999
SAME_PARTS: Final = 995
SAME_SOUND: Final = 960
SAME_SOUND_TRADE: Final = 940
ONE_REGION: Final = 700
OTHER_FORM: Final = 600
GROUP_ADDED: Final = 640
GROUP_OTHER_FORM: Final = 380
NOTHING: Final = 5
_NUMERALS: Final = frozenset("0123456789零〇一二三四五六七八九十百两壹贰叁")


def compare_company_names(left: str, right: str) -> Comparison:
    """Two company names alone. Symmetric: the answer for (b, a) is that for (a, b), sides exchanged."""
    if (left, right) <= (right, left):
        return _ordered(left, right)
    answer = _ordered(right, left)
    return Comparison(answer.score, answer.decision, tuple(part.swapped() for part in answer.parts))


@lru_cache(maxsize=50_000)
def _ordered(left: str, right: str) -> Comparison:
    a, b = parse_company(left), parse_company(right)
    if not a.usable or not b.usable:
        return decide(0, (Part("name", "missing", a.text[:40], b.text[:40]),))
    return compare_parsed(a, b)


def compare_parsed(a: CompanyName, b: CompanyName) -> Comparison:  # noqa: PLR0911  one return a rule
    """Two parsed names."""
    for alias_of, other in ((a, b), (b, a)):
        if other.text in alias_of.aliases:
            return decide(SAME_PARTS, (Part("alias", "matched", a.text, b.text), *_structure(a, b)))
    if a.foreign and b.foreign:
        return compare_foreign(a.foreign, b.foreign)
    if a.foreign or b.foreign:
        return compare_with_foreign(a, b)
    if a.short != b.short:
        short, full = (a, b) if a.short else (b, a)
        score, part = fit_short_name(short, full)
        if score < REVIEW_AT and a.compact != b.compact:
            return decide(score, (part,))
        return _with_structure(score, part, _structure(a, b))
    parts = _structure(a, b)
    if a.text == b.text:
        sure = (not a.short or len(a.core) + len(a.place_text) >= 4) and bool(a.trade or a.place_text)
        return decide(IDENTICAL if sure else 900, (Part("name", "matched", a.text, b.text), *parts))
    if misspelt := _misspelt(a, b, parts):
        return misspelt
    if vetoed(parts):
        return decide(NOTHING, parts)
    return _full_names(a, b, parts)


def _with_structure(score: int, part: Part, parts: tuple[Part, ...]) -> Comparison:
    return decide(NOTHING, parts) if vetoed(parts) else decide(score, (part, *parts))


def _structure(a: CompanyName, b: CompanyName) -> tuple[Part, ...]:
    """Region, form, ordinal, branch and group: the parts that can forbid a match whatever the trade name."""
    ordinals = _ordinals(a, b) if a.ordinals or b.ordinals else None
    branch = None if a.branch is None is b.branch else _branch(a, b)
    region = _region(a, b) if a.places or b.places else None
    group = _group(a, b) if a.group or b.group else None
    form = _form(a, b) if a.form and b.form else None
    found = (ordinals, branch, region, group, form)
    return tuple([part for part in found if part is not None])


def _ordinals(a: CompanyName, b: CompanyName) -> Part:
    if a.ordinals == b.ordinals:
        return Part("ordinal", "matched", *_counts(a, b))
    one_short = (a.short or b.short) and (not a.ordinals or not b.ordinals)
    return Part("ordinal", "missing" if one_short else "vetoed", *_counts(a, b))


def _counts(a: CompanyName, b: CompanyName) -> tuple[str, str]:
    return ",".join(map(str, a.ordinals)), ",".join(map(str, b.ordinals))


def _branch(a: CompanyName, b: CompanyName) -> Part:
    left, right = (f"{x.branch or ''}{x.branch_kind}" for x in (a, b))
    if a.branch is None or b.branch is None or a.branch_kind != b.branch_kind:
        return Part("branch", "vetoed", left, right)
    return Part("branch", "matched" if _same_seat(a.branch, b.branch) else "vetoed", left, right)


def _same_seat(left: str, right: str) -> bool:
    if ordinals_in(left) != ordinals_in(right):
        return False
    left, right = (text.replace("市", "").replace("省", "").replace("区", "") for text in (left, right))
    short, long = sorted((left, right), key=len)
    return left == right or (len(short) > 1 and long.endswith(short))


def _region(a: CompanyName, b: CompanyName) -> Part:
    left, right = a.place_text or "/".join(a.places), b.place_text or "/".join(b.places)
    if not a.places or not b.places:
        return Part("region", "missing", left, right)
    if _deepest(a.places) == _deepest(b.places):
        return Part("region", "matched", left, right)
    related = any(regions.compatible(x, y) for x in a.places for y in b.places)
    return Part("region", "similar" if related else "vetoed", left, right)


def _deepest(places: tuple[str, ...]) -> frozenset[str]:
    """The places that no other one narrows down: 广东深圳 is 深圳, but 广东 is not."""
    return frozenset(x for x in places if not any(y != x and y.startswith(x) for y in places))


def _group(a: CompanyName, b: CompanyName) -> Part:
    if a.group == b.group:
        return Part("group", "matched", "集团", "集团")
    words = ("集团" if a.group else "", "集团" if b.group else "")
    if a.short or b.short:
        return Part("group", "missing", *words)
    state: State = "similar" if a.form == b.form == "joint_stock" else "vetoed"
    return Part("group", state, *words)


def _form(a: CompanyName, b: CompanyName) -> Part | None:
    if "none" in {a.form, b.form}:
        return None
    return Part("form", "matched" if a.form == b.form else "unmatched", a.form, b.form)


def _full_names(a: CompanyName, b: CompanyName, parts: tuple[Part, ...]) -> Comparison:
    states = {part.part: part.state for part in parts}
    if a.core == b.core:
        named = bool(a.trade or (a.places and b.places))
        parts = (
            Part("trade_name", "matched", a.trade, b.trade),
            Part("industry", "matched", *_words(a, b)),
            *parts,
        )
        return decide(_same_core(states) if named else ONE_REGION, parts)
    return _partial(a, b, parts, states)


def _words(a: CompanyName, b: CompanyName) -> tuple[str, str]:
    return "".join(a.industry), "".join(b.industry)


def _same_core(states: dict[str, State]) -> int:
    if states.get("group") == "similar":
        return GROUP_ADDED
    if states.get("form") == "unmatched":
        return OTHER_FORM if states.get("group") is None else GROUP_OTHER_FORM
    if states.get("region") in {"missing", "similar"}:
        return ONE_REGION
    return SAME_PARTS


def _misspelt(a: CompanyName, b: CompanyName, parts: tuple[Part, ...]) -> Comparison | None:
    """Names that differ in one character of the same sound: a slip of the pen, unless it counts something.

    陕西 and 山西, 苏州 and 宿州 sound alike too: two known places are two places.
    """
    left, right = a.compact, b.compact
    if len(left) != len(right) or len(left) < 6 or left == right:
        return None
    different = [(i, x, y) for i, (x, y) in enumerate(zip(left, right, strict=True)) if x != y]
    if len(different) != 1:
        return None
    at, x, y = different[0]
    if any(part.state == "vetoed" and part.part != "group" for part in parts) or a.branch != b.branch:
        return None
    if not near_sound(x, y) or x in _NUMERALS or y in _NUMERALS:
        return None
    inside = any(
        name.trade and (start := text.find(name.trade)) <= at < start + len(name.trade)
        for name, text in ((a, left), (b, right))
    )
    both_inside = inside and a.form == b.form
    part = Part("trade_name" if both_inside else "spelling", "similar", x, y)
    exact = same_sound(x, y)
    if both_inside:
        # a registrar refuses a like-sounding trade name in the same place and trade
        registrable = not (a.places and a.industry)
        return decide((SAME_SOUND_TRADE if registrable else SAME_SOUND) if exact else 350, (part,))
    return decide(SAME_SOUND if exact else 800, (part,))


def _shared_trade(a: CompanyName, b: CompanyName) -> str:
    """The trade name that both carry: one equals the other or begins it (two characters at least)."""
    short, long = sorted((a.trade or a.core, b.trade or b.core), key=len)
    return short if len(short) >= 2 and long.startswith(short) else ""


def _partial(a: CompanyName, b: CompanyName, parts: tuple[Part, ...], states: dict[str, State]) -> Comparison:
    """Names that share a part only: at best a question for a person."""
    shared = _shared_trade(a, b)
    trade: State = "matched" if shared and a.trade == b.trade else "similar" if shared else "unmatched"
    words = len(set(a.industry) & set(b.industry))
    industry: State = "similar" if words else "unmatched"
    parts = (Part("trade_name", trade, a.trade, b.trade), Part("industry", industry, *_words(a, b)), *parts)
    if not shared:
        return decide(min(20 + 40 * words, 100), parts)
    score = 480 if trade == "matched" else 420
    score += 60 * min(words, 2) + 60 * min(len(shared) - 2, 2)
    score += 60 if states.get("region") == "matched" else 0
    if shared in families() or not (a.trade and b.trade):
        score -= 250
    if states.get("form") == "unmatched":
        score = score // 2 - 50
    elif a.form != "joint_stock":
        score -= 150  # plain companies take sister names far more often than they are renamed
    return decide(max(min(score, 790), NOTHING), parts)
