"""The living demo: a pretended company, its past, and a world that writes to it over real ends."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import UUID

import aiosmtplib
import httpx
import structlog
import uvicorn

from polyphony.app.clock import now
from polyphony.app.demo import company, history
from polyphony.domain.reference import reference
from polyphony.flows import sign_in
from polyphony.integrations import keyring
from polyphony.settings import Settings
from polyphony.simulator.chatters import Chatters, Widget
from polyphony.simulator.draws import Draws
from polyphony.simulator.ends.email import MailEnd, Submitted
from polyphony.simulator.pace import Pace
from polyphony.simulator.personas import COLLEAGUES
from polyphony.simulator.site import YOU, Letterbox, site
from polyphony.simulator.world import Company, World, obey
from polyphony.simulator.writers import Writers
from polyphony.store import company as founding
from polyphony.store import demo
from polyphony.store.database import Database, Session

SEED = "lumen"
_MAIL_WORD = "pretended"
_log = structlog.stdlib.get_logger("polyphony.demo")


class Removed(Exception):
    """Somebody pressed "delete the demo data": the pretended world ends."""


async def run(settings: Settings) -> None:
    """Found the company if it is missing, then let its world live until cancelled."""
    ring = keyring.load(settings.keys_path)
    mail = MailEnd({company.MAILBOX: _MAIL_WORD})
    url = settings.database_url or ""
    async with mail, Database(url, size=2, name="demo") as database:
        origin = _site_origin(settings)
        async with database.transaction() as session:
            removed = await demo.was_removed(session)
        if removed:
            _log.info("the demo data was removed; start with `polyphony up` from now on")
            await asyncio.Event().wait()
        widget = await _prepare(database, ring, mail, origin)
        await _ready(settings)
        async with _customer_side(settings, mail, widget, origin) as box:
            try:
                await _play(settings, database, ring, mail, (widget, box))
            except* Removed:
                _log.info("the demo data was removed; the pretended world has ended")
        await asyncio.Event().wait()


def _site_origin(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.port + 1}"


async def _prepare(
    database: Database, ring: keyring.FileKeyRing, mail: MailEnd, origin: str
) -> Widget:
    """Found the company once; at each start tell it the present ports of the pretended provider."""
    ends = {"imap_port": mail.imap_port, "smtp_port": mail.smtp_port}
    async with database.transaction() as session:
        await sign_in.first_link(session, now())  # the first person is the one in front of us
        fresh = await demo.state(session) is None
    if fresh:
        words = company.passwords(ring.mac("demo", "colleagues"))
        plan = await asyncio.to_thread(company.plan, words, _mailbox(ends), origin)
        async with database.transaction() as session:
            await _found(session, ring, plan)
            await demo.declare(session, origin)
    async with database.transaction() as session:
        await demo.set_settings(session, company.MAILBOX, ends)
        await demo.declare(session, origin)
        row = await demo.widget(session)
    if row is None:
        raise RuntimeError("the demo's chat account is gone; remove the demo data and start again")
    return Widget(row[1], _hmac_secret(ring, row[0]))


async def _found(session: Session, ring: keyring.FileKeyRing, plan: founding.Plan) -> None:
    at = now()
    found = await founding.found(session, plan, at)
    await founding.seal(session, _sealed(ring, found))
    await founding.add_rules(session, company.rules(found.queues))
    person = await demo.first_person(session)
    if person is not None:
        queues = [found.queues[key] for key in ("general", "billing", "technical")]
        await demo.employ(session, person, queues, at)
    secret = ring.mac("reference", "")
    counted = await demo.count_cases(session, history.CASES)
    numbers = [reference(at.year, number, secret) for number in counted]
    await history.write(session, found, Draws(SEED), at, numbers)


def _mailbox(ends: dict[str, int]) -> dict[str, object]:
    return {
        "imap_host": "127.0.0.1", "imap_security": "none", "imap_user": company.MAILBOX,
        "smtp_host": "127.0.0.1", "smtp_security": "none", "smtp_user": company.MAILBOX,
        "from_name": "Lumen Energy", "undo_s": 10, "poll_s": 20, **ends,
    }  # fmt: skip


def _sealed(ring: keyring.FileKeyRing, found: founding.Found) -> dict[UUID, bytes]:
    mail, chat = found.accounts["mail"], found.accounts["chat"]
    words = {
        mail: {"imap_password": _MAIL_WORD, "smtp_password": _MAIL_WORD},
        chat: {"hmac_secret": _hmac_secret(ring, chat)},
    }
    return {id_: ring.seal(json.dumps(word), f"account:{id_}") for id_, word in words.items()}


def _hmac_secret(ring: keyring.FileKeyRing, account: UUID) -> str:
    return ring.mac("demo.widget", str(account)).hex()


async def _ready(settings: Settings) -> None:
    async with httpx.AsyncClient(base_url=settings.address) as http:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get("/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.2)


@asynccontextmanager
async def _customer_side(
    settings: Settings, mail: MailEnd, widget: Widget, origin: str
) -> AsyncIterator[Letterbox]:
    """Serve the company's pretended web site with the widget and the visitor's mailbox."""

    async def submit(sender: str, recipient: str, body: bytes) -> None:
        await _submit(mail, sender, recipient, body)

    pages, box = site(settings.address, widget.key, company.MAILBOX, submit, now)
    port = urlsplit(origin).port or 0
    server = uvicorn.Server(
        uvicorn.Config(pages, host="127.0.0.1", port=port, log_config=None, access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    try:
        yield box
    finally:
        server.should_exit = True
        await serving


async def _submit(mail: MailEnd, sender: str, recipient: str, body: bytes) -> None:
    await aiosmtplib.send(
        body, sender=sender, recipients=[recipient], hostname="127.0.0.1", port=mail.smtp_port,
        start_tls=False,
        username=company.MAILBOX,
        password=_MAIL_WORD,
    )  # fmt: skip


async def _play(
    settings: Settings,
    database: Database,
    ring: keyring.FileKeyRing,
    mail: MailEnd,
    side: tuple[Widget, Letterbox],
) -> None:
    draws, pace, words = (
        Draws(secrets.token_hex(4)),
        Pace(),
        company.passwords(ring.mac("demo", "colleagues")),
    )
    known = Company(settings.address, company.MAILBOX, words)
    world = World(known, draws, pace)

    async def submit(sender: str, recipient: str, body: bytes) -> None:
        await _submit(mail, sender, recipient, body)

    writers = Writers(draws, pace, submit, now)
    answers: asyncio.Queue[Submitted] = asyncio.Queue()
    mail.on_sent = answers.put_nowait
    async with httpx.AsyncClient(base_url=settings.address, timeout=30) as http:
        chatters = Chatters(draws, pace, http, side[0])

        async def ask() -> dict[str, object]:
            async with database.transaction() as session:
                wish = await demo.take(session)
            if wish is None:
                raise Removed
            return {"paused": wish.paused, "speed": wish.speed, "acts": list(wish.acts)}

        async def act(name: str) -> None:
            await world.act(name, writers, chatters)

        _log.info("the demo lives", colleagues=len(COLLEAGUES))
        async with asyncio.TaskGroup() as group:
            group.create_task(world.live(writers, chatters))
            group.create_task(_hand_out(answers, mail, writers, side[1]))
            group.create_task(obey(ask, pace, act))


async def _hand_out(
    answers: "asyncio.Queue[Submitted]", mail: MailEnd, writers: Writers, box: Letterbox
) -> None:
    while True:
        sent = await answers.get()
        mail.sent.clear()
        if YOU in sent.recipients:
            box.received(sent.body)
        elif company.MAILBOX not in sent.recipients:
            await writers.received(sent.body)
