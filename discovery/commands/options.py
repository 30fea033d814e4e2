"""Arguments and options that several commands share, named and explained once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_POLICY = "cbrc-2010"
_FOLDER = "Facts package: a folder, .zip or .jsonl; without it the store is asked. / 事实包；不给则查询图库"

FactsPath = Annotated[Path | None, typer.Argument(metavar="[PATH]", help=_FOLDER, show_default=False)]
PolicyName = Annotated[
    str, typer.Option("--policy", metavar="SLUG|FILE", help="The bank's measures, see `policy list`. / 办法")
]
SetValues = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Lay a value over the policy; repeatable. / 覆盖办法中的参数"
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="The day the facts hold (today in GUANLIAN_TZ). / 基准日",
        show_default=False,
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="DAY|MOMENT",
        help="Only what was recorded by then. / 截至何时已知",
        show_default=False,
    ),
]
Party = Annotated[
    str | None,
    typer.Option(
        "--party",
        help="Id, source/id, client number, USCC, LEI or exact name. / 当事人",
        show_default=False,
    ),
]
Source = Annotated[
    str | None,
    typer.Option(help="Source of rows that name none (the package's name). / 来源", show_default=False),
]
Encoding = Annotated[str, typer.Option(help="Encoding of the files: utf-8 or gb18030. / 文件编码")]
KeepGood = Annotated[
    bool, typer.Option("--keep-good", help="Leave bad rows out instead of stopping. / 保留正确的行")
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="With --keep-good: write the bad rows here, readable by you alone. / 错误行另存",
        show_default=False,
    ),
]
NoStubs = Annotated[
    bool, typer.Option("--no-stubs", help="A fact about an unknown id is an error. / 未知编号视为错误")
]
Json = Annotated[
    bool, typer.Option("--json", help="Result as JSON on stdout, errors as JSON on stderr. / 输出JSON")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress. / 不显示进度")]
Lang = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="zh|en", help="Language of the output (by LANG). / 语言", show_default=False
    ),
]
Limit = Annotated[int, typer.Option(min=0, help="Entries of a list that are shown. / 每个列表显示的条数")]
Page = Annotated[int, typer.Option(min=1, help="Which page of the lists is shown. / 第几页")]
