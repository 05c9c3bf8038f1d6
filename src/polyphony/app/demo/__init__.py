"""The living demo: a pretended company, its past, and a world that writes to it over real ends."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiosmtplib
import httpx
import structlog
import uvicorn

from polyphony.app.clock import now
from polyphony.app.demo import company
from polyphony.app.demo.founding import MAIL_WORD, Founded, found, remember
from polyphony.integrations import keyring
from polyphony.settings import Settings
from polyphony.simulator.chatters import Chatters
from polyphony.simulator.draws import Draws
from polyphony.simulator.ends.email import MailEnd, Submitted
from polyphony.simulator.ledger import Ledger
from polyphony.simulator.pace import Pace
from polyphony.simulator.personas import COLLEAGUES
from polyphony.simulator.site import YOU, Letterbox, Site, site
from polyphony.simulator.theatre import Ends, Theatre
from polyphony.simulator.world import Company, Troupe, World, obey
from polyphony.simulator.writers import Submit, Writers
from polyphony.store import demo
from polyphony.store.database import Database, Unavailable

_log = structlog.stdlib.get_logger("polyphony.demo")


class Removed(Exception):
    """Somebody pressed "delete the demo data": the pretended world ends."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """Everything the pretended world plays on."""

    settings: Settings
    database: Database
    ring: keyring.FileKeyRing
    mail: MailEnd
    founded: Founded
    ledger: Ledger

    async def submit(self, sender: str, recipient: str, body: bytes) -> None:
        """Hand a mail to the pretended provider."""
        await submit(self.mail.smtp_port, sender, recipient, body)


def ledger_of(settings: Settings) -> Path:
    """Return where the pretended world writes down what was acknowledged to it."""
    return settings.home / "demo-ledger.jsonl"


async def run(settings: Settings) -> None:
    """Found the company if it is missing, then let its world live until cancelled."""
    ring = keyring.load(settings.keys_path)
    mail = MailEnd({company.MAILBOX: MAIL_WORD, company.FIRM_MAILBOX: MAIL_WORD})
    url = settings.database_url or ""
    async with mail, Database(url, size=3, name="demo") as database:
        async with database.transaction() as session:
            removed = await demo.was_removed(session)
        if removed:
            _log.info("the demo data was removed; start with `polyphony up` from now on")
            await asyncio.Event().wait()
        ports = {"imap_port": mail.imap_port, "smtp_port": mail.smtp_port}
        origin = f"http://127.0.0.1:{settings.port + 1}"
        founded = await found(database, ring, ports, origin)
        await _ready(settings)
        ledger = Ledger(ledger_of(settings))
        stage = _Stage(settings, database, ring, mail, founded, ledger)
        async with _customer_side(stage, origin) as box:
            try:
                await _play(stage, box)
            except* Removed:
                _log.info("the demo data was removed; the pretended world has ended")
        await asyncio.Event().wait()


async def _ready(settings: Settings) -> None:
    async with httpx.AsyncClient(base_url=settings.address) as http:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get("/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.2)


@asynccontextmanager
async def _customer_side(stage: _Stage, origin: str) -> AsyncIterator[Letterbox]:
    """Serve the company's pretended web site with the widget and the visitor's mailbox."""
    about = Site(stage.settings.address, stage.founded.widgets, company.MAILBOX, stage.submit, now)
    pages, box = site(about)
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


async def submit(port: int, sender: str, recipient: str, body: bytes) -> None:
    """Hand a mail to the pretended provider on this port; returns when it said 250."""
    await aiosmtplib.send(
        body, sender=sender, recipients=[recipient], hostname="127.0.0.1", port=port,
        start_tls=False,
        username=company.MAILBOX,
        password=MAIL_WORD,
    )  # fmt: skip


async def _play(stage: _Stage, box: Letterbox) -> None:
    draws, pace = Draws(secrets.token_hex(4)), Pace()
    async with httpx.AsyncClient(base_url=stage.settings.address, timeout=30) as http:
        troupe = make_troupe(stage.founded, http, stage.submit, draws, pace, stage.ledger)
        words = company.passwords(stage.ring.mac("demo", "colleagues"))
        known = Company(stage.settings.address, company.MAILBOX, words)
        world = World(known, troupe, draws, pace)
        answers: asyncio.Queue[Submitted] = asyncio.Queue()
        stage.mail.on_sent = answers.put_nowait

        async def ask() -> dict[str, object]:
            status = {"story_s": round(pace.now()), "next_s": pace.next_act_s()}
            status |= {"begun": troupe.theatre.begun, "told": troupe.theatre.told}
            try:
                async with stage.database.transaction() as session:
                    wish = await demo.take(session, status)
            except Unavailable as away:  # the world goes on as it did, and asks again
                raise ConnectionError(str(away)) from away
            if wish is None or wish.removing:
                raise Removed
            return {"paused": wish.paused, "speed": wish.speed, "acts": list(wish.acts)}

        _log.info("the demo lives", colleagues=len(COLLEAGUES))
        async with asyncio.TaskGroup() as group:
            group.create_task(world.live())
            group.create_task(_hand_out(answers, stage.mail, troupe, box))
            group.create_task(obey(ask, pace, world.act))
            group.create_task(remember(stage.database, stage.ring))


def make_troupe(
    founded: Founded,
    http: httpx.AsyncClient,
    submitting: Submit,
    draws: Draws,
    pace: Pace,
    ledger: Ledger,
) -> Troupe:
    """Gather everybody who writes to the company."""
    note = ledger.acknowledged
    mailboxes = {False: company.MAILBOX, True: company.FIRM_MAILBOX}
    ends = Ends(http, submitting, now, mailboxes, founded.widgets)
    return Troupe(
        Writers(draws, pace, submitting, now, note),
        Chatters(draws, pace, http, founded.widgets[False], note),
        Theatre(ends, draws, pace, note),
    )


async def _hand_out(
    answers: "asyncio.Queue[Submitted]", mail: MailEnd, troupe: Troupe, box: Letterbox
) -> None:
    ours = {company.MAILBOX, company.FIRM_MAILBOX}
    while True:
        sent = await answers.get()
        mail.sent.clear()
        if YOU in sent.recipients or box.knows(sent.recipients):
            box.received(sent.body)
        if not ours & set(sent.recipients) and not troupe.theatre.received(sent.body):
            await troupe.writers.received(sent.body)
