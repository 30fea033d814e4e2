"""How far two people's names agree: a level, never a decision."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from discovery.names.person import PersonName, latin_forms, parse_person, segment
from discovery.names.readings import blurred, latin_surnames, near_sound, same_sound, split_surname


class NameLevel(IntEnum):
    """From nothing known to the same characters."""

    UNKNOWN = 0
    DIFFERENT = 1
    PARTIAL = 2  # one word of two agrees, or all characters but one, as among brothers and sisters
    GIVEN = 3  # the first of several Latin words agrees, the last does not, as after a marriage
    TYPO = 4  # a letter amiss, a character of nearly the same sound, characters exchanged; one word in all
    INITIALS = 5  # a surname and first letters
    SOUND = 6  # other characters of the same sound
    SPELT = 7  # Han beside a spelling of it, or one spelling in another order
    SAME = 8


CLOSE: Final = 0.88  # Jaro-Winkler at which two Latin words are one word misspelt


def name_level(left: str, right: str) -> NameLevel:
    """Agreement of two written names; symmetric."""
    return _level(left, right) if left <= right else _level(right, left)


@lru_cache(maxsize=500_000)
def _level(left: str, right: str) -> NameLevel:
    return compare_person_names(parse_person(left), parse_person(right))


def compare_person_names(a: PersonName, b: PersonName) -> NameLevel:
    """Agreement of two parsed names."""
    if not a.usable or not b.usable:
        return NameLevel.UNKNOWN
    if a.han and b.han:
        return _han_han(a.han, b.han)
    if a.han or b.han:
        han, latin = (a, b) if a.han else (b, a)
        return _han_latin(han.han, latin)
    return _latin_latin(a, b)


def _han_han(a: str, b: str) -> NameLevel:
    if a == b:
        return NameLevel.SAME
    if len(a) != len(b):
        return _missing_character(a, b)
    different = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if all(same_sound(x, y) for x, y in different):
        return NameLevel.SOUND if len(different) == 1 or len(a) > len(different) else NameLevel.TYPO
    if (len(different) == 1 and near_sound(*different[0])) or sorted(a) == sorted(b):
        return NameLevel.TYPO
    if len(a) > 2 and (len(different) == 1 or split_surname(a)[1] == split_surname(b)[1]):
        return NameLevel.PARTIAL  # brothers and sisters are named so
    return NameLevel.DIFFERENT


def _missing_character(a: str, b: str) -> NameLevel:
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) == 1 and len(short) >= 2 and DamerauLevenshtein.distance(short, long) == 1:
        return NameLevel.TYPO if len(short) > 2 else NameLevel.PARTIAL
    return NameLevel.DIFFERENT


def _han_latin(han: str, latin: PersonName) -> NameLevel:
    whole, family, initials = latin_forms(han)
    words = [w for w in latin.words if len(w) > 1]
    letters = "".join(w for w in latin.words if len(w) == 1)
    if latin.initials:
        spelt = any(w in family for w in ("".join(words), *words))
        return (
            NameLevel.INITIALS
            if spelt and any(i.startswith(letters) for i in initials)
            else NameLevel.DIFFERENT
        )
    joined = "".join(words)
    orders = {joined, "".join((*words[1:], words[0])), "".join((words[-1], *words[:-1]))} if words else set()
    if not orders.isdisjoint(whole):
        return NameLevel.SPELT
    if not any(f in words for f in family):
        return NameLevel.DIFFERENT
    if all(segment(word) for word in words):  # another syllable is another name, unless it sounds alike
        return NameLevel.TYPO if blurred(joined) in map(blurred, whole) else NameLevel.DIFFERENT
    slips = (DamerauLevenshtein.distance(joined, form, score_cutoff=1) for form in whole)
    return NameLevel.TYPO if min(slips, default=2) <= 1 else NameLevel.DIFFERENT


def _latin_latin(a: PersonName, b: PersonName) -> NameLevel:
    left, right = "".join(a.words), "".join(b.words)
    if a.words == b.words:
        single = len(a.words) == 1 and len(segment(left)) < 2
        return NameLevel.INITIALS if a.initials else NameLevel.TYPO if single else NameLevel.SAME
    if sorted(a.words) == sorted(b.words) or left == right:
        return NameLevel.SPELT
    if a.initials or b.initials:
        return _with_initials(a, b)
    if a.key == b.key and (1 in (len(a.words), len(b.words))) and _same_syllables(left, right):
        return NameLevel.SPELT
    return _close_words(a.words, b.words)


def _same_syllables(left: str, right: str) -> bool:
    one, other = segment(left), segment(right)
    turned = {one[n:] + one[:n] for n in range(len(one))}
    return bool(one) and other in turned


def _with_initials(a: PersonName, b: PersonName) -> NameLevel:
    one, other = _letters(a), _letters(b)
    for surname in one[0] & other[0]:
        left, right = one[1].get(surname, ""), other[1].get(surname, "")
        if left and right and (left.startswith(right) or right.startswith(left)):
            return NameLevel.INITIALS
    return NameLevel.DIFFERENT


def _letters(name: PersonName) -> tuple[set[str], dict[str, str]]:
    """Words that may be the surname, and for each the first letters of the rest."""
    if len(name.words) == 1:
        parts = segment(name.words[0])
        splits = ((parts[:1], parts[1:]), (parts[-1:], parts[:-1])) if len(parts) > 1 else ()
        found = {"".join(s): "".join(p[0] for p in g) for s, g in splits}
        return set(found), found
    found = {}
    for at, word in enumerate(name.words):
        if len(word) > 1:
            rest = [w for n, w in enumerate(name.words) if n != at]
            syllabic = [segment(w) or (w,) for w in rest]
            found[word] = "".join(part[0] for parts in syllabic for part in parts)
    return set(found), found


def _close_words(a: tuple[str, ...], b: tuple[str, ...]) -> NameLevel:
    """Latin words, misspelt perhaps, in any order; a pinyin syllable misspelt is mostly another one."""
    left, right = "".join(a), "".join(b)
    shorter, longer = sorted((len(left), len(right)))
    apart = DamerauLevenshtein.distance(left, right, score_cutoff=2)
    if all(segment(word) for word in (*a, *b)):
        if sorted(map(blurred, a)) == sorted(map(blurred, b)):
            return NameLevel.TYPO
        return NameLevel.PARTIAL if set(a) & set(b) else NameLevel.DIFFERENT
    short, long = sorted((a, b), key=len)
    close = _pairs_of_words(short, long)
    if (close == len(short) and len(short) > 1) or (apart <= 2 and shorter >= 8 and longer - shorter <= 2):
        return NameLevel.TYPO
    if len(short) > 1 and _one_word(a[0], b[0]) and not {a[0], b[0]} & latin_surnames():
        return NameLevel.GIVEN
    return NameLevel.PARTIAL if close or (apart <= 2 and shorter >= 6) else NameLevel.DIFFERENT


def _pairs_of_words(short: tuple[str, ...], long: tuple[str, ...]) -> int:
    """How many words of the shorter name have one of their own in the longer."""
    free, close = list(long), 0
    for word in short:
        best = max(free, key=lambda other: JaroWinkler.similarity(word, other), default="")
        if best and _one_word(word, best):
            close += 1
            free.remove(best)
    return close


def _one_word(word: str, other: str) -> bool:
    begins = word.startswith(other) or other.startswith(word)
    return JaroWinkler.similarity(word, other) >= CLOSE or (begins and min(len(word), len(other)) >= 4)
