"""Company names in Latin letters: words, legal form, and the country words in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Legal forms by class; one class for each kind of company, so that Ltd and Limited are the same form.
_FORMS: Final = {
    "limited": "co ltd|company limited|co limited|ltd co|ltd company|limited company|ltd|limited|pvt ltd|private limited|pte ltd|"
    "sdn bhd|gmbh|mbh|sarl|srl|bv|spa rl|llc|l l c|kft|sp z oo|ooo|pty ltd|lda|limitada|ltda|yk|godo kaisha|unipessoal",
    "joint_stock": "co inc|inc|incorporated|corp|corporation|plc|ag|sa|s a|nv|spa|s p a|ab|oyj|oy|asa|as|a s|bhd|berhad|tbk|pjsc|"
    "oao|pao|jsc|kk|kabushiki kaisha|joint stock company|joint stock limited company|public limited company|se|sae|company",
    "partnership": "lp|l p|llp|l l p|limited partnership|lllp|kg|gmbh and co kg|scs|cv|sca",
    "group": "group co ltd|group inc|group ltd",
}  # fmt: skip
_CLASS: Final = {form: kind for kind, forms in _FORMS.items() for form in forms.split("|")}
_GENERIC: Final = frozenset(
    [
        "technology",
        "technologies",
        "tech",
        "industrial",
        "industry",
        "industries",
        "international",
        "holding",
        "holdings",
        "group",
        "enterprise",
        "enterprises",
        "development",
        "investment",
        "investments",
        "electronic",
        "electronics",
        "electric",
        "electrical",
        "science",
        "sciences",
        "new",
        "material",
        "materials",
        "medical",
        "pharmaceutical",
        "pharmaceuticals",
        "pharma",
        "biotechnology",
        "biotech",
        "bio",
        "equipment",
        "machinery",
        "manufacturing",
        "energy",
        "power",
        "environmental",
        "environment",
        "protection",
        "intelligent",
        "information",
        "communication",
        "communications",
        "network",
        "software",
        "system",
        "systems",
        "automation",
        "precision",
        "chemical",
        "chemicals",
        "auto",
        "automotive",
        "parts",
        "automobile",
        "securities",
        "bank",
        "commercial",
        "capital",
        "fund",
        "management",
        "services",
        "service",
        "trading",
        "trade",
        "import",
        "export",
        "logistics",
        "supply",
        "chain",
        "real",
        "estate",
        "property",
        "construction",
        "engineering",
        "food",
        "foods",
        "china",
        "culture",
        "media",
        "education",
        "technology",
        "financial",
        "insurance",
        "and",
        "of",
        "the",
        "co",
        "company",
    ]
)
_TOKENS: Final = re.compile(r"[^\W_]+", re.UNICODE)
_DOTTED: Final = re.compile(r"\b(?:\w\.){2,}")


@dataclass(frozen=True, slots=True)
class ForeignName:
    """Words of a Latin name without its legal form; `kind` is the form's class, "" if none is written.

    `numbers` are its ordinals (digits and Roman numerals from II); `distinctive` leaves out words of trade.
    """

    words: tuple[str, ...]
    kind: str
    distinctive: tuple[str, ...]
    numbers: tuple[int, ...]
    branch: bool = False

    @property
    def usable(self) -> bool:
        return sum(map(len, self.words)) >= 2


_ROMAN: Final = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_COUNT: Final = {"one": 1, "two": 2, "three": 3, "first": 1, "second": 2, "third": 3}


def parse_foreign(text: str) -> ForeignName:
    """Parts of a folded Latin name; a branch is one that says so."""
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), text.replace("&", " and "))
    words = [w for w in _TOKENS.findall(plain.replace("'", ""))]
    branch = "branch" in words or "representative" in words
    kind = ""
    for _ in range(2):
        for size in (4, 3, 2, 1):
            form = " ".join(words[-size:])
            if len(words) > size and form in _CLASS:
                kind = kind or _CLASS[form]
                words = words[:-size]
                break
    numbers = tuple(
        _ROMAN.get(w) or _COUNT.get(w) or int(w[:6])
        for w in words
        if w in _ROMAN or w in _COUNT or w.isdecimal()
    )
    distinctive = tuple(w for w in words if w not in _GENERIC and w not in _ROMAN and not w.isdecimal())
    return ForeignName(tuple(words), kind, distinctive, numbers, branch)
