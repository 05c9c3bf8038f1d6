"""The kill campaign: load with a ledger, a nemesis, and what was kept of what was promised."""

import asyncio
import contextlib
import os
import random
import signal
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

import httpx

from polyphony.app.bench.stage import Stage
from polyphony.simulator.ends.email import MailEnd
from polyphony.simulator.ledger import Ledger
from polyphony.store.company import AccountPlan, PersonPlan, Plan, QueuePlan
from polyphony.store.database import Unavailable

DESK, WORD = "desk@kill.example", "word"
VISITORS = 6
ROLES = ("web", "worker", "router")


def plan(ports) -> Plan:
    mail = {
        "imap_host": "127.0.0.1", "imap_security": "none", "imap_user": DESK,
        "smtp_host": "127.0.0.1", "smtp_security": "none", "smtp_user": DESK,
        "undo_s": 0, "poll_s": 2, **ports,
    }  # fmt: skip
    chat = {"origins": ["*"], "messages_per_minute": 100_000, "sessions_per_hour": 100_000}
    return Plan(
        "UTC", {}, {"Desk": "open"}, [QueuePlan("all", "Desk", "All")], [],
        [PersonPlan("agent", "agent@kill.example", "Agent", "en", ["Desk"], queues=["all"])],
        [
            AccountPlan("mail", "email", "Desk", DESK, "Desk", "all", "en", mail),
            AccountPlan("chat", "chat", "site", "pk_kill", "Desk", "all", "en", chat),
        ],
        always=True,
    )  # fmt: skip


@dataclass
class Seen:
    """What the world was promised: chat cids, marks of mails, keys of replies."""

    chats: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)


