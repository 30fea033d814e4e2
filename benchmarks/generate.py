"""Graphs and packages for the benchmarks: always the same for a seed.

Holdings are arrays (holder, company, millionths of a percent); companies are numbered from 0.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

ONE = 1_000_000  # a percent
Numbers = npt.NDArray[np.int32]


class Holdings(NamedTuple):
    """Who holds how much of what; parties are 0 to `parties` - 1."""

    parties: int
    holder: Numbers
    company: Numbers
    percent: npt.NDArray[np.int64]


def scale_free(companies: int, seed: int = 1) -> Holdings:
    """Few hold much: about 1.2 holdings a company, the holder mostly one with a smaller number.

    One company in a hundred without holders is held by one of those below it, so that there are cycles;
    one holding in a thousand is a company's own.
    """
    rng = np.random.default_rng(seed)
    many = rng.choice([0, 1, 2, 3, 4], size=companies, p=[0.22, 0.5, 0.16, 0.08, 0.04])
    company = np.repeat(np.arange(companies, dtype=np.int32), many)
    place = np.arange(len(company)) - np.repeat(np.cumsum(many) - many, many)
    # holders prefer small numbers, so that tops have long tails below them
    holder = (rng.random(len(company)) ** 2.2 * np.maximum(company, 1)).astype(np.int32)
    stray = rng.random(len(company)) < 0.01
    holder[stray] = rng.integers(0, companies, stray.sum())
    own = rng.random(len(company)) < 0.001
    holder[own] = company[own]
    first = np.array([100, 95, 90, 80, 70, 60, 55, 51, 50, 45, 40, 34]) * ONE
    odds = np.array([0.3, 0.05, 0.05, 0.1, 0.1, 0.1, 0.05, 0.1, 0.05, 0.04, 0.03, 0.03])
    alone = rng.choice(first, companies, p=odds)
    shared = rng.choice(first[1:], companies, p=odds[1:] / odds[1:].sum())
    lead = np.where(many == 1, alone, shared)[company]
    percent = np.where(place == 0, lead, (100 * ONE - lead) // np.maximum(1, many[company] - 1))
    back = _back_holdings(rng, holder, company, many)
    return _merged(
        Holdings(
            companies,
            np.concatenate([holder, back.holder]),
            np.concatenate([company, back.company]),
            np.concatenate([percent, back.percent]),
        )
    )


def _back_holdings(
    rng: np.random.Generator, holder: Numbers, company: Numbers, many: npt.NDArray[np.int64]
) -> Holdings:
    """Holdings of a company in one that nobody else holds, one or two above it."""
    above = np.full(len(many), -1, np.int32)
    above[company[::-1]] = holder[::-1]  # the first holder of each
    two = np.flatnonzero(above >= 0).astype(np.int32)
    two = np.column_stack([above[two], two])
    higher = above[two[:, 0]]
    further = higher >= 0
    two[further, 0] = np.where(rng.random(further.sum()) < 0.5, higher[further], two[further, 0])
    free = two[(many[two[:, 0]] == 0) & (rng.random(len(two)) < 0.05)]
    _, once = np.unique(free[:, 0], return_index=True)
    ends = free[once][:: max(1, len(once) * 100 // len(many))]
    percent = rng.choice(np.array([20, 40, 60]) * ONE, len(ends))
    return Holdings(len(many), ends[:, 1], ends[:, 0], percent)


def joint_control(companies: int, seed: int = 2, breadth: int = 20, depth: int = 1_000) -> Holdings:
    """Most control needs several holdings added up over many rounds.

    Layers of `breadth` companies, each held by three of the layer before with 17.000001 % each. Each
    block of `depth` layers has one head, the first company of its first layer, which holds 60 % of the
    rest of that layer: it reaches the last layer of its block in `depth` rounds, and nobody else controls
    anything but by chance.
    """
    rng = np.random.default_rng(seed)
    company = np.repeat(np.arange(companies, dtype=np.int32), 3)
    layer = company // breadth
    holder = ((layer - 1) * breadth + rng.integers(0, breadth, len(company))).astype(np.int32)
    below = layer % depth > 0
    first = np.arange(companies, dtype=np.int32)
    first = first[(first // breadth % depth == 0) & (first % breadth > 0)]
    heads = (first // breadth * breadth).astype(np.int32)
    return _merged(
        Holdings(
            companies,
            np.concatenate([holder[below], heads]),
            np.concatenate([company[below], first]),
            np.concatenate([np.full(below.sum(), 17 * ONE + 1), np.full(len(first), 60 * ONE)]),
        )
    )


def chain(length: int) -> Holdings:
    """Each company holds 60 % of the next."""
    numbers = np.arange(length - 1, dtype=np.int32)
    return Holdings(length, numbers, numbers + 1, np.full(length - 1, 60 * ONE, np.int64))


def hub(spokes: int) -> Holdings:
    """One company holds 60 % of all others."""
    return Holdings(
        spokes + 1,
        np.zeros(spokes, np.int32),
        np.arange(1, spokes + 1, dtype=np.int32),
        np.full(spokes, 60 * ONE, np.int64),
    )


def core(companies: int, seed: int = 3, links: int = 12) -> Holdings:
    """A cross-held core. Each of its first half holds 51 % of the next of them, in a ring.

    `links` others of the core hold 4 % each of the first half, twice as many of the second half, which is
    controlled only by adding up.
    """
    rng = np.random.default_rng(seed)
    half = companies // 2
    numbers = np.arange(half, dtype=np.int32)
    company = np.repeat(
        np.arange(companies, dtype=np.int32), np.where(np.arange(companies) < half, 1, 2) * links
    )
    holder = rng.integers(0, companies, len(company)).astype(np.int32)
    return _merged(
        Holdings(
            companies,
            np.concatenate([holder, numbers]),
            np.concatenate([company, (numbers + 1) % half]),
            np.concatenate([np.full(len(company), 4 * ONE), np.full(half, 51 * ONE)]),
        )
    )


def _merged(holdings: Holdings) -> Holdings:
    """Rows of one pair as one, capped at 100 %, sorted."""
    frame = (
        pl.DataFrame(
            {"holder": holdings.holder, "company": holdings.company, "percent": holdings.percent},
            schema={"holder": pl.Int32, "company": pl.Int32, "percent": pl.Int64},
        )
        .group_by("holder", "company")
        .agg(pl.col("percent").sum().clip(upper_bound=100 * ONE))
        .sort("company", "holder")
    )
    columns = (frame[name].to_numpy() for name in ("holder", "company", "percent"))
    return Holdings(holdings.parties, *columns)


def _text(percent: npt.NDArray[np.int64]) -> pl.Series:
    whole, rest = pl.Series(percent // ONE).cast(pl.String), percent % ONE
    parts = pl.DataFrame({"whole": whole, "rest": pl.Series(rest)})
    return parts.select(
        pl.when(pl.col("rest") == 0)
        .then(pl.col("whole"))
        .otherwise(pl.col("whole") + "." + pl.col("rest").cast(pl.String).str.zfill(6))
    ).to_series()


def write_holdings(folder: Path, holdings: Holdings) -> None:
    """A package of holdings alone, equity and votes alike."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = _ids("C", holdings.parties)
    pl.DataFrame(
        {"id": ids, "kind": "enterprise_legal_person", "name": "公司" + ids.str.slice(1)},
    ).write_csv(folder / "parties.csv")
    _write_holdings(folder, ids[holdings.holder], ids[holdings.company], holdings.percent)


