"""The model test: whatever happens on the way, state + events equals a fresh bootstrap."""

import asyncio
import os
import random
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.live.client import Client
from tests.live.world import World
from tests.make.desk import running

from polyphony.store.database import Database

NAMES = ("a0", "a1", "a2", "S", "M", "A")
ACTS = (
    *("touch", "race", "note", "state", "merge", "merge", "unmerge", "split", "transfer", "claim"),
    *("return", "snooze", "awake", "finish", "assign", "answer", "rights", "rights", "seals"),
    *("members", "disable", "enable", "enable", "presence", "drop", "wait", "wait", "save"),
    *("rewind", "move", "seal", "born", "join", "join", "part"),
)
COMPARED = ("cases", "work", "team", "mine")
PROLOGUE = (("join", 0, 1), ("merge", 0, 1), ("split", 0, 0), ("claim", 2, 1), ("transfer", 2, 3))
"""What chance brings about too seldom."""
STEP = st.tuples(st.sampled_from(ACTS), st.integers(0, 40), st.integers(0, 40))
Script = list[tuple[str, int, int]]


async def settle(world: World, clients: list[Client]) -> None:
    """Let everybody hear everything: the lines are good again, and a mark ends what happened."""
    for one in clients:
        one.unruly = False
    left = clients
    for _ in range(12):  # who fetched everything anew, or dialled again, hears the next mark
        await asyncio.gather(*(one.hear(0.05) for one in left))
        word = str(uuid4())
        await world.mark(word)
        await asyncio.gather(*(one.hear(1.0, word) for one in left))
        left = [one for one in left if word not in one.marks and not one.out]
        if not left:
            return
    raise AssertionError("a screen never heard the mark")


def differing(screen: dict[str, Any], fetched: dict[str, Any]) -> dict[str, Any]:
    """Say what the screen shows and the server does not, and the other way round."""
    found: dict[str, Any] = {}
    for what in COMPARED:
        rows = screen[what]
        if isinstance(rows, set):
            found |= {f"{what} {id_}": id_ in rows for id_ in rows ^ fetched[what]}
            continue
        for id_ in rows.keys() | fetched[what].keys():
            here, there = rows.get(id_), fetched[what].get(id_)
            if here != there:
                keys = (here or there).keys()
                found[f"{what} {id_}"] = {
                    key: ((here or {}).get(key), (there or {}).get(key))
                    for key in keys
                    if here is None or there is None or here.get(key) != there.get(key)
                }
    return found


async def differences(clients: list[Client]) -> dict[str, Any]:
    """Compare every screen with what the same person would fetch now."""
    found: dict[str, Any] = {}
    for name, one in zip(NAMES, clients, strict=True):
        if one.out:  # disabled: no line, and nothing more to fetch
            assert (await one.who.http.get("/v1/bootstrap")).status_code == 401, name
            continue
        fresh = Client(one.desk, one.who, one.chance)
        await fresh.bootstrap()
        found |= {
            f"{name}: {what}": how for what, how in differing(one.shown(), fresh.shown()).items()
        }
    return found


async def play(database: Database, folder: Path, script: Script, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    world = await World(database).build()
    async with running(database, folder) as desk:
        desk.web.desk.pace.burst = desk.web.desk.pace.per_s = 1e9
        clients = [Client(desk, await desk.signed_in(who), chance) for who in world.people]
        for one in clients:
            one.cursor = await one.bootstrap()
            one.unruly = True
        world.open(clients)
        for what, n, m in (*PROLOGUE, *script):
            await world.act(what, n, m)
        for _ in range(3):  # time alone moves things too: a line that is lost, an Offer that ends
            await settle(world, clients)
            wrong = await differences(clients)
            if not wrong:
                break
        assert not wrong, wrong
        for one in clients:
            await one.hang_up()
    return world.done


@settings(
    max_examples=60 if os.environ.get("FULL") else 6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(STEP, min_size=80, max_size=160), st.integers(0, 10**6))
def _scripts(script: Script, seed: int) -> None:
    FOUND.append((script, seed))


FOUND: list[tuple[Script, int]] = []


@pytest.mark.timeout(1800)
async def test_state_and_events_equal_a_fresh_fetch_for_every_role(
    server: Any, tmp_path: Path
) -> None:
    FOUND.clear()
    _scripts()  # hypothesis writes the scripts; they are played here, each on its own database
    done: dict[str, int] = {}
    for n, (script, seed) in enumerate(FOUND):
        name = server.clone()
        try:
            async with Database(server.url(name), size=10, name="model") as database:
                for what, times in (await play(database, tmp_path / str(n), script, seed)).items():
                    done[what] = done.get(what, 0) + times
        except AssertionError as wrong:
            raise AssertionError(f"script {script!r} seed {seed}: {wrong}") from wrong
        finally:
            server.drop(name)
    seldom = {"join", "part", "merge", "split", "transfer", "rights"}
    assert seldom | {"disable", "snooze", "claim"} <= done.keys()
