"""Threading: which Case does this message continue? Headers propose, rights decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from polyphony.domain.case import CaseState

MERGES_MAX = 20
"""A chain of merges longer than this is not followed."""
CONTROLLED = 2
"""Level from which a sender is believed without a token of ours."""


class How(IntEnum):
    """Where a proposal comes from, in the order in which proposals are heard."""

    TOKEN = 1
    THREAD = 2
    REFERENCE = 3
    SESSION = 4  # the same chat of the same customer key: the bearer is the proof


@dataclass(frozen=True, slots=True)
class Proposal:
    """A Case (and Interaction) a message may continue; ``proved`` = its token is right."""

    how: How
    case: UUID
    interaction: UUID | None = None
    proved: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What threading must know of a proposed Case; ``participant`` = the sender is one."""

    id: UUID
    state: CaseState
    participant: bool
    merged_into: UUID | None = None
    reopen_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a message goes: on in ``case``, or to a new Case with a link.

    ``link`` is (kind, Case); kinds ``follows`` and ``perhaps``. ``why`` is a reason code.
    """

    case: UUID | None
    interaction: UUID | None = None
    link: tuple[str, UUID] | None = None
    why: str = "new"


def place(
    proposals: Sequence[Proposal],
    cases: Mapping[UUID, CaseFacts],
    level: int,
    at: datetime,
) -> Placement:
    """Decide where a message of a sender of this level goes.

    The first proposal the sender has a right to wins. Without any right the message opens a new
    Case that perhaps belongs to the first one proposed; nothing of the old Case goes with it.
    """
    first: UUID | None = None
    for proposal in sorted(proposals, key=lambda one: one.how):
        facts = _target(proposal.case, cases)
        if facts is None:
            continue
        if _allowed(proposal, facts, cases, level):
            return _onward(proposal, facts, at)
        first = first or facts.id
    if first is not None:
        return Placement(None, link=("perhaps", first), why="no_right")
    return Placement(None)


def _target(case: UUID, cases: Mapping[UUID, CaseFacts]) -> CaseFacts | None:
    """Follow merges to the Case that took the matter over."""
    facts = cases.get(case)
    for _ in range(MERGES_MAX):
        if facts is None or facts.state is not CaseState.MERGED or facts.merged_into is None:
            return facts
        facts = cases.get(facts.merged_into)
    return None


def _allowed(
    proposal: Proposal, facts: CaseFacts, cases: Mapping[UUID, CaseFacts], level: int
) -> bool:
    named = cases[proposal.case]
    if not (facts.participant or named.participant):
        return False
    return proposal.proved or proposal.how is How.SESSION or level >= CONTROLLED


def _onward(proposal: Proposal, facts: CaseFacts, at: datetime) -> Placement:
    why = proposal.how.name.lower()
    late = (
        facts.state is CaseState.SOLVED
        and facts.reopen_until is not None
        and facts.reopen_until <= at
    )
    if late or facts.state in {CaseState.CLOSED, CaseState.DISCARDED}:
        return Placement(None, link=("follows", facts.id), why="follows_" + facts.state.value)
    return Placement(facts.id, proposal.interaction, why=why)
