"""Facts packages written as a user would write them."""

from __future__ import annotations

from pathlib import Path

FAMILY = {
    "parties": """
        id,kind,name,client_no,uscc
        A,enterprise_legal_person,甲公司,K1,91110000600037341L
        B,enterprise_legal_person,乙公司,K2,
        X,enterprise_legal_person,丙公司,K3,
        Z,enterprise_legal_person,丁公司,K4,
        N,enterprise_legal_person,戊公司,K5,
        h,natural_person,张三,,
        w,natural_person,李四,,
    """,
    "holdings": """
        holder,company,equity_percent,voting_percent
        A,B,60,60
        A,X,30,30
        B,X,25,25
        h,Z,30,30
        w,Z,30,30
        h,A,60,60
    """,
    "kinship": """
        person,relation,relative
        h,spouse_of,w
    """,
}
DAY = "2026-06-30"


def write(folder: Path, files: dict[str, str]) -> Path:
    """A package of CSV files whose lines may be indented."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, text in files.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (folder / f"{stem}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