def _write_holdings(
    folder: Path, holder: pl.Series, company: pl.Series, percent: npt.NDArray[np.int64]
) -> None:
    share = _text(percent)
    frame = {"holder": holder, "company": company, "equity_percent": share, "voting_percent": share}
    pl.DataFrame(frame).write_csv(folder / "holdings.csv")


def write_package(
    folder: Path, companies: int, seed: int = 7, offices: float = 1.0, families: float = 0.6
) -> None:
    """A package with 0.6 persons, 1.2 holdings, `offices` and half of `families` kinship rows a company.

    A third of the holdings is a person's: the founder's or one of the founder's family, who also fill half
    of the offices. `families` of the people live in families of six, three generations. The largest
    holders are governments.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    people = companies * 6 // 10
    company_id, person_id = _ids("C", companies), _ids("P", people)
    founder = rng.choice(rng.permutation(people)[: max(1, people * 2 // 5)], companies).astype(np.int32)
    relatives = int(people * families) // 6 * 6
    _write_parties(folder, rng, company_id, person_id)
    holdings = scale_free(companies, seed)
    by_person = rng.random(len(holdings.holder)) < 0.33
    rank = np.arange(len(holdings.company)) - np.searchsorted(holdings.company, holdings.company)
    person = _kin_of(founder[holdings.company], rank, relatives) % people
    holder = pl.select(
        pl.when(pl.Series(by_person)).then(person_id[person]).otherwise(company_id[holdings.holder])
    ).to_series()
    _write_holdings(folder, holder, company_id[holdings.company], holdings.percent)
    ids = (company_id, person_id)
    _write_offices(folder, rng, ids, founder, relatives=relatives, rows=int(companies * offices))
    _write_kinship(folder, person_id, relatives)


def _ids(letter: str, many: int) -> pl.Series:
    return letter + pl.Series(np.arange(many)).cast(pl.String).str.zfill(8)


def _write_parties(
    folder: Path, rng: np.random.Generator, company_id: pl.Series, person_id: pl.Series
) -> None:
    companies, people = len(company_id), len(person_id)
    kinds = rng.choice(
        ["enterprise_legal_person", "institution_legal_person", "non_bank_fi", "government", "partnership"],
        companies,
        p=[0.93, 0.03, 0.01, 0.005, 0.025],
    )
    kinds[: max(1, companies // 20_000)] = "government"
    pl.DataFrame(
        {
            "id": pl.concat([company_id, person_id]),
            "kind": pl.concat([pl.Series(kinds), pl.Series(["natural_person"] * people)]),
            "name": pl.concat(["公司" + company_id.str.slice(1), "人" + person_id.str.slice(1)]),
            "is_private": pl.Series(["true"] * companies + [None] * people),
        }
    ).write_csv(folder / "parties.csv")


def _kin_of(person: Numbers, step: npt.NDArray[np.int64], relatives: int) -> npt.NDArray[np.int64]:
    """The person, or for steps above 0 another one of the same family (anybody for those without one)."""
    home = person - person % 6
    return np.where(person < relatives, home + (person + step) % 6, person + step)


def _write_offices(
    folder: Path,
    rng: np.random.Generator,
    ids: tuple[pl.Series, pl.Series],
    founder: Numbers,
    *,
    relatives: int,
    rows: int,
) -> None:
    company_id, person_id = ids
    company = rng.integers(0, len(company_id), rows)
    stranger = rng.integers(0, len(person_id), rows)
    own = _kin_of(founder[company], rng.integers(0, 3, rows), relatives) % len(person_id)
    person = np.where(rng.random(rows) < 0.5, own, stranger)
    roles = ["legal_representative", "chairman", "director", "general_manager", "supervisor"]
    frame = pl.DataFrame(
        {"person": person_id[person], "company": company_id[company], "role": rng.choice(roles, rows)}
    )
    frame.unique(maintain_order=True).write_csv(folder / "offices.csv")


def _write_kinship(folder: Path, person_id: pl.Series, relatives: int) -> None:
    """Families of six: a couple, their two children, the spouse of one and a grandchild by the other."""
    ties = [
        (0, "spouse_of", 1),
        (0, "parent_of", 2),
        (0, "parent_of", 3),
        (2, "spouse_of", 4),
        (3, "parent_of", 5),
    ]
    homes = np.arange(0, relatives, 6)
    frames = [
        pl.DataFrame(
            {
                "person": person_id[homes + one],
                "relation": pl.Series([relation] * len(homes), dtype=pl.String),
                "relative": person_id[homes + other],
            }
        )
        for one, relation, other in ties
    ]
    pl.concat(frames).sort("person", "relative").write_csv(folder / "kinship.csv")
