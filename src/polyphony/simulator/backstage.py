"""Backstage: what happens to colleagues in a story: two answer at once, a laptop dies."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from polyphony.simulator.colleagues import Player
from polyphony.simulator.pace import Pace
from polyphony.simulator.stories import Step

_TRIES = 60
_ROUNDS = 4
_LEFT = 201

Found = TypeVar("Found")


async def race(players: Sequence[Player], step: Step, words: str) -> Mapping[str, object]:
    """Let two colleagues answer the same Case at the same moment; tell what each was told.

    When a third one was faster than both they look again, as the screen asks them to.
    """
    pair = await _soon(lambda: _pair(players))
    case = await _find(pair[0], words) if pair else None
    if pair is None or case is None:
        return {"race": []}
    told: Sequence[int] = ()
    for _ in range(_ROUNDS):
        views = await asyncio.gather(*(one.view(case) for one in pair))
        told = await asyncio.gather(
            *(one.answer_once(view, step.say) for one, view in zip(pair, views, strict=True))
        )
        if _LEFT in told:
            break
    return {"race": sorted(told)}


def _pair(players: Sequence[Player]) -> Sequence[Player] | None:
    found = [one for one in players if one.at_work][:2]
    return found if len(found) == 2 else None


async def die(
    players: Sequence[Player], pace: Pace, step: Step, words: str
) -> Mapping[str, object]:
    """Cut off the colleague who holds this chat, with an unsent draft; he comes back later."""
    case = await _find(players[0], words) if players else None
    if case is None:
        return {"died": ""}
    holder = await _soon(lambda: next((one for one in players if one.holds(case)), None))
    if holder is None:
        return {"died": ""}
    await holder.die(case, pace, step.for_s)
    return {"died": holder.key}


async def _soon(look: Callable[[], Found | None]) -> Found | None:
    """Wait a little for what the others are about to do."""
    for _ in range(_TRIES):
        found = look()
        if found is not None:
            return found
        await asyncio.sleep(0.5)
    return None


async def _find(player: Player, words: str) -> str | None:
    """Return the Case with these words in its title, as a colleague finds it."""
    for _ in range(_TRIES):
        case = await player.search(words)
        if case is not None:
            return case
        await asyncio.sleep(0.5)
    return None
