"""The command as a user types it, over a folder of facts: no store is there, and none is needed."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from discovery.cli import COMMANDS, run
from discovery.policies import policy_slugs
from tests.packages import DAY, FAMILY, write


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """A family of two that holds four companies between them; N stands alone."""
    return write(tmp_path / "family", FAMILY)


@pytest.fixture(autouse=True)
def plain_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output in English, and a store that must not be asked."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:9")


def asked(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> tuple[str, str]:
    """Run a command, expect its exit code; what it said on stdout and on stderr."""
    ended = run([str(word) for word in words])
    out, err = capsys.readouterr()
    assert code == ended, err
    assert "Traceback" not in err
    return out, err


def test_groups_are_trees_with_their_proof(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The group of the couple shows every member with the sum that proves it."""
    out, _ = asked(capsys, "groups", family, "--as-of", DAY)

    assert "groups 1, exempt 0" in out
    assert "张三 (h) with kin: spouse 李四 (w)" in out
    assert "55% of the votes (more than 50%) = 甲公司 (A) 30%" in out
    assert "戊公司" not in out.split("== findings")[0]


def test_groups_speak_chinese(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--lang zh says the same in Chinese."""
    out, _ = asked(capsys, "groups", family, "--as-of", DAY, "--lang", "zh")

    assert "集团 1，豁免 0" in out
    assert "表决权55%（须超过50%）" in out


def test_groups_json_is_one_document_that_the_checker_accepts(
    family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What --json writes goes back into `check`; one changed figure is rejected with exit code 1."""
    out, err = asked(capsys, "groups", family, "--as-of", DAY, "--json")
    answer = json.loads(out)
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(out, encoding="utf-8")
    answer["groups"][0]["evidence"]["X"]["total"] = "56"
    bad.write_text(json.dumps(answer), encoding="utf-8")

    accepted, _ = asked(capsys, "check", good, family)
    rejected, _ = asked(capsys, "check", bad, family, code=1)

    assert not err
    assert "Accepted" in accepted
    assert "/groups/0/evidence/X/total" in rejected


def test_an_answer_about_one_party_says_so_and_is_accepted(
    family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--party narrows the answer to the outcomes that name the party, whatever it is called."""
    out, _ = asked(capsys, "groups", family, "--as-of", DAY, "--json", "--party", "K4")
    (tmp_path / "one.json").write_text(out, encoding="utf-8")

    asked(capsys, "check", tmp_path / "one.json", family)

    assert json.loads(out)["about"] == "Z"
    assert len(json.loads(out)["groups"]) == 1


def test_values_laid_over_a_policy_count(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the share test at 58 % X, of which 55 % is held, leaves the group."""
    out, _ = asked(
        capsys, "groups", family, "--as-of", DAY, "--json",
        "--set", "control.share.threshold=58", "--set", "control.bases.B2.threshold=58",
    )  # fmt: skip

    assert json.loads(out)["groups"][0]["members"] == ["A", "B", "Z"]


def test_a_list_says_what_it_leaves_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three groups on pages of two: the second page holds the third, and says how many there are."""
    rows = [f"H{n},enterprise_legal_person,H{n}\nY{n},enterprise_legal_person,Y{n}" for n in range(3)]
    held = [f"H{n},Y{n},80,80" for n in range(3)]
    folder = write(
        tmp_path / "three",
        {
            "parties": "\n".join(["id,kind,name", *rows]),
            "holdings": "\n".join(["holder,company,equity_percent,voting_percent", *held]),
        },
    )

    first, _ = asked(capsys, "groups", folder, "--as-of", DAY, "--limit", 2)
    second, _ = asked(capsys, "groups", folder, "--as-of", DAY, "--limit", 2, "--page", 2)

    assert "groups: 1–2 of 3, truncated" in first
    assert "groups: 3–3 of 3, truncated" in second
    assert first.count("\ng_") == 2
    assert second.count("\ng_") == 1


def test_members_go_to_a_csv(family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--csv writes a row a member, and a name that looks like a formula is made harmless."""
    parties = family / "parties.csv"
    parties.write_text(parties.read_text(encoding="utf-8").replace("丁公司", "=1+1"), encoding="utf-8")
    target = tmp_path / "members.csv"

    asked(capsys, "groups", family, "--as-of", DAY, "--csv", target)

    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["member"]: row for row in csv.DictReader(file)}
    assert {"A", "B", "X", "Z"} == rows.keys()
    assert rows["Z"]["name"] == "'=1+1"
    assert rows["X"]["controller"] == "h;w"


@pytest.mark.parametrize("name", ["Z", "family/Z", "K4", "丁公司"])
def test_why_takes_every_name_of_a_party(family: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Id, record key, client number and exact name mean the same party, and only its own proof is shown."""
    out, _ = asked(capsys, "why", family, name, "--as-of", DAY)

    assert "张三 (h) 30%" in out
    assert "丙公司 (X): 55%" not in out


def test_why_shows_what_a_proof_rests_on(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """X rests on B and A, whose steps are in the proof; Z is not."""
    out, _ = asked(capsys, "why", family, "X", "--as-of", DAY, "--json")

    assert json.loads(out)["groups"][0]["proof"] == ["X", "A", "B"]


def test_why_asks_for_a_group_that_names_the_party(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A group id that does not name the party is a usage error that lists those that do."""
    _, err = asked(capsys, "why", family, "Z", "--group", "g_0", "--as-of", DAY, code=2)

    assert "Groups that name it: g_" in err


def test_a_party_without_a_group_is_no_proof_of_independence(
    family: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is known of N's holders, and the answer says that rather than `independent`."""
    out, _ = asked(capsys, "why", family, "N", "--as-of", DAY)

    assert "in no group" in out
    assert "proves no independence" in out
    assert "0 % of the votes is on file" in out


def test_why_not_says_what_is_missing(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A holds nothing of Z: 50 % are missing, and the couple controls it instead."""
    out, _ = asked(capsys, "why-not", family, "A", "Z", "--as-of", DAY)

    assert "does not control" in out
    assert "missing 50%" in out
    assert "controlled by 张三 (h), 李四 (w)" in out


def test_control_writes_the_pairs(family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The header, sorted, never oneself; >=30 finds more than >50, and a policy brings the couple's Z."""
    pairs = tmp_path / "pairs.csv"

    out, _ = asked(capsys, "control", family, "--as-of", DAY, "--pairs", pairs)
    wider, _ = asked(capsys, "control", family, "--as-of", DAY, "--threshold", ">=30")
    ruled, _ = asked(capsys, "control", family, "--as-of", DAY, "--policy", "cbrc-2010", "--party", "h")

    assert pairs.read_text() == "controller,company\nA,B\nA,X\nh,A\nh,B\nh,X\n"
    assert "5 pairs" in out
    assert {"h,Z", "w,Z"} <= set(wider.splitlines())
    assert ruled.splitlines() == ["controller,company", "h,A", "h,B", "h,X", "h,Z"]


def test_control_stops_at_its_limit(family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Past --limit nothing is written, and the error says what to do."""
    pairs = tmp_path / "pairs.csv"

    _, err = asked(capsys, "control", family, "--as-of", DAY, "--pairs", pairs, "--limit", 2, code=2)

    assert "--party" in err
    assert not pairs.exists()


def test_a_decision_whose_outcome_no_longer_occurs_is_told(
    family: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row of decisions.csv that names nothing stands among the decisions and the findings."""
    write(family, {"decisions": "outcome_key,decision,by,reason\no_0123456789abcdef,reject,wang,seen"})

    out, _ = asked(capsys, "groups", family, "--as-of", DAY, "--json")
    answer = json.loads(out)

    assert ["orphaned"] == [one["status"] for one in answer["decisions"]]
    assert ["decision_orphaned"] == [one["code"] for one in answer["findings"] if "decision" in one["code"]]


def test_a_group_decision_says_what_it_needs(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`group` without an article is bad input: the file, the row and the field are named."""
    write(family, {"decisions": "decision,policy,parties,by,reason\ngroup,cbrc-2010,A;N,wang,one owner"})

    _, err = asked(capsys, "groups", family, "--as-of", DAY, code=3)

    assert "decisions.csv" in err
    assert "article" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["grops"], "Did you mean groups"),
        (["groups", "x", "--polcy", "y"], "--policy"),
        (["groups", "x", "--policy", "cbrc2010"], "cbrc-2010"),
        (["groups", "x", "--as-of", "30.6.2026"], "YYYY-MM-DD"),
        (["groups", "x", "--lang", "fr"], "--lang zh"),
        (["groups", "x", "--set", "threshold"], "KEY=VALUE"),
        (["control", "x", "--threshold", "50"], ">50"),
        (["control", "x", "--measure", "money"], "voting or equity"),
        (["why"], "why --help"),
        (["why", "a", "b", "c"], "PARTY"),
        (["unload"], "unload --help"),
        (["store", "fetch", "--to", "a", "--from", "b"], "--to"),
    ],
)
def test_a_question_that_cannot_be_asked_is_exit_2(
    words: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every misuse ends with 2 and names what would do; with --json the error is one JSON object."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "x", FAMILY)

    out, err = asked(capsys, *words, code=2)
    json_out, json_err = asked(capsys, *words, "--json", code=2)

    assert not out
    assert not json_out
    assert said in err
    assert {"error", "detail", "remedy"} <= json.loads(json_err).keys()


def test_two_parties_of_one_name_are_listed(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An ambiguous name is an error that lists the candidates by id."""
    parties = family / "parties.csv"
    parties.write_text(parties.read_text(encoding="utf-8").replace("丁公司", "丙公司"), encoding="utf-8")

    _, err = asked(capsys, "why", family, "丙公司", "--json", code=2)

    assert ["X", "Z"] == [one["id"] for one in json.loads(err)["candidates"]]


def test_the_day_is_the_banks(
    family: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --as-of it is today by GUANLIAN_TZ, and an unknown zone is an error."""
    monkeypatch.setenv("GUANLIAN_TZ", "Pacific/Kiritimati")
    ahead, _ = asked(capsys, "policy", "list")
    monkeypatch.setenv("GUANLIAN_TZ", "Nowhere/Land")
    _, err = asked(capsys, "groups", family, code=2)

    assert "cbrc-2010" in ahead
    assert "Nowhere/Land" in err


def test_policies_are_shown_in_both_languages_and_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    """Every shipped policy reads in Chinese and English, and a value laid over it is seen."""
    listed, _ = asked(capsys, "policy", "list", "--json")
    for one in json.loads(listed)["policies"]:
        english, _ = asked(capsys, "policy", "show", one["slug"])
        chinese, _ = asked(capsys, "policy", "show", one["slug"], "--lang", "zh")
        assert one["title"]["en"] in english
        assert one["title"]["zh"] in chinese
        assert "Art " in english
        assert "条" in chinese
    data, _ = asked(capsys, "policy", "show", "huishang", "--json", "--set", "members.min=3")

    assert json.loads(data)["members"]["min"] == 3


def test_import_makes_a_package_that_can_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped NIC extract becomes a package, and its groups are found."""
    sample = Path(__file__).parent.parent / "discovery/sample/real/nic"
    out = tmp_path / "package"

    said, _ = asked(capsys, "import", sample, "--mapping", "nic", "-o", out)
    groups, _ = asked(capsys, "groups", out, "--json")

    assert "holdings: " in said
    assert len(json.loads(groups)["groups"]) > 10


def test_rows_that_are_wrong_can_be_left_out(
    family: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--keep-good answers from the rest, says so, and sets the bad row aside where only its owner reads."""
    with (family / "holdings.csv").open("a") as file:
        file.write("A,N,sixty,60\n")
    rejects = tmp_path / "rejects"

    out, err = asked(capsys, "groups", family, "--as-of", DAY, "--keep-good", "--rejects", rejects)

    assert "groups 1" in out
    assert "1 problems" in err
    assert "sixty" in (rejects / "holdings.csv").read_text()
    assert (rejects / "holdings.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["holder,company,share\nA,B,60\n", "", "holder,company\nA,\xff\n"])
def test_a_file_left_out_as_a_whole_is_named(
    content: str, family: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong header, nothing at all or another encoding: --keep-good goes on, and says what is missing."""
    (family / "holdings.csv").write_bytes(content.encode("latin-1"))
    words = ("groups", family, "--as-of", DAY, "--keep-good")

    _, read = asked(capsys, *words)
    _, err = asked(capsys, *words, "--json")

    told = json.loads(err)
    assert ["holdings"] == told["files"]
    assert ["holdings.csv"] == [one["file"] for one in told["problems"]]
    assert "as a whole: holdings" in read
    assert told["problems"][0]["reason"] in read


def test_help_answers_without_the_heavy_libraries() -> None:
    """`guanlian --help` imports neither polars nor numba nor the driver, so that it answers at once."""
    program = (
        "import sys\nfrom discovery.cli import run\ncode = run(['--help'])\n"
        "heavy = {'polars', 'numpy', 'numba', 'neo4j', 'fastapi', 'pydantic'} & sys.modules.keys()\n"
        "sys.exit(f'{code} {heavy}' if code or heavy else 0)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_a_reader_that_leaves_early_is_no_error(family: Path) -> None:
    """`| head` closes the pipe: the command ends quietly."""
    command = [sys.executable, "-m", "discovery.cli", "policy", "show", "substance-eleven"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        error = process.stderr.read()
        code = process.wait()

    assert (0, b"") == (code, error)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at the open files of a process")
def test_an_interrupt_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    """Ctrl-C while a package is read: one line, nothing written."""
    held = tmp_path / "large" / "holdings.csv"
    held.parent.mkdir()
    rows = (f"H{n},C{n},60\n" for n in range(1_000_000))
    with held.open("w") as file:
        file.write("holder,company,equity_percent\n")
        file.writelines(rows)
    pairs = tmp_path / "pairs.csv"
    command = [sys.executable, "-m", "discovery.cli", "control", str(held.parent), "--pairs", str(pairs)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not _open_in(process.pid, held):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=300)

    assert process.returncode == 130
    assert "nterrupted" in error
    assert "Traceback" not in error
    assert not pairs.exists()


def _open_in(pid: int, path: Path) -> bool:
    """Has the process that file open?"""
    try:
        return any(fd.resolve() == path for fd in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def test_a_fault_of_ours_is_one_line(
    family: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unexpected error says where and how to report it; GUANLIAN_DEBUG=1 shows the whole."""
    monkeypatch.setattr("discovery.service.answers.discover", None)

    _, err = asked(capsys, "groups", family, code=70)
    monkeypatch.setenv("GUANLIAN_DEBUG", "1")
    run(["groups", str(family)])
    debug = capsys.readouterr().err

    assert len(err.splitlines()) == 2
    assert "GUANLIAN_DEBUG=1" in err
    assert "Traceback" in debug


def test_several_policies_are_asked_at_once(family: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each answer is that of the policy alone; a list that names one twice, or --party, is refused."""
    slugs = "cbrc-2010,huishang"
    both = json.loads(asked(capsys, "groups", family, "--policy", slugs, "--as-of", DAY, "--json")[0])
    table, _ = asked(capsys, "groups", family, "--policy", "all", "--as-of", DAY)

    for answer in both["answers"]:
        words = ("--policy", answer["policy"], "--as-of", DAY, "--json")
        assert answer == json.loads(asked(capsys, "groups", family, *words)[0])
    assert slugs.split(",") == [one["policy"] for one in both["policies"]]
    assert policy_slugs() == [line.partition(":")[0] for line in table.splitlines()]
    asked(capsys, "groups", family, "--policy", "huishang,huishang", code=2)
    asked(capsys, "groups", family, "--policy", "all", "--party", "A", code=2)
