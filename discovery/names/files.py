"""Comparing, linking and searching from files to files: the contract that others script against.

| call | reads | writes |
| --- | --- | --- |
| `compare_file` | `left,right,kind` and any other columns | the same and `score,decision,reasons` |
| `link_file` | `id,name`, columns of `parties.csv` | `id,cluster`; pairs `left,right,score,decision`; |
| | | households `left,right,shared` |
| `search_file` | two files with `id,name` | `query,rank,id,score`, ranks from 1 |

Scores are decimals from 0.000 to 1.000, decisions `merge`, `review`, `apart`. Columns `left_…` and
`right_…` named after columns of `parties.csv` (`left_birth_date`, `right_uscc` ...) are context of a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from discovery.errors import BadInput, UsageError
from discovery.facts.findings import Finding
from discovery.facts.identifiers import valid_id_numbers, valid_leis, valid_usccs
from discovery.names.company import parse_company
from discovery.names.decisions import DECISIONS
from discovery.names.households import households
from discovery.names.linking import JUDGES, SLICE, Progress, link_records
from discovery.names.person import parse_person
from discovery.names.records import COLUMNS, Kind, read_records
from discovery.names.search import NameSearch
from discovery.names.sharing import measure
from discovery.names.splinking import splink_pairs
from discovery.names.tables import read_table, refuse_overwrite, write_table
from discovery.names.text import LONGEST

KINDS: Final[tuple[Kind, ...]] = ("company", "person")
ENGINES: Final = ("own", "splink")
ADDED: Final = ("score", "decision", "reasons")
LISTED: Final = 100  # findings of one code that are listed one by one


@dataclass(frozen=True)
class Summary:
    """What a run did: counts by name, and what was odd about the input."""

    counts: dict[str, int]
    findings: list[Finding] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        return {"counts": self.counts, "findings": [finding.to_dict() for finding in self.findings]}


def _silent(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def compare_file(pairs: Path, out: Path, progress: Progress = _silent) -> Summary:
    """Score and decide every pair of names of a file; without context a person's name is never merged."""
    refuse_overwrite(out, pairs)
    frame = read_table(pairs, ("left", "right", "kind"))
    _refuse_values(frame, pairs, "kind", KINDS)
    if taken := [name for name in ADDED if name in frame.columns]:
        raise BadInput(
            f"{pairs.name} has a column {taken[0]!r} already.",
            remedy="Rename it.",
            file=str(pairs),
            row=1,
            field=taken[0],
        )
    size = len(frame)
    scores, decisions, reasons = np.zeros(size, np.int32), [""] * size, [""] * size
    findings: list[Finding] = []
    for kind in KINDS:
        rows = (frame["kind"] == kind).arg_true().to_numpy()
        for start in range(0, len(rows), SLICE):
            cut = rows[start : start + SLICE]
            progress(kind, start, len(rows))
            answers = _compared(frame[cut], kind)
            for row, (score, decision, why) in zip(cut.tolist(), answers, strict=True):
                scores[row], decisions[row], reasons[row] = score, decision, why
    for side in ("left", "right"):
        findings += name_findings(frame, side, pairs.name)
    answer = frame.with_columns(
        _decimal(scores).alias("score"), pl.Series("decision", decisions), pl.Series("reasons", reasons)
    )
    write_table(answer, out)
    counts = Counter(decisions)
    return Summary({"pairs": size, **{name: counts[name] for name in reversed(DECISIONS)}}, _cut(findings))


def _compared(frame: pl.DataFrame, kind: Kind) -> Iterator[tuple[int, str, str]]:
    sides = [_side(frame, side) for side in ("left", "right")]
    records = read_records(pl.concat(sides), kind)
    judge = JUDGES[kind]
    left = np.arange(len(frame), dtype=np.int64)
    pairs = judge.compare(
        records, measure(records, np.zeros(len(records), np.uint64)), left, left + len(frame)
    )
    for at in range(len(frame)):
        why = "; ".join(str(part) for part in judge.explain(records, pairs, at))
        yield int(pairs.score[at]), DECISIONS[int(pairs.decision[at])], why


