"""Records linked: never by name alone, in any order, in bulk and one by one alike."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.names.measures import pairs_within
from benchmarks.names.people import FAMILIES, GIVEN, generated, shipped
from benchmarks.names.speed import companies
from discovery.names.blocking import pairs_of
from discovery.names.company_columns import hopeless
from discovery.names.company_match import compare_company_names
from discovery.names.decisions import APART, DECISIONS, MERGE
from discovery.names.linking import JUDGES, NameIndex, link_records
from discovery.names.records import read_records

ID = "11010519491231002X"
OTHER_ID = "440524188001010014"


def people(*rows: dict[str, str]) -> pl.DataFrame:
    """Records with the columns of parties.csv; ids a, b, c ... in order."""
    named = [{"id": chr(97 + n), **row} for n, row in enumerate(rows)]
    columns = sorted({key for row in named for key in row})
    return pl.DataFrame(
        [{c: row.get(c, "") for c in columns} for row in named], schema=dict.fromkeys(columns, pl.String)
    )


def together(frame: pl.DataFrame, kind: str = "person") -> set[tuple[str, str]]:
    links = link_records(frame, kind)
    return pairs_within(zip(links.cluster, links.records.ids, strict=True))


def decision(frame: pl.DataFrame, kind: str = "person") -> str:
    links = link_records(frame, kind)
    return DECISIONS[int(links.pairs.decision[0])] if len(links.pairs) else "apart"


CONTEXT = {"birth_date": "1970-02-03", "phone": "13912345678", "address": "北京市朝阳区建国路12号3栋405室"}


@pytest.mark.parametrize(
    "shared",
    [
        {"id_number": ID},
        {"birth_date": "1970-02-03", "phone": "13912345678"},
        {"birth_date": "1970-02-03", "address": "北京市朝阳区建国路12号3栋405室"},
        {"birth_date": "1970-02-03", "employer": "华恒科技有限公司"},
        {"phone": "13912345678", "address": "北京市朝阳区建国路12号3栋405室"},
    ],
)
def test_a_name_and_something_else_make_one_person(shared):
    """An identifier; a birth date and one more; two contact points."""
    assert "merge" == decision(people({"name": "欧阳军", **shared}, {"name": "Ouyang Jun", **shared}))


@pytest.mark.parametrize(
    "shared",
    [
        {},
        {"phone": "13912345678"},
        {"address": CONTEXT["address"]},
        {"birth_date": "1970-02-03"},
        {"employer": "华恒科技有限公司"},
    ],
)
def test_a_name_and_too_little_is_a_question(shared):
    """A rare name with one weak fact or none goes to a person."""
    assert "review" == decision(people({"name": "欧阳军", **shared}, {"name": "欧阳军", **shared}))


def test_a_household_is_no_person():
    """Spouses share phone and address; namesakes at home have two birth dates."""
    home = {"phone": "13912345678", "address": CONTEXT["address"]}

    assert "apart" == decision(people({"name": "王伟", **home}, {"name": "李娜", **home}))
    assert "merge" != decision(
        people(
            {"name": "何平", "birth_date": "1970-02-03", **home},
            {"name": "何平", "birth_date": "1996-11-21", **home},
        )
    )


def test_another_valid_id_number_keeps_apart():
    """Everything else agrees, yet two numbers with their check digits are two people."""
    rows = ({"name": "王伟", "id_number": number, **CONTEXT} for number in (ID, OTHER_ID))

    assert "apart" == decision(people(*rows))


def test_an_old_id_number_is_the_new_one():
    """Fifteen digits became eighteen."""
    assert "merge" == decision(
        people({"name": "王伟", "id_number": "110105491231002"}, {"name": "王伟", "id_number": ID})
    )


def test_an_agents_phone_stops_counting():
    """A phone behind many names corroborates nothing any more."""
    pair = [{"name": "王伟", "phone": "13912345678", "birth_date": "1970-02-03"}] * 2
    crowd = [{"name": f"李{char}", "phone": "13912345678"} for char in "娜敏静丽强磊洋勇艳"]

    assert ("a", "b") in together(people(*pair))
    assert ("a", "b") not in together(people(*pair, *crowd))


def test_a_namesake_does_not_come_in_through_a_third_record():
    """The record without a birth date fits both, and must not make father and son one."""
    home = {"phone": "13912345678", "address": CONTEXT["address"]}
    frame = people(
        {"name": "何平", "birth_date": "1970-02-03", **home},
        {"name": "何平", **home},
        {"name": "何平", "birth_date": "1996-11-21", **home},
    )

    assert ("a", "c") not in together(frame)


NAMES = st.sampled_from(
    ["王伟", "王玮", "Wang Wei", "W. Wang", "李娜", "欧阳军", "Ouyang Jun", "", "😀", "王"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=2, max_size=8))
def test_nobody_is_merged_by_name_alone(names):
    """Records with names only never share a cluster, whatever the names."""
    assert set() == together(people(*({"name": name} for name in names)))


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(random):
    """Any shuffle of the records gives the same clusters, pairs, scores and decisions."""
    frame, _ = generated(150)
    order = list(range(len(frame)))
    random.shuffle(order)

    assert _everything(frame) == _everything(frame[order])


def _everything(frame: pl.DataFrame) -> tuple[object, ...]:
    links = link_records(frame, "person")
    ids = links.records.ids.to_list()
    pairs = {
        (*sorted((ids[a], ids[b])), s, d)
        for a, b, s, d in zip(
            links.pairs.left.tolist(),
            links.pairs.right.tolist(),
            links.pairs.score.tolist(),
            links.pairs.decision.tolist(),
            strict=True,
        )
    }
    return pairs, dict(zip(ids, links.cluster, strict=True))


def test_one_by_one_agrees_with_the_batch():
    """Each record resolved against the others has the pairs that linking all of them decides for it."""
    frame, _ = shipped()
    frame = frame[:700]
    index = NameIndex(frame, "person")
    links = index.link()
    ids = links.records.ids.to_list()
    clusters = dict(zip(ids, links.cluster, strict=True))
    batch = {name: {} for name in ids}
    for a, b, score in zip(
        links.pairs.left.tolist(), links.pairs.right.tolist(), links.pairs.score.tolist(), strict=True
    ):
        batch[ids[a]][ids[b]] = batch[ids[b]][ids[a]] = score

    for row in range(0, 700, 35):
        rest = NameIndex(pl.concat([frame[:row], frame[row + 1 :]]), "person")
        answer = rest.resolve(frame[row : row + 1])[0]
        assert batch[ids[row]] == {match.id: match.score for match in answer.matches}
        merged = {match.id for match in answer.matches if match.decision == MERGE}
        assert all(clusters[other] == clusters[ids[row]] for other in merged)


def test_the_shipped_people_are_linked_to_the_measure():
    """No wrong merge, nine true pairs of ten merged, all but one in a hundred at least asked about."""
    frame, truth = shipped()
    links = link_records(frame, "person")
    ids = links.records.ids.to_list()
    same = pairs_within((truth[record], record) for record in ids)
    merged = pairs_within(zip(links.cluster, ids, strict=True))
    asked = {
        tuple(sorted((ids[a], ids[b])))
        for a, b in zip(links.pairs.left.tolist(), links.pairs.right.tolist(), strict=True)
    }

    assert set() == merged - same
    assert len(merged) >= 0.9 * len(same)
    assert len(same & (merged | asked)) >= 0.99 * len(same)


USCC, OTHER_USCC = "91110000600037341L", "914403001922038216"


def test_a_valid_code_makes_one_company_under_two_names():
    """A renamed company keeps its code; a code with a wrong check digit proves nothing."""
    names = ("江苏雪莱特光电科技股份有限公司", "江苏星光发展股份有限公司")
    valid = people(*({"name": name, "uscc": USCC} for name in names))
    wrong = people(*({"name": name, "uscc": USCC[:-1] + "A"} for name in names))

    assert "merge" == decision(valid, "company")
    assert "merge" != decision(wrong, "company")


def test_another_valid_code_keeps_companies_apart():
    """One name, two codes: two companies."""
    frame = people(*({"name": "江苏神马电力股份有限公司", "uscc": code} for code in (USCC, OTHER_USCC)))

    assert "apart" == decision(frame, "company")


def test_a_former_name_hits_and_says_which():
    """The former name of one is the current name of the other."""
    index = NameIndex(
        people({"name": "垒知控股集团股份有限公司", "former_names": "厦门市建筑科学研究院集团股份有限公司"}),
        "company",
    )
    match = index.resolve(pl.DataFrame({"id": ["x"], "name": ["厦门市建筑科学研究院集团股份有限公司"]}))[
        0
    ].matches[0]

    assert MERGE == match.decision
    assert "alias" == match.parts[0].part


def test_two_full_names_are_not_joined_by_a_short_name():
    """A short name fits many; where both full names are known it only raises a question."""
    frame = people(
        {"name": "中信证券股份有限公司", "other_names": "中信证券"},
        {"name": "中信建投证券股份有限公司", "other_names": "中信证券"},
    )

    assert set() == together(frame, "company")


@pytest.mark.parametrize("kind", ["person", "company"])
def test_an_index_renewed_is_the_index_of_its_records(kind: str):
    """Records taken out, changed and added: it links and resolves as one made at once of what is in it."""
    frame = generated(200, seed=3)[0][:260] if kind == "person" else companies(260)
    frame = frame.with_columns(pl.col("id").cast(pl.String))
    first, gone = frame[:200], frame["id"][20:60].to_list()
    renewed = NameIndex(first, kind).renewed(frame[200:250], gone).renewed(frame[30:40])
    whole = NameIndex(pl.concat([frame[:20], frame[60:250], frame[30:40]]), kind)

    assert whole.link().cluster.to_list() == renewed.link().cluster.to_list()
    for asked in range(250, 260):
        assert whole.resolve(frame[asked : asked + 1]) == renewed.resolve(frame[asked : asked + 1])


def _company_pairs(frame: pl.DataFrame) -> set[tuple[object, ...]]:
    links = link_records(frame, "company")
    ids = links.records.ids.to_list()
    pairs = zip(
        links.pairs.left.tolist(), links.pairs.right.tolist(), links.pairs.score.tolist(), strict=True
    )
    clusters = zip(ids, links.cluster, strict=True)
    return {(*sorted((ids[a], ids[b])), score) for a, b, score in pairs} | set(clusters)


def test_companies_in_another_order_are_the_same_companies():
    """Short names, missing regions and shared phones among them."""
    frame = companies(400)

    assert (
        _company_pairs(frame)
        == _company_pairs(frame[::-1])
        == _company_pairs(frame.sample(fraction=1, shuffle=True, seed=4))
    )


def test_one_company_resolved_agrees_with_the_batch():
    """The keys and rules are the same ones."""
    frame = companies(300)
    links = NameIndex(frame, "company").link()
    ids = links.records.ids.to_list()
    batch: dict[str, dict[str, int]] = {name: {} for name in ids}
    for a, b, score in zip(
        links.pairs.left.tolist(), links.pairs.right.tolist(), links.pairs.score.tolist(), strict=True
    ):
        batch[ids[a]][ids[b]] = batch[ids[b]][ids[a]] = score

    for row in range(0, 300, 20):
        rest = NameIndex(pl.concat([frame[:row], frame[row + 1 :]]), "company")
        answer = rest.resolve(frame[row : row + 1])[0]
        assert batch[ids[row]] == {match.id: match.score for match in answer.matches}


def test_twins_are_two_people():
    """One surname, birth date and address, but other syllables or other numbers: never one person."""
    home = {"birth_date": "1984-02-28", "address": CONTEXT["address"]}
    for one, other in (("Jen Ming-wen", "Jen Chia-po"), ("马红", "Ma Yong"), ("Li Na", "Li Ya")):
        assert "merge" != decision(people({"name": one, **home}, {"name": other, **home}))
    assert "merge" != decision(
        people(
            {"name": "单嘉", "phone": "15142343347", **home},
            {"name": "J. Shan", "phone": "15626957301", **home},
        )
    )


@pytest.mark.parametrize("number", ["id_number", "registration_no"])
def test_numbers_given_out_one_after_the_other_are_no_slip(number):
    """Twins are registered together; a digit amiss elsewhere is a slip."""
    home = {"birth_date": "1984-02-28", "address": CONTEXT["address"]}
    for other, said in (("8349922", "review"), ("8349930", "review"), ("8359921", "merge")):
        frame = people(
            {"name": "April Harrington", number: "8349921", **home},
            {"name": "Edith Harrington", number: other, **home},
        )
        assert said == decision(frame)


def test_a_number_behind_many_names_proves_nothing():
    """A stand-in number: written for eight people, it makes no two of them one."""
    rows = [{"name": f"李{char}", "id_number": "110105194912310021"} for char in "娜敏静丽强磊洋勇"]

    assert ("a", "b") in together(people(*[{"name": "李娜", "id_number": "110105194912310021"}] * 2))
    assert set() == together(people(rows[0], *rows))


def _homes(seed: int, *, households: bool) -> tuple[pl.DataFrame, dict[str, str]]:
    """400 homes of two records: one person's, every third under another name and number; or two people's."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, str]] = []
    truth: dict[str, str] = {}
    for home in range(400):
        first, second = ("".join(rng.choice(list(part)) for part in (FAMILIES, GIVEN)) for _ in "ab")
        numbers = rng.integers(10**7, 10**8, 2)
        place = f"北京市朝阳区建国路{home}号{rng.integers(1, 99)}栋{rng.integers(100, 999)}室"
        born = f"19{rng.integers(50, 99)}-03-{home % 28 + 1:02}"
        other = int(households or home % 3 == 0)
        rows += [
            {"name": first, "address": place, "id_number": str(numbers[0])},
            {
                "name": (first, second)[other],
                "address": place + "内" * (other and not households),
                "id_number": str(numbers[other]),
            },
        ]
        for record, row in zip("ab", rows[-2:], strict=True):
            row |= {"id": f"{home}{record}", "birth_date": born}
            truth[row["id"]] = f"{home}{record if households else ''}"
    return pl.DataFrame(rows), truth


