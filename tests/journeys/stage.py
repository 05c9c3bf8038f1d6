"""The stage of the widget's journeys: a shop with its agent, and levers a browser may pull."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from psycopg.types.json import Jsonb
from tests.make.chat import Shop, visitor
from tests.make.moment import new_id

from polyphony.app import web as role
from polyphony.channels.chat.parse import parse
from polyphony.flows import chat, confirm, receive, reply, tell_visitor
from polyphony.flows.announce import announce
from polyphony.ports import Outside

Lever = Callable[[Mapping[str, str]], Awaitable[object]]


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Stage:
    """The shop, its agent, and the page the widget stands on."""

    shop: Shop
    outside: Outside
    staff: reply.Staff
    web: role.Web
    base: str
    page: str
    http: httpx.AsyncClient

    async def read_for_ever(self) -> None:
        """Read what arrives, as the worker does."""
        while True:
            async with self.shop.database.transaction() as session:
                taken = await receive.claim(session, 100, now())
            if taken.rows:
                raws = await receive.raws(taken, self.outside)
                batch = [(raw, parse(raw)) for raw in raws]
                async with self.shop.database.transaction() as session:
                    await receive.read(session, batch, now(), self.outside)
            await asyncio.sleep(0.05)

    async def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        async with self.shop.database.reads() as session:
            return await (await session.execute(query, values or None)).fetchall()

    async def answer(self, given: Mapping[str, str]) -> object:
        ((interaction, last),) = await self.rows(
            "SELECT i.id, c.last_item FROM interaction i JOIN case_ c ON c.id = i.case_id"
            " WHERE i.state <> 'ended'"
            " ORDER BY i.state = 'with_agent' DESC, c.last_customer DESC LIMIT 1"
        )
        said = reply.Answer(interaction, given["text"], new_id(), last, undo_s=0, anyway=True)
        async with self.shop.database.transaction() as session:
            await reply.send(session, said, self.staff, now(), self.outside)
        return {}

    async def typing(self, given: Mapping[str, str]) -> object:
        ((case,),) = await self.rows(
            "SELECT case_id FROM interaction ORDER BY opened_at DESC LIMIT 1"
        )
        await self.web.visitors.find_places()
        who = f"person:{self.staff.id}"
        self.web.house.fleeting.say(f"case:{case}", "typing", who, {"mode": given["mode"]})
        return {}

    async def seen(self, given: Mapping[str, str]) -> object:
        """One of us reads everything there is."""
        cases = await self.rows("SELECT id, last_item FROM case_")
        async with self.shop.database.transaction() as session:
            for case, last in cases:
                await session.execute(
                    "INSERT INTO case_read (case_id, person_id, position) VALUES (%s, %s, %s)"
                    " ON CONFLICT (case_id, person_id) DO UPDATE SET position = excluded.position",
                    [case, self.staff.id, last],
                )
                await chat.staff_read(session, case, 0, last)
        return {}

    async def take(self, given: Mapping[str, str]) -> object:
        """Jana takes the newest chat that waits; its visitor reads who is here for him."""
        async with self.shop.database.transaction() as session:
            found = await session.execute(
                "WITH w AS (UPDATE work_item SET state = 'in_work', agent_id = %(jana)s"
                "   WHERE id = (SELECT id FROM work_item WHERE state = 'waiting'"
                "                ORDER BY created_at DESC, id DESC LIMIT 1)"
                " RETURNING interaction_id)"
                " UPDATE interaction i SET state = 'with_agent', agent_id = %(jana)s,"
                "   first_human_reply_at = now() FROM w WHERE i.id = w.interaction_id"
                " RETURNING i.id",
                {"jana": self.staff.id},
            )
            ((talk,),) = await found.fetchall()
            said = await tell_visitor.joined(session, talk, self.staff.id, now())
            await announce(session, actor=self.staff.actor, messages=said)
        return {}

    async def finish(self, given: Mapping[str, str]) -> object:
        """Jana ends the newest chat she talks in."""
        async with self.shop.database.transaction() as session:
            found = await session.execute(
                "UPDATE interaction SET state = 'ended', ended_at = now(), ended_by = 'agent'"
                " WHERE id = (SELECT id FROM interaction WHERE state = 'with_agent'"
                "              ORDER BY opened_at DESC LIMIT 1) RETURNING id"
            )
            ((talk,),) = await found.fetchall()
            await session.execute(
                "UPDATE work_item SET state = 'done' WHERE interaction_id = %s", [talk]
            )
            said = await tell_visitor.ended(session, [talk], now())
            await announce(session, actor=self.staff.actor, messages=said)
        return {}

    async def line(self, given: Mapping[str, str]) -> object:
        """So many others wait before everybody, and chats were taken at a steady pace lately."""
        others = [await visitor(self.http, self.shop.key) for _ in range(int(given["before"]))]
        for one in others:
            await one.say("Waiting too")
        await asyncio.sleep(0.5)
        async with self.shop.database.transaction() as session:
            await session.execute(
                "UPDATE work_item SET waiting_since = waiting_since - interval '5 minutes'"
                " WHERE state = 'waiting' AND id <> (SELECT min(id::text)::uuid FROM work_item"
                "                                     WHERE state = 'waiting')"
            )
            await session.execute(
                "INSERT INTO queue_member (queue_id, agent_id) SELECT triage_queue, %s"
                " FROM department WHERE triage_queue IS NOT NULL ON CONFLICT DO NOTHING",
                [self.staff.id],
            )
            await session.execute(
                "INSERT INTO agent_presence (agent_id, status) VALUES (%s, 'online')"
                " ON CONFLICT (agent_id) DO UPDATE SET status = 'online'",
                [self.staff.id],
            )
            await session.execute(
                "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, left_at, how)"
                " SELECT gen_random_uuid(), w.id, w.queue_id, now() - interval '1 hour'"
                "        + n * interval '1 minute' - interval '8 minutes',"
                "        now() - interval '1 hour' + n * interval '1 minute', 'taken'"
                "   FROM (SELECT id, queue_id, row_number() OVER () AS n FROM work_item) w"
                "  WHERE NOT EXISTS (SELECT FROM queue_stay s"
                "                     WHERE s.work_item_id = w.id AND s.left_at IS NOT NULL)",
            )
        return {}

    async def clear(self, given: Mapping[str, str]) -> object:
        """Nobody waits any more, nobody serves chats, nothing is known of lately."""
        async with self.shop.database.transaction() as session:
            await session.execute("UPDATE work_item SET state = 'cancelled', cancel_why = 'test'")
            await session.execute("UPDATE interaction SET state = 'ended' WHERE state <> 'ended'")
            await session.execute("DELETE FROM queue_stay")
            await session.execute("UPDATE agent_presence SET status = 'offline'")
        return {}

    async def style(self, given: Mapping[str, object]) -> object:
        """Change how the account looks; the caches of the process forget."""
        async with self.shop.database.transaction() as session:
            await session.execute(
                "UPDATE channel_account SET settings = settings || %s WHERE kind = 'chat'",
                [Jsonb(dict(given))],
            )
        return {}

    async def article(self, given: Mapping[str, object]) -> object:
        """Publish an article for everybody, customers too."""
        async with self.shop.database.transaction() as session:
            await session.execute(
                "INSERT INTO article (id, scope, titles, bodies, url)"
                " VALUES (gen_random_uuid(), 'all', %s, '{}', %s)",
                [Jsonb(given["titles"]), given["url"]],
            )
        return {}

    async def drop(self, given: Mapping[str, str]) -> object:
        """Break every socket, as a proxy does."""
        for line in tuple(self.web.house.fan.lines):
            line.close(1012, "dropped")
        return {}

    async def code(self, given: Mapping[str, str]) -> object:
        async with self.shop.database.transaction() as session:
            mails = await confirm.claim(session, now())
        return {"code": self.shop.keys.unseal(mails[-1].sealed, f"code:{mails[-1].id}")}

    async def hours(self, given: Mapping[str, str]) -> object:
        async with self.shop.database.transaction() as session:
            await session.execute(
                "UPDATE calendar SET always = %s, frames = '{}'", [given["open"] == "yes"]
            )
        return {}

    async def state(self, given: Mapping[str, str]) -> object:
        lines = await self.rows(
            "SELECT kind, text, delivery_state, (SELECT count(*) FROM message_file f"
            " WHERE f.message_id = m.id) FROM message m ORDER BY position"
        )
        ((sessions,),) = await self.rows("SELECT count(*) FROM chat_session")
        ((cases,),) = await self.rows("SELECT count(*) FROM case_")
        ((arrivals,),) = await self.rows("SELECT count(*) FROM arrival")
        ratings = await self.rows("SELECT score, words FROM rating")
        mailed = await self.rows(
            "SELECT to_address, m.subject, m.text FROM delivery v JOIN message m"
            " ON m.id = v.message_id WHERE v.account_id = %s",
            self.shop.mailbox,
        )
        told = await self.rows("SELECT facts->'told' FROM message WHERE facts ? 'told'")
        return {
            "lines": lines,
            "sessions": sessions,
            "cases": cases,
            "arrivals": arrivals,
            "ratings": ratings,
            "mailed": mailed,
            "told": [one for (one,) in told],
        }

    def levers(self) -> Mapping[str, Lever]:
        """Everything a script of the browser may pull."""
        return {
            "answer": self.answer,
            "typing": self.typing,
            "seen": self.seen,
            "drop": self.drop,
            "code": self.code,
            "hours": self.hours,
            "state": self.state,
            "take": self.take,
            "finish": self.finish,
            "line": self.line,
            "clear": self.clear,
            "style": self.style,
            "article": self.article,
        }