def _side(frame: pl.DataFrame, side: str) -> pl.DataFrame:
    context = [
        pl.col(f"{side}_{name}").alias(name) for name in COLUMNS[2:] if f"{side}_{name}" in frame.columns
    ]
    there = {column.meta.output_name() for column in context}
    empty = [pl.lit("").alias(name) for name in COLUMNS[2:] if name not in there]
    columns = [pl.lit("").alias("id"), pl.col(side).alias("name"), *context, *empty]
    return frame.select(columns).select(COLUMNS)


def link_file(
    records: Path,
    kind: str,
    out: Path,
    pairs: Path | None = None,
    progress: Progress = _silent,
    *,
    homes: Path | None = None,
    engine: str = "own",
) -> Summary:
    """Cluster the records of a file; with `pairs`, write every pair that is merged or for review, sorted.

    With `homes` (people only), write which clusters share an address or a phone. `engine` is one of ENGINES:
    what finds the pairs to be decided; both find the same ones.
    """
    chosen = kind_of(kind)
    if engine not in ENGINES:
        raise UsageError(f"No engine {engine!r}.", remedy="Give own or splink.", field="engine")
    meet = (lambda made: splink_pairs(made, chosen)) if engine == "splink" else None
    if homes and chosen != "person":
        raise UsageError("Only people have households.", remedy="Leave --households out.", field="households")
    targets = [target for target in (out, pairs, homes) if target]
    for at, target in enumerate(targets):
        refuse_overwrite(target, records, *targets[:at])
    frame = read_table(records, ("id", "name"))
    refuse_ids(frame, records)
    links = link_records(frame, chosen, progress, meet)
    clusters = pl.DataFrame({"id": links.records.ids, "cluster": links.cluster}).sort("id")
    decided = _pair_table(
        links.records.ids, links.pairs.left, links.pairs.right, links.pairs.score, links.pairs.decision
    )
    if pairs:
        write_table(decided, pairs)
    shared = households(links) if homes else None
    if homes and shared is not None:
        write_table(shared, homes)
    write_table(clusters, out)
    counts = {
        "records": len(frame),
        "clusters": clusters["cluster"].n_unique(),
        "merge_pairs": int((decided["decision"] == "merge").sum()),
        "review_pairs": int((decided["decision"] == "review").sum()),
        **({} if shared is None else {"household_pairs": len(shared)}),
    }
    return Summary(
        counts, _cut([*name_findings(frame, "name", records.name), *record_findings(frame, records.name)])
    )


def _pair_table(
    ids: pl.Series, left: np.ndarray, right: np.ndarray, score: np.ndarray, decision: np.ndarray
) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "left": ids.gather(left),
            "right": ids.gather(right),
            "score": _decimal(score),
            "decision": pl.Series(decision).replace_strict(
                dict(enumerate(DECISIONS)), return_dtype=pl.String
            ),
        }
    )
    smaller = pl.col("left") <= pl.col("right")
    return frame.with_columns(
        left=pl.when(smaller).then("left").otherwise("right"),
        right=pl.when(smaller).then("right").otherwise("left"),
    ).sort("left", "right")


def search_file(index: Path, queries: Path, out: Path, k: int = 20, progress: Progress = _silent) -> Summary:
    """The k nearest names of the index for each query; fewer rows where fewer names are near."""
    if k < 1:
        raise UsageError("k must be at least 1.", remedy="Ask for one name or more.", field="k")
    refuse_overwrite(out, index, queries)
    known, asked = read_table(index, ("id", "name")), read_table(queries, ("id", "name"))
    refuse_ids(known, index)
    refuse_ids(asked, queries)
    search = NameSearch()
    progress("index", 0, len(known))
    search.add(_written_names(known))
    ids = known["id"].to_list()
    found: list[tuple[str, int, str, int]] = []
    for at, (query, name) in enumerate(zip(asked["id"].to_list(), asked["name"].to_list(), strict=True)):
        if at % 100 == 0:
            progress("search", at, len(asked))
        found += [
            (query, rank, ids[hit.row], hit.score) for rank, hit in enumerate(search.search(name, k), 1)
        ]
    columns = list(zip(*found, strict=True)) or [(), (), (), ()]
    table = pl.DataFrame(
        {
            "query": pl.Series(columns[0], dtype=pl.String),
            "rank": pl.Series(columns[1], dtype=pl.Int64),
            "id": pl.Series(columns[2], dtype=pl.String),
            "score": _decimal(np.array(columns[3], np.int32)),
        }
    )
    write_table(table, out)
    findings = [*name_findings(known, "name", index.name), *name_findings(asked, "name", queries.name)]
    return Summary({"names": len(known), "queries": len(asked), "hits": len(found)}, _cut(findings))


