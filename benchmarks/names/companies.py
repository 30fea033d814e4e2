"""Pairs of company names: the labelled ones, and the kinds they lack, made with a fixed seed."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from zlib import crc32

import numpy as np
import polars as pl

from benchmarks.names.measures import Figure, at_least, at_most, calibration, recall_at_precision
from discovery.names.company_match import compare_company_names
from discovery.names.company_records import company_shares
from discovery.names.linking import link_records
from discovery.names.text import has_han

PLACES = """
    北京 上海 天津 重庆 深圳 广州 杭州 南京 苏州 成都 武汉 西安 长沙 郑州 青岛 济南 合肥 福州 厦门 南昌
    昆明 沈阳 大连 宁波 无锡 佛山 陕西 山西 湖南 湖北 河南 河北 江苏 浙江 广东 山东
""".split()  # noqa: SIM905  reads best so
TRADES = """
    华恒 信达 瑞丰 安泰 宏远 博雅 智联 天启 海辰 龙腾 鑫源 盛世 润泽 嘉禾 金桥 银河湾 立信 明德 光启 辉煌
    永固 兴隆 昌茂 顺和 诚毅 嘉元 亨通达 景云 星辰 宇航 翔飞 鹏程 万里行 江源 河图 青禾 蓝海 绿洲 红杉树 紫荆
""".split()  # noqa: SIM905  reads best so
WORK = """
    科技 贸易 实业 电子 投资管理 信息技术 生物医药 机械制造 建筑工程 餐饮管理 文化传媒 新材料 供应链管理
    物流 农业发展 环保科技
