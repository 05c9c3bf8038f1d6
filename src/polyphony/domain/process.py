"""Process: the template of a kind of Case: its steps in order, what runs beside what, and loops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from uuid import UUID

import cel

from polyphony.domain.event_rule import Action
from polyphony.domain.form import Field
from polyphony.domain.skill import Requirement


class StepKind(StrEnum):
    """What a step asks: work, agreement, patience, something the machine does, or the end."""

    WORK = "work"
    APPROVAL = "approval"
    WAIT_CUSTOMER = "wait_customer"
    WAIT_THIRD_PARTY = "wait_third_party"
    TIMER = "timer"
    SEND = "send"
    SYSTEM = "system"
    CLOSE = "close"


WORKED = frozenset({StepKind.WORK, StepKind.APPROVAL})
"""Kinds somebody works on: each makes a WorkItem."""
WAITS = frozenset({StepKind.WAIT_CUSTOMER, StepKind.WAIT_THIRD_PARTY, StepKind.TIMER})
MACHINE = frozenset({StepKind.SEND, StepKind.SYSTEM})
"""Kinds the machine does at once; what it cannot do becomes work in the Queue of the step."""


@dataclass(frozen=True, slots=True)
class Next:
    """Where a process goes on when a step is over, if its condition holds ("" = always)."""

    to: str
    when: str = ""
    program: cel.Program | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Say:
    """What a step sends to the customer: a snippet, or words by language."""

    snippet: UUID | None = None
    text: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step of a process as it was designed; times in seconds, of working time for targets.

    Neighbours with the same ``group`` run beside each other until all (``join``) or any is over.
    ``enter_if`` "" = always; ``on_reject`` None: a rejection ends the process. ``titles`` are
    its title by language, {} where it has one for all. ``say`` is what a step sends, ``do`` what
    a system step does.
    """

    key: str
    title: str
    kind: StepKind = StepKind.WORK
    queue: UUID | None = None
    requirements: tuple[Requirement, ...] = ()
    target_s: int | None = None
    checklist: tuple[tuple[str, str], ...] = ()
    form: tuple[Field, ...] = ()
    enter_if: str = ""
    entry: cel.Program | None = field(default=None, repr=False, compare=False)
    next: tuple[Next, ...] = ()
    on_reject: str | None = None
    group: str = ""
    join: str = "all"
    approvals: int = 1
    wait_s: int = 0
    titles: Mapping[str, str] = field(default_factory=dict)
    say: Say | None = None
    do: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """The steps of a process; ``stages`` are what runs one after the other, ``stage`` by step."""

    steps: tuple[StepPlan, ...]
    stages: tuple[tuple[StepPlan, ...], ...]
    stage: Mapping[str, int]

    def of(self, key: str) -> StepPlan:
        """Return a step by its key."""
        return next(one for one in self.steps if one.key == key)


def process(steps: Sequence[StepPlan]) -> Process:
    """Put steps together: neighbours of one group are one stage."""
    numbered = [(one.group or f"\0{number}", one) for number, one in enumerate(steps)]
    stages = tuple(
        tuple(one for _, one in found) for _, found in groupby(numbered, key=lambda one: one[0])
    )
    stage = {one.key: number for number, found in enumerate(stages) for one in found}
    return Process(tuple(steps), stages, stage)
