"""Backstage: what happens to colleagues in a story: two answer at once, a laptop dies."""

import asyncio
from collections.abc import Mapping, Sequence

from polyphony.simulator.colleagues import Player
from polyphony.simulator.pace import Pace
from polyphony.simulator.stories import Step

_TRIES = 20


async def race(players: Sequence[Player], step: Step, words: str) -> Mapping[str, object]:
    """Let two colleagues answer the same Case at the same moment; tell what each was told."""
    pair = [one for one in players if one.at_work][:2]
    if len(pair) < 2:
        return {"race": []}
    case = await _find(pair[0], words)
    if case is None:
        return {"race": []}
    views = await asyncio.gather(*(one.view(case) for one in pair))
    told = await asyncio.gather(
        *(one.answer_once(view, step.say) for one, view in zip(pair, views, strict=True))
    )
    return {"race": sorted(told)}


async def die(
    players: Sequence[Player], pace: Pace, step: Step, words: str
) -> Mapping[str, object]:
    """Cut off the colleague who holds this chat, with an unsent draft; he comes back later."""
    if not players:
        return {"died": ""}
    case = await _find(players[0], words)
    holder = next((one for one in players if case is not None and one.holds(case)), None)
    if holder is None or case is None:
        return {"died": ""}
    await holder.die(case, pace, step.for_s)
    return {"died": holder.key}


async def _find(player: Player, words: str) -> str | None:
    """Return the Case with these words in its title, as a colleague finds it."""
    for _ in range(_TRIES):
        case = await player.search(words)
        if case is not None:
            return case
        await asyncio.sleep(0.5)
    return None
