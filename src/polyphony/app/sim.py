"""The commands around the pretended world of a running demo: check its ledger, send load."""

import asyncio
import secrets
from dataclasses import asdict

import httpx

from polyphony import settings
from polyphony.app import clock, home
from polyphony.app import demo as living
from polyphony.app.demo import company
from polyphony.app.demo.founding import widgets
from polyphony.app.say import answer, say
from polyphony.domain.errors import Conflict, NotFound
from polyphony.integrations import keyring
from polyphony.simulator.chatters import Chatters, Widget
from polyphony.simulator.colleagues import Desk
from polyphony.simulator.draws import Draws
from polyphony.simulator.ledger import Ledger, marks
from polyphony.simulator.load import Loaded
from polyphony.simulator.load import load as send
from polyphony.simulator.pace import Pace
from polyphony.simulator.verify import Verdict
from polyphony.simulator.verify import verify as compare
from polyphony.simulator.writers import Writers
from polyphony.store import demo
from polyphony.store.database import Database

_READER = "petr"
"""One of those who belong to both departments the demo's mail can reach."""


def verify(as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Compare ledger and API; 4 when a promise was broken."""
    found = asyncio.run(_verify(settings.read()))
    lines = [
        f"acknowledged {found.acknowledged}, found {found.found}",
        f"lost {len(found.lost)}, doubled {len(found.doubled)}, wrong channel {len(found.wrong)}",
        f"not answered yet {len(found.unanswered)}",
        *(f"race {mark}: {sorted(told)}" for mark, told in found.races.items()),
        f"stories told {found.told}, promises broken {len(found.broken)}",
        *found.broken,
        *(f"lost: {mark}" for mark in found.lost),
        *(f"doubled: {mark}" for mark in found.doubled),
    ]
    answer({**asdict(found), "good": found.good}, lines, as_json=as_json)
    return 0 if found.good else 4


async def _verify(chosen: settings.Settings) -> Verdict:
    path = living.ledger_of(chosen)
    if not path.is_file():
        raise NotFound("demo.ledger", {"path": str(path)})
    words = company.passwords(keyring.load(chosen.keys_path).mac("demo", "colleagues"))
    base = chosen.address
    async with httpx.AsyncClient(base_url=base, timeout=60, headers={"Origin": base}) as http:
        desk = Desk(http)
        try:
            await desk.sign_in(f"{_READER}@demo.example", words[_READER])
        except httpx.HTTPError as away:
            raise Conflict("demo.not_running", {"address": base}) from away
        return await compare(desk, marks(path))


def load(rate: float, minutes: float, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Send load for some minutes and say what became of it."""
    done = asyncio.run(_load(settings.read(), rate, minutes * 60))
    lines = [
        f"begun {done.begun}, refused {done.refused}",
        f"at most {done.late_s} s behind the plan",
        "next: polyphony sim verify",
    ]
    answer(asdict(done), lines, as_json=as_json)
    return 0


async def _load(chosen: settings.Settings, rate: float, for_s: float) -> Loaded:
    ring = keyring.load(chosen.keys_path)
    ready = home.attached(chosen.model_copy(update={"migrate": False}), say)
    async with (
        Database(ready.database_url or "", size=1, name="sim") as database,
        database.reads() as session,
    ):
        there = await demo.accounts(session)
        port = await demo.port_of(session, company.MAILBOX)
    if not there or port is None:
        raise Conflict("demo.not_running", {"address": chosen.address})
    widget: Widget = widgets(ring, there)[False]
    draws, pace, ledger = Draws(secrets.token_hex(4)), Pace(), Ledger(living.ledger_of(chosen))

    async def submitting(sender: str, recipient: str, body: bytes) -> None:
        await living.submit(port, sender, recipient, body)

    async with httpx.AsyncClient(base_url=chosen.address, timeout=30) as http:
        writers = Writers(draws, pace, submitting, clock.now, ledger.acknowledged)
        chatters = Chatters(draws, pace, http, widget, ledger.acknowledged)
        return await send(writers, chatters, draws, (rate, for_s), company.MAILBOX)
