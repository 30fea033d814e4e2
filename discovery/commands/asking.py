"""From a command line's words to what the service is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from discovery.commands.terminal import Language, Show, assignments, say_left_out, shown
from discovery.errors import UsageError
from discovery.service.answers import Asked
from discovery.service.days import day, moment
from discovery.service.sources import Given, Reading, given


@dataclass(frozen=True)
class Question:
    """The options by which a policy and a day are chosen, as written."""

    policy: str
    set_: list[str] | None
    as_of: str | None
    known_at: str | None

    def asked(self) -> Asked:
        """The policy and the day; UsageError and UnknownPolicy name what cannot be."""
        asked = Asked(self.policy, day(self.as_of), moment(self.known_at), assignments(self.set_))
        asked.rules()
        return asked


def reading_of(
    source: str | None,
    encoding: str,
    rejects: Path | None = None,
    *,
    keep_good: bool,
    no_stubs: bool = False,
    lang: Language,
) -> Reading:
    """How the package is read; UsageError for a rejects folder without --keep-good."""
    if rejects is not None and not keep_good:
        raise UsageError("--rejects is of use only together with --keep-good.", remedy="Add --keep-good.")
    return Reading(source, encoding, keep_good=keep_good, rejects=rejects, stubs=not no_stubs, language=lang)


@contextmanager
def facts_of(
    path: Path | None,
    reading: Reading,
    *,
    known_at: datetime | None = None,
    as_json: bool,
    quiet: bool,
) -> Iterator[tuple[Given, Show | None]]:
    """The facts of a package, or of the store where there is no path, and where progress is shown.

    Rows that the reading left out are told beside the result.
    """
    with shown(quiet=quiet) as show:
        there = given(path, reading=reading, known_at=known_at, progress=show)
        say_left_out(there.left_out, reading.language, as_json=as_json)
        yield there, show


def path_and(words: list[str], names: tuple[str, ...]) -> tuple[Path | None, tuple[str, ...]]:
    """`[PATH] NAME...`: the path if there is one word more than names; UsageError for another number."""
    if len(words) not in {len(names), len(names) + 1}:
        wanted = " ".join(names)
        raise UsageError(
            f"{len(words)} words were given where [PATH] {wanted} are asked for.",
            remedy=f"Give {wanted}, before it the facts package unless the store is asked.",
        )
    path = Path(words[0]).expanduser() if len(words) > len(names) else None
    return path, tuple(words[-len(names) :])
