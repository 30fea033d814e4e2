"""What is odd about the facts: it blocks nothing and is reported by file, row, field and party."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from discovery.errors import UsageError
from discovery.facts.assemble import row_findings
from discovery.facts.findings import Finding, FindingLog
from discovery.facts.identifiers import valid_id_numbers, valid_leis, valid_usccs
from discovery.facts.kin_checks import parent_cycles, several_spouses
from discovery.facts.problems import ROW
from discovery.facts.schema import FILES, PERCENT_SCALE

ROLE_WORDS = [
    "ceo",
    "cfo",
    "coo",
    "cto",
    "chairman",
    "chairwoman",
    "chairperson",
    "chair",
    "president",
    "director",
    "manager",
    "supervisor",
    "secretary",
    "partner",
    "owner",
    "shareholder",
    "unknown",
    "n/a",
    "none",
    "法定代表人",
    "法人",
    "法人代表",
    "董事长",
    "副董事长",
    "执行董事",
    "独立董事",
    "董事",
    "监事",
    "监事会主席",
    "总经理",
    "副总经理",
    "经理",
    "总裁",
    "副总裁",
    "财务总监",
    "财务负责人",
    "总会计师",
    "董事会秘书",
    "董秘",
    "实际控制人",
    "股东",
    "合伙人",
    "执行事务合伙人",
    "负责人",
    "高管",
    "无",
    "不详",
    "未知",
]
_ROLE_PHRASES = (
    "general manager",
    "legal representative",
    "managing director",
    "chief executive officer",
    "chief financial officer",
    "board secretary",
    "executive partner",
)


class Odd(NamedTuple):
    """Rows that are odd in one way; `party` and `detail` name columns of `rows`."""

    code: str
    rows: pl.DataFrame
    field: str | None = None
    party: str | None = None
    detail: str | None = None
    severity: str = "warning"

    def findings(self, file: str) -> Iterable[Finding]:
        return row_findings(
            self.code,
            file,
            self.rows,
            field=self.field,
            party=self.party,
            severity=self.severity,
            detail=self.detail,
        )


Frames = Mapping[str, pl.DataFrame]


def check(frames: Frames, names: Mapping[str, str], log: FindingLog, today: date | None = None) -> None:
    """Note all findings about complete frames; `names` says what each file is called."""
    day = today or _bank_day()
    persons, organisations = _kinds(frames["parties"])
    for stem, frame in frames.items():
        if frame.height and stem in names:
            for odd in _of_file(stem, frame, persons, organisations, day):
                log.add(odd.code, odd.findings(names[stem]), odd.rows.height)


def _bank_day() -> date:
    """Today on the bank's calendar; UsageError if GUANLIAN_TZ names no time zone."""
    zone = os.environ.get("GUANLIAN_TZ", "Asia/Shanghai")
    try:
        return datetime.now(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"GUANLIAN_TZ is {zone!r}, which is no time zone.",
            remedy="Set it to a name such as Asia/Shanghai.",
        ) from error


def _kinds(parties: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    person = parties["kind"] == "natural_person"
    return parties["id"].filter(person), parties["id"].filter(~person)


def _of_file(
    stem: str, frame: pl.DataFrame, persons: pl.Series, organisations: pl.Series, today: date
) -> Iterator[Odd]:
    yield from _dates(stem, frame, today)
    yield from _currencies(frame)
    if stem == "parties":
        yield from _parties(frame.filter(pl.col(ROW).is_not_null()))
    elif stem == "holdings":
        yield from _holdings(frame)
    elif stem == "kinship":
        yield from _kinship(frame, organisations)
    elif stem == "agreements":
        yield Odd("agreement_with_oneself", frame.filter(pl.col("party") == pl.col("with")), "with", "party")
    if stem in ("holdings", "offices", "powers"):
        held = frame.filter(pl.col("company").is_in(persons.implode()))
        yield Odd("held_person", held, "company", "company")


def _dates(stem: str, frame: pl.DataFrame, today: date) -> Iterator[Odd]:
    party = next(iter(FILES[stem].refs), None)
    yield Odd("end_before_start", frame.filter(pl.col("valid_to") <= pl.col("valid_from")), "valid_to", party)
    for name in ("recorded_at", "birth_date", "date", "opened_on"):
        if name in frame.columns and frame[name].null_count() < frame.height:
            later = frame.filter(pl.col(name).cast(pl.Date) > today)
            yield Odd("future_date", later, name, party, name)


def _currencies(frame: pl.DataFrame) -> Iterator[Odd]:
    if "currency" in frame.columns and frame["currency"].null_count() < frame.height:
        used = frame.drop_nulls("currency").unique("currency", keep="first", maintain_order=True)
        if used.height > 1:
            listed = ", ".join(sorted(used["currency"]))
            row = used.sort(ROW).tail(1).with_columns(pl.lit(listed).alias("listed"))
            yield Odd("mixed_currencies", row, "currency", None, "listed")


def _parties(frame: pl.DataFrame) -> Iterator[Odd]:
    names = frame["name"].str.to_lowercase()
    yield Odd(
        "role_word_name", frame.filter(names.is_in([*ROLE_WORDS, *_ROLE_PHRASES])), "name", "id", "name"
    )
    yield Odd("kind_assumed", frame.filter(pl.col("kind").is_null()), "kind", "id", None, "info")
    for name, valid in (("uscc", valid_usccs), ("lei", valid_leis)):
        if frame[name].null_count() < frame.height:
            yield Odd("wrong_check_digit", frame.filter(~valid(frame[name])), name, "id")
    if frame["id_number"].null_count() < frame.height:
        shaped = frame["id_number"].str.contains(r"^[0-9]{17}[0-9Xx]$")
        wrong = frame.filter(shaped & ~valid_id_numbers(frame["id_number"]))
        yield Odd("wrong_check_digit", wrong, "id_number", "id")


def _holdings(frame: pl.DataFrame) -> Iterator[Odd]:
    yield Odd("self_holding", frame.filter(pl.col("holder") == pl.col("company")), "holder", "holder")
    empty = pl.col("equity_percent").is_null() & pl.col("voting_percent").is_null()
    yield Odd("holding_without_percent", frame.filter(empty), "equity_percent", "company")
    register = ["company", "source", "document", "valid_from"]
    measures = ("equity_percent", "voting_percent")
    sums = frame.group_by(register, maintain_order=True).agg(
        pl.col(ROW).min(), *(pl.col(name).sum() for name in measures)
    )
    for name in measures:
        over = sums.filter(pl.col(name) > 100 * PERCENT_SCALE).sort(ROW)
        over = over.with_columns(percent=_percent_text(pl.col(name)))
        yield Odd("register_over_100", over, name, "company", "percent")


def _percent_text(value: pl.Expr) -> pl.Expr:
    rest = (value % PERCENT_SCALE).cast(pl.String).str.zfill(6).str.strip_chars_end("0")
    whole = (value // PERCENT_SCALE).cast(pl.String)
    return pl.when(rest == "").then(whole + " %").otherwise(whole + "." + rest + " %")


def _kinship(frame: pl.DataFrame, organisations: pl.Series) -> Iterator[Odd]:
    yield Odd("kin_with_oneself", frame.filter(pl.col("person") == pl.col("relative")), "relative", "person")
    for name in ("person", "relative"):
        yield Odd("kin_not_person", frame.filter(pl.col(name).is_in(organisations.implode())), name, name)
    yield Odd("several_spouses", several_spouses(frame), "relative", "person")
    yield Odd("parent_cycle", parent_cycles(frame), "relative", "person")
