"""A chat desk by hand: a shop, an agent who answers, and what the worker would do."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from tests.make.chat import Shop, Visitor
from tests.make.mail import inbound
from tests.make.moment import new_id

from polyphony.channels.chat.parse import parse
from polyphony.channels.email.parse.inbound import arrival_key, read_arrival
from polyphony.flows import confirm, continue_by_mail, receive, reply
from polyphony.ports import Outside
from polyphony.store import timers


@dataclass
class Desk:
    """A shop, an agent, and what the worker does, by hand."""

    shop: Shop
    outside: Outside
    jana: reply.Staff

    async def read(self) -> None:
        """Read what arrived, as the worker does."""
        async with self.shop.database.transaction() as session:
            taken = await receive.claim(session, 100, self.shop.clock())
        raws = await receive.raws(taken, self.outside)
        batch = [(raw, parse(raw)) for raw in raws]
        batch = await receive.store_files(batch, self.outside.files)
        async with self.shop.database.transaction() as session:
            out = await receive.read(session, batch, self.shop.clock(), self.outside)
        assert not out.failed

    async def mail_in(self, sender: str, text: str, **more: object) -> None:
        """Let a mail arrive at the mailbox and be read."""
        said = inbound(sender, text, **more)
        async with self.shop.database.transaction() as session:
            kept = receive.Kept(self.shop.mailbox, said.key, b"raw", self.shop.clock())
            await receive.keep(session, [kept])
            taken = await receive.claim(session, 100, self.shop.clock())
        raws = await receive.raws(taken, self.outside)
        async with self.shop.database.transaction() as session:
            batch = [(raw, (said,)) for raw in raws]
            await receive.read(session, batch, self.shop.clock(), self.outside)

    async def raw_mail(self, body: bytes) -> None:
        """Let the bytes of a mail arrive at the mailbox and be read by the real reader."""
        async with self.shop.database.transaction() as session:
            key = arrival_key(body)
            await receive.keep(
                session, [receive.Kept(self.shop.mailbox, key, body, self.shop.clock())]
            )
            taken = await receive.claim(session, 100, self.shop.clock())
        batch = [(raw, read_arrival(raw)) for raw in await receive.raws(taken, self.outside)]
        batch = await receive.store_files(batch, self.outside.files)
        async with self.shop.database.transaction() as session:
            out = await receive.read(session, batch, self.shop.clock(), self.outside)
        assert not out.failed

    async def answer(self, text: str) -> UUID:
        """Jana takes the chat and answers."""
        interaction = await self.one(
            "SELECT id FROM interaction WHERE channel_kind = 'chat' AND state <> 'ended'"
            " ORDER BY opened_at DESC LIMIT 1"
        )
        async with self.shop.database.transaction() as session:
            await session.execute(
                "WITH w AS (UPDATE work_item SET state = 'in_work', agent_id = %s"
                "   WHERE interaction_id = %s AND state = 'waiting' RETURNING units, agent_id)"
                " UPDATE agent_load l SET routed_units = routed_units + w.units"
                "   FROM w WHERE l.agent_id = w.agent_id",
                [self.jana.id, interaction],
            )
            await session.execute(
                "UPDATE interaction SET state = 'with_agent', agent_id = %s"
                " WHERE id = %s AND state = 'waiting'",
                [self.jana.id, interaction],
            )
        last = await self.one("SELECT last_item FROM case_ ORDER BY opened_at DESC LIMIT 1")
        given = reply.Answer(interaction, text, new_id(), last, undo_s=0)
        async with self.shop.database.transaction() as session:
            written = await reply.send(session, given, self.jana, self.shop.clock(), self.outside)
        return written.message

    async def look(self) -> int:
        """Do what is due, as the worker does; return how many timers were."""
        async with self.shop.database.transaction() as session:
            at = self.shop.clock()
            found = await timers.claim(session, 100, at, timedelta(seconds=60), ["chat_watch"])
        async with self.shop.database.transaction() as session:
            await continue_by_mail.due(session, found, self.shop.clock(), self.outside)
        return len(found)

    async def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        async with self.shop.database.reads() as session:
            found = await session.execute(query, values or None)
            return await found.fetchall()

    async def one(self, query: str, *values: object) -> object:
        (row,) = await self.rows(query, *values)
        return row[0] if len(row) == 1 else row

    async def see(self, who: Visitor) -> list[dict[str, object]]:
        """What the visitor's own screen shows."""
        answer = await who.http.get("/v1/chat/messages", headers=who.bearer)
        return answer.json()["messages"]


async def proved(desk: Desk, who: Visitor, address: str) -> None:
    """Prove an address by the code that would have been mailed."""
    await who.post("email", {"address": address})
    async with desk.shop.database.transaction() as session:
        (mail,) = await confirm.claim(session, desk.shop.clock())
        code = desk.shop.keys.unseal(mail.sealed, f"code:{mail.id}")
    answer = await who.post("code", {"code": code})
    assert answer.status_code == 200


async def cases(who: Visitor) -> list[dict[str, object]]:
    answer = await who.http.get("/v1/chat/cases", headers=who.bearer)
    assert answer.status_code == 200, answer.text
    return answer.json()["cases"]


async def begin(desk: Desk, who: Visitor, text: str) -> dict[str, object]:
    """Begin another matter and return it as the visitor's list shows it."""
    answer = await who.say(text, matter=str(uuid4()))
    assert answer.status_code == 201, answer.text
    await desk.read()
    return (await cases(who))[0]


async def end(desk: Desk) -> None:
    """Jana ends every chat."""
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "UPDATE interaction SET state = 'ended', first_human_reply_at = opened_at"
        )
