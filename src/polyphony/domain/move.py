"""How moves are written: who may move what from which state to which, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from polyphony.domain.errors import Conflict, Forbidden, Refusal

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


class By(StrEnum):
    """The kinds of actors a table of moves knows."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"  # the one who holds the work, or whom the Offer names
    COLLEAGUE = "colleague"  # another person of the Department with the right
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    ROUTER = "router"
    TIMER = "timer"
    PROVIDER = "provider"
    KEY = "key"
    SYSTEM = "system"  # the consequence of another move in the same transaction


@dataclass(frozen=True, slots=True)
class Moved(Generic[S]):
    """The move is legal: the new state, and effects the flow carries out with it."""

    state: S
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table(Generic[S, M]):
    """All legal moves of one noun.

    ``moves`` maps (state, move) to the new state, ``who`` maps (state, move) to the actors,
    ``effects`` what belongs into the same transaction. ``noun`` prefixes the codes of refusals.
    """

    noun: str
    moves: Mapping[tuple[S, M], S]
    who: Mapping[tuple[S, M], frozenset[By]]
    effects: Mapping[tuple[S, M], tuple[str, ...]]

    def decide(self, state: S, move: M, by: By) -> Moved[S] | Refusal:
        """Say where the move leads, or why it is refused (returned: it stays beside its item)."""
        target = self.moves.get((state, move))
        if target is None:
            facts = {"state": state.value, "move": move.value}
            return Conflict(f"{self.noun}.move_not_possible", facts)
        allowed = self.who[(state, move)]
        if by not in allowed:
            needs = sorted(actor.value for actor in allowed)
            return Forbidden(f"{self.noun}.not_yours", {"move": move.value, "needs": needs})
        return Moved(target, self.effects.get((state, move), ()))