class Campaign:
    """Load, nemesis and ledger over one running product."""

    def __init__(self, stage: Stage, provider: MailEnd, ledger: Ledger, seed: int) -> None:
        self.stage, self.provider, self.ledger = stage, provider, ledger
        self.chance = random.Random(seed)
        self.seen = Seen()
        self.stop = asyncio.Event()
        self.kills = 0

    async def run(self, kills: int, every_s: float) -> None:
        tokens = await self._sessions()
        cookie, csrf = await self.stage.sign_in("agent")
        load = [
            *(asyncio.create_task(self._visit(token)) for token in tokens),
            asyncio.create_task(self._mail()),
            asyncio.create_task(self._answer({"Cookie": cookie, "X-Polyphony-CSRF": csrf})),
        ]
        for number in range(kills):
            await asyncio.sleep(every_s * self.chance.uniform(0.5, 1.5))
            await self._strike(number)
        self.stop.set()
        await asyncio.gather(*load)

    async def _strike(self, number: int) -> None:
        self.kills += 1
        victim = ("database", *ROLES)[number % 4]
        if victim == "database":
            os.kill(self.stage.postgres.pid, signal.SIGKILL)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(self.stage.postgres.restart)
            await self._first_good_answer()
            return
        process = self.stage.processes[victim]
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await self.stage.start(victim)

    async def _first_good_answer(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        before = len(self.seen.chats)
        while len(self.seen.chats) == before:
            await asyncio.sleep(0.02)
            if loop.time() - began > 60:
                break
        self.seen.back_s.append(loop.time() - began)

    async def _sessions(self) -> list[str]:
        async with httpx.AsyncClient(base_url=self.stage.base) as http:
            answers = [
                await http.post("/v1/chat/sessions", json={"key": "pk_kill", "language": "en"})
                for _ in range(VISITORS)
            ]
        return [answer.raise_for_status().json()["token"] for answer in answers]

    async def _visit(self, token: str) -> None:
        """Say one thing after the other; each is repeated under its own key until it is taken."""
        async with httpx.AsyncClient(base_url=self.stage.base, timeout=5) as http:
            while not self.stop.is_set():
                cid = str(uuid4())
                while True:
                    status = await self._post(
                        http, "/v1/chat/messages", {"cid": cid, "text": f"mark {cid}"},
                        {"Authorization": f"Bearer {token}", "Idempotency-Key": cid},
                    )  # fmt: skip
                    if status == 201:
                        self.ledger.acknowledged(cid, channel="chat")
                        self.seen.chats.append(cid)
                        break
                    await asyncio.sleep(0.1)
                await asyncio.sleep(self.chance.uniform(0, 0.1))

    async def _post(self, http, path, body, headers) -> int:
        try:
            answer = await http.post(path, json=body, headers=headers)
        except httpx.HTTPError:
            return 0
        if answer.status_code != 201:
            self.seen.refused[answer.status_code] = self.seen.refused.get(answer.status_code, 0) + 1
        return answer.status_code

    async def _mail(self) -> None:
        while not self.stop.is_set():
            mark = str(uuid4())
            mail = EmailMessage(policy=SMTP)
            mail["From"], mail["To"] = f"c{self.chance.randrange(40)}@world.example", DESK
            mail["Subject"], mail["Message-ID"] = f"Matter {mark[:8]}", f"<{mark}@world.example>"
            mail.set_content(f"mark {mark}\n")
            self.provider.deliver(DESK, mail.as_bytes())
            self.ledger.acknowledged(mark, channel="email")
            self.seen.mails.append(mark)
            await asyncio.sleep(self.chance.uniform(0.02, 0.1))

    async def _answer(self, headers) -> None:
        """Answer mails as the agent would; a lost answer of the server is asked for again."""
        base = {**headers, "Origin": self.stage.base}
        async with httpx.AsyncClient(base_url=self.stage.base, timeout=5) as http:
            done: set[str] = set()
            while not self.stop.is_set():
                with contextlib.suppress(httpx.HTTPError, KeyError, ValueError):
                    rows = (await http.get("/v1/cases?tab=all", headers=base)).json()["items"]
                    fresh = [
                        row for row in rows if "email" in row["channels"] and row["id"] not in done
                    ]
                    for row in fresh[:3]:
                        done.add(row["id"])
                        await self._reply(http, row["id"], base)
                await asyncio.sleep(0.3)

    async def _reply(self, http, case, headers) -> None:
        key = str(uuid4())
        view = (await http.get(f"/v1/cases/{case}", headers=headers)).json()
        body = {"text": f"reply {key}", "files": [], "then": "open", "anyway": True,
                "expected_last_item": view["case"]["last_item"]}  # fmt: skip
        path = f"/v1/interactions/{view['reply_to']['interaction_id']}/messages"
        for _ in range(100):
            status = await self._post(http, path, body, {**headers, "Idempotency-Key": key})
            if status == 201:
                self.ledger.acknowledged(key, channel="reply")
                self.seen.replies.append(key)
                return
            if 400 <= status < 500 and status != 409:
                return
            await asyncio.sleep(0.1)

    async def settle(self, seconds: float) -> None:
        """Wait until everything that arrived is read and everything that shall leave has a fate."""
        for _ in range(int(seconds / 0.25)):
            if await self._count(_OPEN) == 0 and await self._count(_MAILS) >= len(self.seen.mails):
                return
            await asyncio.sleep(0.25)

    async def _count(self, statement: str) -> int:
        return int((await self._ask(statement))[0][0])

    async def _ask(self, statement: str, params=()):
        """Ask the database itself; a connection that died with the server is replaced."""
        for _ in range(20):
            try:
                async with self.stage.database.transaction() as session:
                    return await (await session.execute(statement, params)).fetchall()
            except Unavailable:
                await asyncio.sleep(0.25)
        raise AssertionError("the database did not come back")

    async def kept(self, kind: str, prefix: str) -> dict[str, int]:
        """Return mark → how often it stands in the product's messages."""
        return dict(
            await self._ask(
                "SELECT trim(substr(text, %s)), count(*) FROM message WHERE kind = %s"
                " AND starts_with(text, %s) GROUP BY 1",
                [len(prefix) + 1, kind, prefix],
            )
        )

    async def fates(self) -> dict[str, str]:
        """Return key of a reply → state of its delivery."""
        return dict(
            await self._ask(
                "SELECT trim(substr(m.text, 7)), d.state FROM delivery d"
                " JOIN message m ON m.id = d.message_id WHERE starts_with(m.text, 'reply ')"
            )
        )


_OPEN = (
    "SELECT (SELECT count(*) FROM arrival WHERE state = 'new')"
    " + (SELECT count(*) FROM delivery d WHERE state IN ('held', 'sending') OR state = 'queued'"
    "    AND not_before < now() + interval '2 seconds' AND NOT EXISTS (SELECT FROM delivery u"
    "    WHERE u.identity_id = d.identity_id AND u.state = 'uncertain'))"
)
# Who waits for his next try, or in line behind a mail nobody knows the fate of, has his answer.
_MAILS = (
    "SELECT count(*) FROM arrival a JOIN channel_account c ON c.id = a.account_id"
    " WHERE c.kind = 'email'"
)