""".split()  # noqa: SIM905  reads best so
FORMS = ["有限公司", "有限责任公司", "股份有限公司"]
FUNDS = [
    "股权投资合伙企业（有限合伙）",
    "股权投资基金合伙企业（有限合伙）",
    "创业投资中心（有限合伙）",
    "投资基金有限公司",
]
HAN_DIGITS = "一二三四五六七八九十"
Row = tuple[str, str, bool, str]


def labelled(data: Path) -> list[Row]:
    """The labelled pairs: both names, whether they are one, and `tuning:` or `held-out:` with the kind."""
    frame = pl.read_csv(data / "names" / "company_pairs.csv", infer_schema=False)
    rows = []
    for left, right, label, kind, entity in frame.select(
        "name1", "name2", "label", "kind", "entity1"
    ).iter_rows():
        part = "tuning" if crc32(entity[:6].encode()) % 2 else "held-out"
        if label != "review":
            rows.append((left, right, label == "same", f"{part}:{kind}"))
    return rows


def generated(size: int, seed: int = 20261122) -> list[Row]:
    """Pairs of other ordinals, branches, groups, regions (all different), and the same in other clothes."""
    rng = random.Random(seed)
    rows: list[Row] = []
    while len(rows) < size:
        place, other = rng.sample(PLACES, 2)
        core, form = rng.choice(TRADES) + rng.choice(WORK), rng.choice(FORMS)
        n, m = rng.sample(range(1, 11), 2)
        rows += [
            _ordinal(rng, place, n, m),
            (
                place + core + form,
                place
                + core
                + form
                + other
                + rng.choice(["分公司", f"第{HAN_DIGITS[n - 1]}分公司", "办事处"]),
                False,
                "branch",
            ),
            (f"{place}{core}{form}{place}分公司", f"{place}{core}{form}{other}分公司", False, "branch"),
            (place + core + form, f"{place}{core}集团有限公司", False, "group"),
            (place + core + form, f"{place}{core}控股集团有限公司", False, "group"),
            (_placed(rng, place, core, form), _placed(rng, other, core, form), False, "region"),
            (place + core + form, _placed(rng, place, core, form), True, "same_clothes"),
            _same_ordinal(rng, place, n),
        ]
    return rows


def _placed(rng: random.Random, place: str, core: str, form: str) -> str:
    return rng.choice([f"{place}{core}{form}", f"{core}（{place}）{form}", f"{core}({place}){form}"])


def _count(rng: random.Random, n: int) -> str:
    return rng.choice(
        [f"{n}号", f"{HAN_DIGITS[n - 1]}号", f"{n}期", f"{HAN_DIGITS[n - 1]}期", f"第{HAN_DIGITS[n - 1]}"]
    )


def _ordinal(rng: random.Random, place: str, n: int, m: int) -> Row:
    trade, fund = rng.choice(TRADES), rng.choice(FUNDS)
    return f"{place}{trade}{_count(rng, n)}{fund}", f"{place}{trade}{_count(rng, m)}{fund}", False, "ordinal"


def _same_ordinal(rng: random.Random, place: str, n: int) -> Row:
    trade, fund = rng.choice(TRADES), rng.choice(FUNDS)
    unit = rng.choice("号期")
    return (
        f"{place}{trade}{n}{unit}{fund}",
        f"{place}{trade}{HAN_DIGITS[n - 1]}{unit}{fund}",
        True,
        "same_ordinal",
    )


def measure_generated(size: int) -> list[Figure]:
    accepted: dict[str, list[bool]] = defaultdict(list)
    for left, right, _, kind in generated(size):
        accepted[kind].append(compare_company_names(left, right).decision == "merge")
    figures = [
        at_most(
            f"{kind}: pairs merged",
            sum(accepted[kind]) / len(accepted[kind]),
            0.001,
            f"of {len(accepted[kind])}",
        )
        for kind in ("ordinal", "branch", "group", "region")
    ]
    for kind in ("same_clothes", "same_ordinal"):
        merged = accepted[kind]
        figures.append(Figure(f"{kind}: pairs merged", f"{sum(merged) / len(merged):.5f} of {len(merged)}"))
    return figures


def measure_labelled(rows: list[Row], part: str) -> list[Figure]:
    """Figures of one part of the labelled pairs, Han beside Han; the cut is that of precision .99."""
    scored = []
    for left, right, same, kind in rows:
        if kind.startswith(part) and has_han(left) and has_han(right):
            answer = compare_company_names(left, right)
            scored.append((answer.score, same, kind.split(":")[1], answer.decision == "merge"))
    recall, cut = recall_at_precision([(score, same) for score, same, _, _ in scored], 0.99)
    short = [(score, merged) for score, _, kind, merged in scored if kind == "full_vs_short"]
    apart = [
        merged for _, same, kind, merged in scored if not same and kind in {"branch", "parent_group_like"}
    ]
    shares = company_shares(np.array([score for score, _, _, _ in scored], np.int32))
    wrong = sum(merged for _, same, _, merged in scored if not same)
    return [
        at_least(
            f"{part}: recall at precision .99", recall, 0.80, f"cut {cut / 1000:.3f}, {len(scored)} pairs"
        ),
        at_least(
            f"{part}: full beside short name, at that cut", sum(s >= cut for s, _ in short) / len(short), 0.92
        ),
        Figure(f"{part}: full beside short name, merged", f"{sum(m for _, m in short) / len(short):.5f}"),
        at_most(f"{part}: branch and group pairs merged", sum(apart) / len(apart), 0.001),
        Figure(f"{part}: different pairs merged", f"{wrong} of {sum(not same for _, same, _, _ in scored)}"),
        Figure(
            f"{part}: same pairs merged",
            f"{sum(m for _, same, _, m in scored if same)} of {sum(s for _, s, _, _ in scored)}",
        ),
        *calibration(part, list(zip(shares.tolist(), (same for _, same, _, _ in scored), strict=True))),
    ]


def measure_listed(data: Path) -> list[Figure]:
    """Listed companies linked under their full names, and under all their names: none is another."""
    frame = pl.read_csv(data / "a_share" / "listed_companies.csv", infer_schema=False)
    full = frame.select(id="code", name="full_name")
    every = frame.select(
        id="code", name="full_name", other_names=pl.concat_str("short_name", "english_name", separator=";")
    )
    figures = []
    for title, table in (("full names", full), ("full, short and English names", every)):
        links = link_records(table, "company")
        wrong = len(table) - links.cluster.n_unique()
        figures.append(at_most(f"distinct listed companies merged ({title})", wrong, 0, f"of {len(table)}"))
    return figures
