"""Print every measure of names: `python -m benchmarks.names [--data DIR] [--million] [--only PART]`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks.names import companies, febrl, peers, people, speed, stored
from benchmarks.names.measures import show

PARTS = ("companies", "people", "febrl", "speed")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names")
    parser.add_argument(
        "--data", type=Path, help="folder with names/company_pairs.csv and a_share/listed_companies.csv"
    )
    parser.add_argument(
        "--million", action="store_true", help="also link and search a million names (minutes)"
    )
    parser.add_argument("--only", choices=[*PARTS, "index"], help="one part only")
    parser.add_argument("--size", type=int, default=200_000, help="parties of the part `index`")
    chosen = parser.parse_args()
    parts = [chosen.only] if chosen.only else list(PARTS)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; + aim met, - not met")
    if "companies" in parts:
        _companies(chosen.data)
    if "people" in parts:
        _people()
    if "febrl" in parts:
        show("FEBRL", febrl.figures())
        if (loaded := febrl.records()) is not None:
            show("FEBRL, a peer", peers.splink_figures("FEBRL set 3", *loaded))
    if "speed" in parts:
        _speed(million=chosen.million)
    if "index" in parts:  # starts a Neo4j of its own
        show("The kept index", stored.starting(chosen.size))
        show("Candidates by full text", stored.full_text(chosen.size // 2))


def _companies(data: Path | None) -> None:
    show("Company names, generated", companies.measure_generated(16_000))
    if data is None:
        print("\nCompany names, labelled: name their folder with --data")
        return
    rows = companies.labelled(data)
    for part in ("tuning", "held-out"):
        show(f"Company names, labelled ({part})", companies.measure_labelled(rows, part))
    show("Listed companies", companies.measure_listed(data))
    show("Company names, peers (held-out)", peers.compare_names(rows, "held-out"))


def _people() -> None:
    frame, truth = people.shipped()
    show("People, shipped", people.figures("shipped", frame, truth))
    show("People, shipped, a peer", peers.splink_figures("shipped", frame, truth))
    show("People, generated", people.figures("generated", *people.generated(20_000)))


def _speed(*, million: bool) -> None:
    hundred = speed.people(100_000)
    show("Speed, people", speed.bulk("person", hundred) + speed.one_by_one("person", hundred))
    firms = speed.companies(100_000)
    show(
        "Speed, companies",
        speed.bulk("company", firms) + speed.one_by_one("company", firms) + speed.searching(firms),
    )
    if million:
        crowd = speed.people(1_000_000)
        figures = speed.end_to_end("person", crowd) + speed.one_by_one("person", crowd)
        show("Speed, a million people", figures)
        firms = speed.companies(1_000_000)
        figures = speed.end_to_end("company", firms) + speed.one_by_one("company", firms)
        show("Speed, a million companies", figures)
        show("Speed, a million names", speed.searching(firms))


if __name__ == "__main__":
    main()
