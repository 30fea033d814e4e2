"""Names as sets of small pieces (characters, pairs, syllable pairs, letter triples) in flat arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from discovery.names.company import parse_company
from discovery.names.person import looks_like_person
from discovery.names.readings import heard, pinyin

Grams = npt.NDArray[np.uint64]
Docs = npt.NDArray[np.int64]

_GAP: Final = 0  # stands between two names, so that no piece spans both
_SHIFT: Final = np.uint64(21)
_KINDS: Final = {
    "one": np.uint64(1 << 63),
    "two": np.uint64(0),
    "sound": np.uint64(1 << 62),
    "letters": np.uint64(3 << 62),
}


def texts_of(name: str) -> tuple[str, str]:
    """What of a name is cut into pieces: its Han characters without the organisation form, and its letters.

    The letters of a Han name are the pinyin of its trade name, or of the whole of a person's name.
    """
    parsed = parse_company(name)
    text = parsed.text
    if parsed.foreign or not text:
        return "", text
    numbers = "".join(map(str, parsed.ordinals))
    han = f"{parsed.place_text}{parsed.core}{numbers}{parsed.branch or ''}{parsed.branch_kind}"
    personal = len(text) <= 4 and looks_like_person(text)
    spelt = text if personal else parsed.trade or parsed.core
    return han or text, "".join(pinyin(spelt[:8]))


def cut(names: Iterable[str]) -> tuple[Grams, Docs]:
    """Pieces of all names with the number of their name; a piece that a name has twice stands twice."""
    texts = [texts_of(name) for name in names]
    han, han_docs = _flat([text for text, _ in texts])
    letters, letter_docs = _flat([f" {text} " if text else "" for _, text in texts])
    sounds = heard(han)
    parts = [
        (han | _KINDS["one"], han_docs, han != _GAP),
        _joined("two", han, han_docs),
        _joined("sound", sounds, han_docs),
        _triples(letters, letter_docs),
    ]
    return np.concatenate([g[m] for g, _, m in parts]), np.concatenate([d[m] for _, d, m in parts])


def _flat(texts: list[str]) -> tuple[Grams, Docs]:
    """Code points of all texts with a gap after each, and the number of the text of each."""
    codes = np.frombuffer("\0".join([*texts, ""]).encode("utf-32-le"), np.uint32).astype(np.uint64)
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    return codes, np.repeat(np.arange(len(texts), dtype=np.int64), lengths)


def _joined(kind: str, codes: Grams, docs: Docs) -> tuple[Grams, Docs, npt.NDArray[np.bool_]]:
    first, second = codes[:-1], codes[1:]
    return (first << _SHIFT | second) | _KINDS[kind], docs[:-1], (first != _GAP) & (second != _GAP)


def _triples(codes: Grams, docs: Docs) -> tuple[Grams, Docs, npt.NDArray[np.bool_]]:
    a, b, c = codes[:-2], codes[1:-1], codes[2:]
    mask = (a != _GAP) & (b != _GAP) & (c != _GAP) & (b != ord(" "))
    return ((a << _SHIFT << np.uint64(20)) ^ (b << _SHIFT) ^ c) | _KINDS["letters"], docs[:-2], mask
