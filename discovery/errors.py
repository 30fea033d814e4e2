"""The errors a user may meet.

GuanlianError
├── UsageError          the question cannot be asked that way (exit code 2)
│   ├── UnknownPolicy
│   ├── PolicyFormsNoGroups
│   └── UnknownParty
├── BadInput            a file or value that was given is wrong (exit code 3)
│   └── PolicyInvalid
└── StoreError          the graph store is missing, stopped or refused (exit code 4)
    └── LoadInProgress
"""

from __future__ import annotations


class GuanlianError(Exception):
    """Base: one sentence for a person, the remedy, and the facts it is about."""

    exit_code = 1

    def __init__(self, detail: str, *, remedy: str = "", **facts: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy
        self.facts = facts


class UsageError(GuanlianError):
    """The question cannot be asked that way."""

    exit_code = 2


class UnknownPolicy(UsageError):
    """No policy has that slug."""


class PolicyFormsNoGroups(UsageError):
    """These measures form no groups; the message gives the reason."""


class UnknownParty(UsageError):
    """The facts hold no party with this id."""


class BadInput(GuanlianError):
    """A file or value that was given cannot be used."""

    exit_code = 3


class PolicyInvalid(BadInput):
    """A policy file says something the rule vocabulary does not know."""


class StoreError(GuanlianError):
    """The graph store is missing, stopped, or refused."""

    exit_code = 4


class LoadInProgress(StoreError):
    """A load is being written; its facts are not yet part of any answer."""