def test_a_home_says_who_lives_there_only_where_nobody_shares_one():
    """The same pair is one person among people who live alone, and a question among households."""
    alone, truth = _homes(1, households=False)
    shared, _ = _homes(2, households=True)
    pair = alone.filter(pl.col("id").is_in(["0a", "0b"]))

    assert ("0a", "0b") in together(alone)
    assert pairs_within((truth[name], name) for name in alone["id"]) == together(alone)
    assert ("0a", "0b") not in together(pair)
    assert ("0a", "0b") not in together(pl.concat([pair, shared.filter(~pl.col("id").is_in(["0a", "0b"]))]))
    assert set() == together(shared)


def _at_the_cut(homes: int, two: int, crowd: int) -> pl.DataFrame:
    """A pair of records a home, in the first `two` homes of two people; and one home more, with a crowd."""
    rows: list[dict[str, str]] = []
    for home in range(homes + 1):
        for at in range(crowd if home == homes else 2):
            other = at if home < two else 0
            family = FAMILIES[(home + other * 7) % len(FAMILIES)]
            given = GIVEN[(home + other * 11) % len(GIVEN)]
            rows.append(
                {
                    "id": f"{home:03}{at}",
                    "name": family + given,
                    "address": f"北京市朝阳区建国路{home}号{home + 3}栋{home + 100}室",
                    "id_number": str(10**7 + (home * 2 + other) * 7_654_321 % 89_999_999),
                    "birth_date": f"19{50 + home % 49}-03-{home % 28 + 1:02}" if home % 2 else "",
                }
            )
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("homes", "crowd", "two", "tips"),
    [
        (249, 2, 7, True), (250, 1, 7, True), (247, 3, 7, True), (229, 7, 7, True), (232, 8, 7, True),
        (260, 8, 8, True), (248, 2, 7, False), (249, 2, 8, False), (260, 8, 7, False), (230, 9, 7, False),
    ],
)  # fmt: skip
def test_one_by_one_agrees_with_the_batch_where_one_record_tips_the_homes(homes, crowd, two, tips):
    """Just enough pairs, just few enough of two people, a home just full: the record counts itself in."""
    frame = _at_the_cut(homes, two, crowd)
    index = NameIndex(frame, "person")
    left, right = pairs_of(index.made.blocks)
    judge = JUDGES["person"]
    pairs = judge.compare(index.records, index.made.sharing, left, right)
    ids = index.records.ids.to_list()
    batch: dict[str, set[tuple[str, int, int]]] = {name: set() for name in ids}
    for at in np.flatnonzero(pairs.decision != APART).tolist():
        a, b = ids[left[at]], ids[right[at]]
        batch[a].add((b, int(pairs.score[at]), int(pairs.decision[at])))
        batch[b].add((a, int(pairs.score[at]), int(pairs.decision[at])))

    tipped = False
    for row in (*range(0, 18, 3), homes * 2 - 1, homes * 2, len(frame) - 1):
        rest = NameIndex(frame.filter(pl.arange(0, pl.len()) != row), "person")
        answer = rest.resolve(frame[row : row + 1])[0]
        tipped |= rest.made.sharing.own_homes != index.made.sharing.own_homes
        assert batch[answer.id] == {(one.id, one.score, one.decision) for one in answer.matches}
    assert tips == tipped


