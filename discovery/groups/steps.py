"""How one step of evidence is written from the amounts that were added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from typing import Any, Final, NamedTuple

from discovery.control.registers import (
    CONFLICTING,
    LOW_CONFIDENCE,
    MEASURE_ASSUMED,
    PRESUMED,
    Registers,
)
from discovery.evidence.models import DECISION, MULTIPLY
from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.amounts import amount_text, decimal_text, exact_text, total_text
from discovery.groups.recorded import Said
from discovery.groups.slots import deemed_slots
from discovery.policies.model import PersonBasis, Policy

Step = dict[str, Any]
_MARKS: Final = (
    (MEASURE_ASSUMED, "measure_assumed"),
    (CONFLICTING, "conflicting_sources"),
    (LOW_CONFIDENCE, "low_confidence"),
)
DOUBTFUL: Final = MEASURE_ASSUMED | CONFLICTING | LOW_CONFIDENCE


class Share(NamedTuple):
    """One contribution: who casts it and who must be inside too, whose it is, how much, which fact, marks.

    `worth` is the unit's share of who casts it, where indirect shares are multiplied.
    """

    brings: int
    needs: int
    by: int
    amount: int
    fact: str
    through: str | None
    mark: int
    worth: Fraction | None = None


class Row(NamedTuple):
    """A company under a unit: the round it first passes, the slots passed then, what was added up."""

    company: int
    round: int
    mask: int
    shares: list[Share]

    @property
    def slots(self) -> tuple[int, ...]:
        """The slots passed, lowest first."""
        return slots_of(self.mask)


@cache
def slots_of(mask: int) -> tuple[int, ...]:
    """The slots of a mask, lowest first."""
    return tuple(slot for slot in range(mask.bit_length()) if mask >> slot & 1)


class Ground(NamedTuple):
    """A basis as a step writes it; `slot` counts in the registers, `personal` marks B13 and B14."""

    code: str
    article: str
    presumed: bool
    measure: str
    op: str
    threshold: str
    flags: tuple[str, ...] = ()
    boundary_ambiguous: bool = False
    personal: bool = False


def grounds(policy: Policy) -> list[Ground]:
    """The ground of each deemed slot, in slot order."""
    bases = {basis.code: basis for basis in policy.control.bases}
    personal = policy.persons.bases if policy.persons else ()
    persons: dict[str, PersonBasis] = {basis.code: basis for basis in personal}
    written = []
    for slot in deemed_slots(policy):
        if slot.name in bases:
            basis = bases[slot.name]
            counted = basis.measure in {"power", "posts"}
            op, threshold = (">=", str(slot.threshold)) if counted else (basis.op, basis.threshold)
            written.append(
                Ground(
                    basis.code,
                    basis.article,
                    basis.presumed,
                    basis.measure,
                    op,
                    threshold,
                    basis.flags,
                    basis.boundary_ambiguous,
                )
            )
        elif slot.name == DECISION:
            written.append(Ground(DECISION, policy.members.article, False, "power", ">=", "1"))
        else:
            measure = "family" if slot.name == "B14" else "power"
            rule = persons[slot.name]
            written.append(Ground(rule.code, rule.article, rule.presumed, measure, ">=", "1", personal=True))
    return written


def multiplied(shares: list[Share]) -> bool:
    """Do the contributions count with the unit's share of who brings them?"""
    return bool(shares) and shares[0].worth is not None


def added(shares: list[Share]) -> Fraction:
    """The sum of multiplied contributions, in millionths of a percent."""
    return sum((Fraction(share.amount) * (share.worth or 0) for share in shares), Fraction(0))


def written_total(measure: str, shares: list[Share]) -> str:
    """What the contributions come to, as a step writes it; multiplied ones exactly."""
    if multiplied(shares):
        return exact_text(added(shares) / PERCENT_SCALE)
    return total_text(measure, [share.amount for share in shares])


def united(shares: Iterable[Share]) -> int:
    """All marks of the contributions together."""
    marks = 0
    for share in shares:
        marks |= share.mark
    return marks


@cache
def doubts(marks: int) -> frozenset[str]:
    """What is doubtful about the facts behind contributions, as flags."""
    return frozenset(flag for mark, flag in _MARKS if marks & mark)


