"""The founding of the demo's company, and its past, slice by slice."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog

from polyphony.app.clock import now
from polyphony.app.demo import company, history, loan
from polyphony.domain.reference import reference
from polyphony.flows import sign_in
from polyphony.integrations import keyring
from polyphony.simulator.cast import cast, shown
from polyphony.simulator.chatters import Widget
from polyphony.simulator.draws import Draws
from polyphony.simulator.stories import stories
from polyphony.store import company as store
from polyphony.store import demo, search_index
from polyphony.store.database import Database, Session, Unavailable

SEED = "lumen"
MAIL_WORD = "pretended"
_BREATH_S = 2.0
"""Between two slices: whoever signs in meanwhile comes first."""
_log = structlog.stdlib.get_logger("polyphony.demo")


@dataclass(frozen=True, slots=True)
class Founded:
    """What the pretended world needs of the company: its widgets, that of the firms under True."""

    widgets: Mapping[bool, Widget]


def _about() -> dict[str, object]:
    told = [
        {
            "key": story.key,
            "title": dict(story.title),
            "members": list(story.members),
            "later": list(story.later),
        }
        for story in stories().values()
    ]
    return {"cast": list(shown()), "stories": told}


async def found(
    database: Database, ring: keyring.FileKeyRing, ports: Mapping[str, int], origin: str
) -> Founded:
    """Found the company once; at each start tell it the present ports of the pretended provider."""
    async with database.transaction() as session:
        await sign_in.first_link(session, now())  # the first person is the one in front of us
        fresh = await demo.state(session) is None
    if fresh:
        words = company.passwords(ring.mac("demo", "colleagues"))
        plan = await asyncio.to_thread(company.plan, words, _mailbox(ports), origin)
        async with database.transaction() as session:
            await _found(session, ring, plan)
            await demo.declare(session, origin, _about())
            await _write(session, ring, 0)
    async with database.transaction() as session:
        for mailbox in (company.MAILBOX, company.FIRM_MAILBOX):
            await demo.set_settings(session, mailbox, ports)
        await demo.declare(session, origin, _about())
        there = await demo.accounts(session)
    return Founded(widgets(ring, there))


def widgets(
    ring: keyring.FileKeyRing, there: Mapping[tuple[str, str], tuple[UUID, str]]
) -> dict[bool, Widget]:
    """Return the widgets of the demo's accounts; raise RuntimeError when one is gone."""
    names = {False: company.SITE, True: company.FIRM_SITE}
    missing = [name for name in names.values() if ("chat", name) not in there]
    if missing:
        raise RuntimeError(f"chat accounts are gone: {missing}; remove the demo data, start again")
    return {vip: _widget(ring, there["chat", name]) for vip, name in names.items()}


def _widget(ring: keyring.FileKeyRing, account: tuple[UUID, str]) -> Widget:
    return Widget(account[1], _hmac_secret(ring, account[0]))


async def _found(session: Session, ring: keyring.FileKeyRing, plan: store.Plan) -> None:
    at = now()
    made = await store.found(session, plan, at)
    await store.seal(session, _sealed(ring, made))
    await store.add_rules(session, company.rules(made.queues))
    await loan.lend(session, made.departments[company.CARE], made.queues, at)
    person = await demo.first_person(session)
    if person is not None:
        queues = [made.queues[key] for key in ("general", "billing", "technical", "firms")]
        await demo.employ(session, person, queues, at)


def _mailbox(ports: Mapping[str, int]) -> dict[str, object]:
    return {
        "imap_host": "127.0.0.1", "imap_security": "none", "imap_user": company.MAILBOX,
        "smtp_host": "127.0.0.1", "smtp_security": "none", "smtp_user": company.MAILBOX,
        "from_name": "Lumen Energy", "undo_s": 10, "poll_s": 20, **ports,
    }  # fmt: skip


def _sealed(ring: keyring.FileKeyRing, made: store.Found) -> dict[UUID, bytes]:
    words = {
        id_: {"imap_password": MAIL_WORD, "smtp_password": MAIL_WORD}
        if key.endswith("mail")
        else {"hmac_secret": _hmac_secret(ring, id_)}
        for key, id_ in made.accounts.items()
    }
    return {id_: ring.seal(json.dumps(word), f"account:{id_}") for id_, word in words.items()}


def _hmac_secret(ring: keyring.FileKeyRing, account: UUID) -> str:
    return ring.mac("demo.widget", str(account)).hex()


async def _write(session: Session, ring: keyring.FileKeyRing, number: int) -> None:
    """Write one slice of the past; the first brings the cast and what was noted of it."""
    there, at = await demo.accounts(session), now()
    place = history.Place(
        (await demo.departments(session))[company.CARE],
        there["email", "Lumen Energy"][0],
        there["chat", company.SITE][0],
        await demo.agents(session),
        there["chat", company.FIRM_SITE][0],
    )
    secret = ring.mac("reference", "")
    counted = await demo.count_cases(session, history.CASES // history.SLICES)
    numbers = [reference(at.year, one, secret) for one in counted]
    await history.write(session, place, Draws(SEED), at, (number, numbers))
    if number == 0:
        await history.note(
            session,
            at,
            place.agents[0][0],
            {who.email: who.note for who in cast().values() if who.note},
        )
    await demo.set_past(session, number + 1)
    if number in (0, history.SLICES - 1):  # written beside the log: the index learns of it so
        await search_index.refill(session)


async def remember(database: Database, ring: keyring.FileKeyRing) -> None:
    """Write what is missing of the past, after the first screen is there; ends when it is whole."""
    began = asyncio.get_running_loop().time()
    whole = False
    while not whole:
        await asyncio.sleep(_BREATH_S)
        with contextlib.suppress(Unavailable):  # a busy machine: the same slice again
            whole = await _next_slice(database, ring)
    took = round(asyncio.get_running_loop().time() - began, 1)
    _log.info("the past is written", seconds=took)


async def _next_slice(database: Database, ring: keyring.FileKeyRing) -> bool:
    """Write one slice; tell whether nothing is missing any more."""
    async with database.transaction() as session:
        wish, done = await demo.state(session), await demo.past(session)
        if wish is None or wish.removing or done >= history.SLICES:
            return True
        await _write(session, ring, done)
    return False
