"""Facts by hand for the store's tests: frames as the reader would give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from discovery.facts.facts import KEY, Facts, empty_frame
from discovery.facts.keys import fact_ids
from discovery.facts.schema import FILES, PERCENT_SCALE

Rows = Sequence[Mapping[str, Any]]


def facts_of(source: str = "registry", **files: Rows) -> Facts:
    """Facts of one package: rows by file. Parties may be left out; those named are made, people by `*_p`."""
    stated = {row["id"]: dict(row) for row in files.get("parties", [])}
    for stem, rows in files.items():
        for row in rows if stem != "parties" else []:
            for ref in FILES[stem].refs:
                name = row.get(ref)
                if name is not None and name not in stated:
                    stated[name] = _party(name)
    parties = [
        row | {KEY: f"{row.get('source') or source}/{row['id']}", "fact": row["id"]}
        for row in stated.values()
    ]
    frames = {"parties": _frame("parties", parties, stub=pl.Boolean())}
    keys = dict(zip(frames["parties"]["id"], frames["parties"][KEY], strict=True))
    for stem, rows in files.items():
        if stem != "parties":
            frames[stem] = _facts(stem, [{"source": source, **row} for row in rows], keys)
    return Facts(frames)


def holding(holder: str, company: str, percent: int, **more: Any) -> dict[str, Any]:
    """A holding of whole percents, the same in equity and votes."""
    share = percent * PERCENT_SCALE
    return {"holder": holder, "company": company, "equity_percent": share, "voting_percent": share, **more}


def _party(name: str) -> dict[str, Any]:
    person = name.endswith("_p")
    return {"id": name, "name": name, "kind": "natural_person" if person else "enterprise_legal_person"}


def _frame(stem: str, rows: Rows, **extra: pl.DataType) -> pl.DataFrame:
    schema = {**empty_frame(stem).schema, **extra}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def _facts(stem: str, rows: Rows, keys: Mapping[str, str]) -> pl.DataFrame:
    frame = _frame(stem, rows)
    refs = {ref: [None if name is None else keys[name] for name in frame[ref]] for ref in FILES[stem].refs}
    ref_keys = pl.DataFrame(refs, schema=dict.fromkeys(refs, pl.String())) if refs else pl.DataFrame()
    return frame.with_columns(fact_ids(FILES[stem], frame, ref_keys))


FULL_DAY = date(2020, 5, 17)
FULL_MOMENT = datetime(2021, 3, 4, 5, 6, 7, 890_123)  # noqa: DTZ001  frames hold UTC without saying so


def full_facts() -> Facts:
    """Every file with every column filled in at least one row, and sparse rows beside them."""
    files: dict[str, list[dict[str, Any]]] = {}
    for stem, file in FILES.items():
        full = {column.name: _value(column.type, column.values, column.name) for column in file.columns}
        full |= {"supersedes": None, "source": "registry"}
        files[stem] = [full]
    files["parties"] = [
        files["parties"][0] | {"id": "A", "kind": "enterprise_legal_person", "id_number": None},
        _party("B"),
        _party("C") | {"source": "second", "phone": "86-21", "email": "a@b.example", "other_names": "甲;乙"},
        _party("Li_p")
        | {"id_number": "11010519491231002X", "birth_date": date(1949, 12, 31), "address": "一号"},
        _party("Wang_p") | {"name": None},
        _party("Ghost") | {"stub": True, "name": None, "kind": None},
    ]
    ends = {
        "holdings": {"holder": "A", "company": "B", "nominee_for": "Li_p"},
        "offices": {"person": "Li_p", "company": "A", "represents": "B"},
        "kinship": {"person": "Li_p", "relative": "Wang_p", "relation": "parent_of"},
        "agreements": {"party": "A", "with": "B", "company": "C", "leader": "A"},
        "powers": {"holder": "A", "company": "C"},
        "credits": {"client": "A"},
        "limits": {"head": "A"},
    }
    for stem in ("guarantees", "payments", "trades"):
        ends[stem] = {"from": "A", "to": "B"}
    for stem, named in ends.items():
        files[stem][0] |= named
    files["holdings"] += [holding("B", "C", 60), holding("Ghost", "A", 10), holding("C", "C", 5)]
    files["kinship"] += [{"person": "Li_p", "relative": "Wang_p", "relation": "spouse_of"}]
    closing = holding("B", "C", 61, document="corrected", recorded_at=FULL_MOMENT)
    package = facts_of(**files)
    old = package["holdings"].filter(pl.col("holder") == "B")["fact"][0]
    files["holdings"] += [closing | {"supersedes": old}]
    return facts_of(**files)


def _value(kind: str, values: tuple[str, ...], name: str) -> Any:
    simple: dict[str, Any] = {
        "flag": True,
        "day": FULL_DAY,
        "moment": FULL_MOMENT,
        "percent": 33_333_333,
        "amount": 12_345_678,
        "measure": 2_500_000,
        "ratio": 750_000,
        "names": '甲公司;"Yi" Ltd',
        "choices": "cfo;chairman",
        "ref": None,
    }
    if kind == "choice":
        return values[0]
    if name == "valid_to":
        return date(2030, 1, 1)
    return simple.get(kind, f'{name} 值, "q"\nline')