class StepWriter:
    """Writes steps of the published shape."""

    def __init__(
        self, policy: Policy, registers: Registers, ids: list[str], said: Said | None = None
    ) -> None:
        self.grounds = grounds(policy)
        self.ids = ids
        self._said = said or Said()
        self._registers = registers
        self._measures = [slot.measure for slot in registers.slots]
        self._codes: dict[tuple[str, tuple[int, ...]], list[str]] = {}
        family = [basis for basis in policy.persons.bases if basis.code == "B14"] if policy.persons else []
        self._family = (
            Ground("B14", family[0].article, family[0].presumed, "family", ">=", "1", personal=True)
            if family
            else None
        )

    def step(self, names: list[str], row: Row, shares: list[Share], slots: tuple[int, ...]) -> Step:
        """The step for the first of the slots; the others stand under `also`."""
        ground = self.grounds[slots[0]]
        measure = self._measures[slots[0]]
        step = self._written(names, row, shares, ground, measure)
        if ground.personal:
            step["total"] = "1"
        elif len(shares) == 1 and shares[0].worth is None:
            step["total"] = step["contributions"][0]["amount"]
        else:
            step["total"] = written_total(measure, shares)
        step["also"] = self._also(ground, slots[1:])
        if measure == "seats":
            step["of"] = decimal_text(int(self._registers.seats[row.company]))
        return step

    def family_step(self, names: list[str], row: Row) -> Step:
        """The step of a company that kin hold only together (B14), or by a person basis that was met."""
        first = self.grounds[row.slots[0]]
        ground = first if first.personal or self._family is None else self._family
        step = self._written(names, row, row.shares, ground, self._measures[row.slots[0]])
        step["total"] = "1"
        step["also"] = [code for code in self._also(first, row.slots) if code in {"B13", "B14"}]
        step["also"] = [code for code in step["also"] if code != ground.code]
        return step

    def _written(self, names: list[str], row: Row, shares: list[Share], ground: Ground, measure: str) -> Step:
        step: Step = {
            "unit": names,
            "company": self.ids[row.company],
            "round": row.round,
            "basis": ground.code,
            "article": ground.article,
            "presumed": ground.presumed or bool(united(shares) & PRESUMED),
            "measure": ground.measure,
            "op": ground.op,
            "threshold": ground.threshold,
            "total": "",
            "contributions": self.contributions(measure, shares),
        }
        if ground.code == DECISION:
            step |= self._decided([share.fact for share in shares])
        if multiplied(shares):
            step["method"] = MULTIPLY
        return step

    def together(self, names: list[str], party: int, facts: tuple[str, ...]) -> Step:
        """The step of a party of a decided set: it stands with the others by these decisions."""
        ground = next(ground for ground in self.grounds if ground.code == DECISION)
        shares = [Share(party, -1, party, 1, fact, None, 0) for fact in facts]
        step = self._written(names, Row(party, 1, 0, shares), shares, ground, "power")
        return {**step, "total": "1", "also": []}

    def _decided(self, facts: list[str]) -> Step:
        """Who decided, why and until when; where no article is named, the one on members stands in."""
        facts = sorted(set(facts))
        article = self._said.article(facts)
        told = {} if article is None else {"article": article}
        return {"presumed": article is None, "decided": self._said.step(facts), **told}

    def contributions(self, measure: str, shares: list[Share]) -> list[dict[str, str]]:
        """The contributions as a step writes them."""
        ids = self.ids
        listed = []
        for _, _, by, amount, fact, through, _, worth in shares:
            written = {"fact": fact, "by": ids[by], "amount": amount_text(measure, amount)}
            if worth is not None:
                written["share"] = exact_text(100 * worth)
            if through is not None:
                written["through"] = through
            listed.append(written)
        return listed

    def _also(self, ground: Ground, slots: tuple[int, ...]) -> list[str]:
        found = self._codes.get((ground.code, slots))
        if found is None:
            codes = dict.fromkeys(self.grounds[slot].code for slot in slots)
            found = self._codes[ground.code, slots] = [code for code in codes if code != ground.code]
        return found.copy()

    def passes(self, slot: int, company: int, shares: list[Share]) -> bool:
        """Do these amounts alone pass the slot's test?"""
        tests = self._registers.tests
        scale = int(self._registers.seats[company]) if tests.scaled[slot] else 1
        need = int(tests.threshold[slot]) * scale + int(tests.strict[slot])
        if not tests.mode[slot]:
            rule = self._registers.slots[slot]
            whole = self._registers.multiplied
            if whole is not None and multiplied(shares):
                agreed = any(share.through is not None for share in shares)
                return whole.suffices(slot, added(shares), agreed=agreed)
            return sum(rule.weight(share.amount, share.through) for share in shares) >= need
        bits = 0
        for share in shares:
            bits |= share.amount
        return bits.bit_count() >= need


AlonePassing = Callable[[tuple[int, ...], Row], tuple[int, list[Share]] | None]


def draw_alone(
    writer: StepWriter, names: list[str], used: tuple[int, ...], rows: list[Row], alone: AlonePassing
) -> dict[int, Step]:
    """The steps of kin who count each alone (`kin.joint: each_alone`), united by B13 and B14.

    A company that one person, or one company already found, brings by itself passes on that basis;
    one that needs several passes as a family enterprise and stands for itself from then on. `alone`
    tells which person has a multiplied share that passes by itself, and what adds up to it.
    """
    origin = {party: party for party in used}
    steps: dict[int, Step] = {}
    for row in sorted(rows, key=lambda row: (row.round, row.company)):
        if multiplied(row.shares):
            found = _one_person(writer, row, alone(used, row), origin)
        else:
            found = _one_origin(writer, names, used, row, origin)
        steps[row.company] = found or writer.family_step(names, row)
        origin.setdefault(row.company, row.company)
    return steps


def _one_person(
    writer: StepWriter, row: Row, alone: tuple[int, list[Share]] | None, origin: dict[int, int]
) -> Step | None:
    if alone is None:
        return None
    person, shares = alone
    origin[row.company] = person
    step = writer.step([writer.ids[person]], row, shares, row.slots)
    step["also"] = list(dict.fromkeys([*step["also"], "B14"]))
    return step


def _one_origin(
    writer: StepWriter, names: list[str], used: tuple[int, ...], row: Row, origin: dict[int, int]
) -> Step | None:
    if writer.grounds[row.slots[0]].personal:
        return None
    for source in sorted({origin[share.brings] for share in row.shares}):
        shares = [share for share in row.shares if origin[share.brings] == source]
        if not writer.passes(row.slots[0], row.company, shares):
            continue
        origin[row.company] = source
        personal = source in used
        step = writer.step([writer.ids[source]] if personal else names, row, shares, row.slots)
        if personal:
            step["also"] = list(dict.fromkeys([*step["also"], "B14"]))
        return step
    return None