def _written_names(frame: pl.DataFrame) -> list[tuple[str, ...]]:
    return read_records(
        frame.select(
            [name for name in ("id", "name", "other_names", "former_names") if name in frame.columns]
        ),
        "company",
    ).names


def kind_of(kind: str) -> Kind:
    """The kind of that name; UsageError for any other."""
    for known in KINDS:
        if kind == known:
            return known
    raise UsageError(f"No kind {kind!r}.", remedy="Give company or person.", field="kind")


def _decimal(thousandths: np.ndarray) -> pl.Series:
    """Thousandths as text with three decimals."""
    whole = pl.Series(thousandths.astype(np.int64))
    return (whole // 1000).cast(pl.String) + "." + (whole % 1000).cast(pl.String).str.zfill(3)


def _refuse_values(frame: pl.DataFrame, path: Path, column: str, allowed: tuple[str, ...]) -> None:
    bad = (~frame[column].is_in(allowed)).arg_true()
    if len(bad):
        row = int(bad[0]) + 2
        raise BadInput(
            f"{path.name}, row {row}, {column}: {frame[column][int(bad[0])][:40]!r} is not allowed.",
            remedy=f"Write one of {', '.join(allowed)}.",
            file=str(path), row=row, field=column, bad_rows=len(bad),
        )  # fmt: skip


def refuse_ids(frame: pl.DataFrame, path: Path) -> None:
    """BadInput if a row has no id, or that of another row."""
    ids = frame["id"]
    for wrong, what, remedy in (
        (ids.str.strip_chars() == "", "the id is empty", "Give every row an id."),
        (ids.is_duplicated(), "the id stands in several rows", "Give every row its own id."),
    ):
        at = wrong.arg_true()
        if len(at):
            row = int(at[-1 if "several" in what else 0]) + 2
            raise BadInput(
                f"{path.name}, row {row}, id: {what}.",
                remedy=remedy,
                file=str(path),
                row=row,
                field="id",
                bad_rows=len(at),
            )


def name_findings(frame: pl.DataFrame, column: str, file: str) -> Iterator[Finding]:
    names = frame[column]
    length = names.str.len_chars()
    doubtful = ((length < 2) | (length > LONGEST) | ~names.str.contains(r"[\p{L}\p{N}]{2}")).arg_true()
    remedies = {
        "name_missing": "Fill in the name.",
        "name_too_long": "Give the name alone, without other text.",
        "name_unreadable": "Give the name as it is registered.",
    }
    for row in doubtful.to_list():
        name = names[row]
        code = (
            "name_missing"
            if not name.strip()
            else "name_too_long"
            if len(name) > LONGEST
            else "name_unreadable"
        )
        if code == "name_unreadable" and (parse_company(name).usable or parse_person(name).usable):
            continue
        yield Finding(code, file=file, row=row + 2, field=column, remedy=remedies[code])


def record_findings(frame: pl.DataFrame, file: str) -> Iterator[Finding]:
    checks: dict[str, Callable[[pl.Series], pl.Series]] = {
        "uscc": valid_usccs,
        "lei": valid_leis,
        "id_number": valid_id_numbers,
    }
    for column, valid in checks.items():
        if column not in frame.columns:
            continue
        given = frame[column].str.to_uppercase().str.replace_all(r"[\s-]", "")
        shaped = given.str.contains(r"^[0-9]{17}[0-9X]$") if column == "id_number" else given != ""
        for row in (shaped & ~valid(given)).arg_true().to_list():
            remedy = "Correct it; it identifies nobody as it stands."
            yield Finding("wrong_check_digit", file=file, row=row + 2, field=column, remedy=remedy)
    for column in frame.columns:
        if column not in COLUMNS:
            yield Finding("column_ignored", "info", file=file, row=1, field=column, detail=column)


def _cut(findings: list[Finding]) -> list[Finding]:
    """The first findings of each code, and one line for how many more there are."""
    seen: Counter[str] = Counter()
    kept = []
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= LISTED:
            kept.append(finding)
    more = {code: count - LISTED for code, count in seen.items() if count > LISTED}
    return [
        *kept,
        *(
            Finding("findings_truncated", "info", detail=f"{code}: {count} more")
            for code, count in more.items()
        ),
    ]
