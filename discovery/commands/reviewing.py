"""`guanlian review`: what waits for a person, side by side, decided by one or by two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from discovery.commands import options as opt
from discovery.commands.asking import Question
from discovery.commands.merging import By, NoGroups, Reason, change_lines
from discovery.commands.terminal import Language, language, say, say_json, shown
from discovery.errors import UsageError
from discovery.evidence.wording import reason_sentence
from discovery.service import changing, reviewing

app = typer.Typer(help="See and decide what is doubtful. / 待判事项", no_args_is_help=True)
Which = Annotated[str, typer.Argument(metavar="ID", help="The question, like q_... . / 事项编号")]


@app.command("list")
def list_(
    *,
    status: Annotated[
        str,
        typer.Option(metavar="STATUS", help="Also done or lapsed ones: open,waiting,done,lapsed. / 状态"),
    ] = ",".join(reviewing.PENDING),
    limit: opt.Limit = 20,
    page: opt.Page = 1,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """What waits for a decision, the most alike first. / 待判列表"""
    tongue = language(lang)
    statuses = tuple(part.strip() for part in status.split(","))
    with shown(quiet=quiet) as show:
        found = changing.asked_of_store(
            lambda graph: reviewing.queue(graph, statuses=statuses, limit=limit, page=page), show
        )
    if as_json:
        say_json(found)
    else:
        say(_list_lines(found, tongue))


@app.command("outcomes")
def outcomes_(
    *,
    policy: opt.PolicyName = opt.DEFAULT_POLICY,
    set_: opt.SetValues = None,
    as_of: opt.AsOf = None,
    limit: opt.Limit = 20,
    page: opt.Page = 1,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """What a policy asks of the store's facts and nobody has decided; `decide` answers it. / 办法待判事项"""
    tongue = language(lang)
    asked = Question(policy, set_, as_of, None).asked()
    with shown(quiet=quiet) as show:
        found = changing.asked_outcomes(asked, limit=limit, page=page, progress=show)
    if as_json:
        say_json(found)
    else:
        say(_outcome_lines(found, tongue))


def _outcome_lines(found: dict[str, Any], tongue: Language) -> Iterator[str]:
    zh = tongue == "zh"
    for one in found["questions"]:
        age = one["age_days"]
        known = "" if age is None else f"  {age} 天" if zh else f"  {age} days"
        yield f"{one['key']}  {reason_sentence(one['reason'], tongue)}{known}"
        yield f"   {'; '.join(one['names'].values())}"
    total, count = found["total"], found["returned"]
    if zh:
        yield f"共 {total:,} 项，列出 {count:,}；以 guanlian decide 编号 accept|reject 作出决定"
    else:
        yield f"{count:,} of {total:,} questions; `guanlian decide KEY accept|reject` answers one"


@app.command("show")
def show_(
    question: Which, *, lang: opt.Lang = None, as_json: opt.Json = False, quiet: opt.Quiet = False
) -> None:
    """A question with both parties side by side. / 并列查看"""
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        found = changing.asked_of_store(lambda graph: reviewing.show(graph, question), show)
    if as_json:
        say_json(found)
    else:
        say(_show_lines(found, tongue))


@app.command()
def decide(
    question: Which,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="merge, apart or unsure. / 决定")],
    *,
    by: By,
    reason: Reason,
    no_groups: NoGroups = False,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Decide a question; where two must agree it takes effect with the second. / 作出决定"""
    tongue = language(lang)
    with shown(quiet=quiet) as show:
        done = changing.changed(
            lambda graph: reviewing.decide(graph, question, decision, by=by, reason=reason),
            with_groups=not no_groups,
            progress=show,
        )
    if as_json:
        say_json(done)
    elif done["applied"]:
        say(change_lines(done, tongue))
    else:
        zh = f"{done['id']}  {_status(done['status'], 'zh')}"
        say([zh if tongue == "zh" else f"{done['id']}  {_status(done['status'], 'en')}"])


@app.command("eyes")
def eyes(
    number: Annotated[
        str | None,
        typer.Argument(metavar="[two|one]", help="How many must agree. / 几人复核", show_default=False),
    ] = None,
    *,
    lang: opt.Lang = None,
    as_json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Whether a second person must agree: two or one; without a word, what holds. / 双人复核"""
    tongue = language(lang)
    if number not in {None, "one", "two"}:
        raise UsageError(f"{number!r} is neither one nor two.", remedy="Say `guanlian review eyes two`.")
    with shown(quiet=quiet) as show:
        found = changing.asked_of_store(lambda graph: reviewing.eyes(graph, number), show)
    if as_json:
        say_json(found)
    elif tongue == "zh":
        say(["须双人复核" if found["four_eyes"] else "一人决定即可"])
    else:
        say(["A second person must agree." if found["four_eyes"] else "One person decides."])


def _list_lines(found: dict[str, Any], tongue: Language) -> Iterator[str]:
    zh = tongue == "zh"
    for one in found["questions"]:
        left, right = (one[side]["name"] or one[side]["party"] for side in ("left", "right"))
        age = f"{one['age_days']} 天" if zh else f"{one['age_days']} days"
        yield f"{one['id']}  {one['score']}  {_status(one['status'], tongue)}  {age}"
        yield f"   {left} ({one['left']['record']})  |  {right} ({one['right']['record']})"
    total, count = found["total"], found["returned"]
    if zh:
        yield f"共 {total:,} 项，列出 {count:,}" + ("（已截断）" if found["truncated"] else "")
    else:
        yield f"{count:,} of {total:,} questions" + (" (truncated)" if found["truncated"] else "")


def _show_lines(found: dict[str, Any], tongue: Language) -> Iterator[str]:
    from rich.cells import cell_len  # noqa: PLC0415  only who reads side by side needs it

    yield f"{found['id']}  {found['score']}  {_status(found['status'], tongue)}  {found['opened_at']}"
    yield f"{'':18}  {found['left']['record']}  |  {found['right']['record']}"
    width = max([len(found["left"]["record"]), *(cell_len(f["left"] or "-") for f in found["fields"])])
    for field in found["fields"]:
        left, right = field["left"] or "-", field["right"] or "-"
        mark = {"same": "=", "differs": "!", "missing": " "}[field["state"]]
        yield f"{field['field']:18}{mark} {left}{' ' * (width - cell_len(left))}  |  {right}"
    for part in found["compared"]["parts"]:
        values = f"  {part['left']} | {part['right']}" if part["left"] or part["right"] else ""
        yield f"  {part['part']}: {part['state']}{values}"
    for opinion in found["opinions"]:
        yield f"  {opinion['at'][:10]}  {opinion['by']}: {opinion['decision']} ({opinion['reason']})"


def _status(status: str, tongue: Language) -> str:
    words = {
        "open": ("待判", "open"),
        "waiting": ("待第二人", "waits for a second person"),
        "done": ("已决定", "decided"),
        "lapsed": ("已失效", "lapsed"),
    }
    return words[status][0 if tongue == "zh" else 1]