def test_twins_are_two_people_even_where_nobody_else_shares_a_home():
    """The rest to the letter, as twins have it: no slip explains another name and another number."""
    alone, _ = _homes(3, households=False)
    twins = [
        {
            "id": f"t{n}",
            "name": name,
            "birth_date": "1984-02-28",
            "address": CONTEXT["address"],
            "id_number": number,
        }
        for n, (name, number) in enumerate((("马红", "48201773"), ("马勇", "90377152")))
    ]

    assert ("t0", "t1") not in together(pl.concat([alone, pl.DataFrame(twins).select(alone.columns)]))


def test_an_address_in_another_order_is_the_same_address():
    """Street and house name exchanged, as clerks do, beside the same name and birth date."""
    row = {"name": "Pascale Quast", "birth_date": "1957-02-01"}

    assert "merge" == decision(
        people(
            {**row, "address": "33 Kingham Place, Killarney, Robertson 2135 WA"},
            {**row, "address": "33 Killarney, Kingham Place, Robertson 2135 WA"},
        )
    )


def test_short_names_meet_their_company_when_many_begin_alike():
    """A beginning that too many share is passed over, and a longer one takes its place."""
    others = [{"name": f"江苏神马{char}业有限公司"} for char in GIVEN * 2]
    frame = people({"name": "神马电力"}, {"name": "江苏神马电力股份有限公司"}).with_columns(
        id=pl.Series(["s", "f"])
    )
    crowd = pl.DataFrame({"id": [f"c{n}" for n in range(len(others))], "name": [o["name"] for o in others]})
    links = link_records(pl.concat([frame.select("id", "name"), crowd]), "company")
    ids = links.records.ids.to_list()

    assert ("f", "s") in {
        tuple(sorted((ids[a], ids[b])))
        for a, b in zip(links.pairs.left.tolist(), links.pairs.right.tolist(), strict=True)
    }


def test_what_is_passed_over_by_columns_is_apart_by_its_parts():
    """Every pair of a short and a full name that is skipped as hopeless would have been apart."""
    frame = companies(1_500, seed=8)
    records = read_records(frame, "company")
    short = np.flatnonzero(records.marks[:, 0] == 1)[:120]
    full = np.flatnonzero(records.marks[:, 0] == 0)[:400]
    left, right = (side.ravel() for side in np.meshgrid(short, full))
    skipped = hopeless(records.parts["body"], records.marks, left, right)

    assert skipped.sum() > 10_000
    for a, b in zip(left[skipped][::7].tolist(), right[skipped][::7].tolist(), strict=True):
        assert "apart" == compare_company_names(records.names[a][0], records.names[b][0]).decision
