"""A shift: Jana and Petr serve one Queue, in which an item of a chat waits."""

from dataclasses import dataclass
from uuid import UUID

from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.moment import at, new_id
from tests.make.queue import queue

from polyphony.store import offers, work
from polyphony.store.database import Session
from polyphony.store.offers import NewOffer, Stamp


@dataclass
class Shift:
    session: Session
    department: Department
    queue: UUID
    other: UUID
    jana: UUID
    petr: UUID
    item: UUID
    interaction: UUID
    case: UUID

    async def one(self, query, *params):
        row = await (await self.session.execute(query, params)).fetchone()
        return row[0] if len(row) == 1 else row

    async def put(self, query, *params):
        await self.session.execute(query, params)

    async def work(self, *columns):
        names = ", ".join(columns)
        return await self.one(f"SELECT {names} FROM work_item WHERE id = %s", self.item)

    async def status(self, who):
        return await self.one("SELECT status FROM agent_presence WHERE agent_id = %s", who)

    async def load(self, who):
        return await self.one(
            "SELECT routed_units, manual_units FROM agent_load WHERE agent_id = %s", who
        )

    async def offer(self, who, why=None):
        facts = (await work.facts(self.session, [self.item]))[0]
        version = await self.one("SELECT presence_version FROM agent_load WHERE agent_id = %s", who)
        made = NewOffer(new_id(), self.item, who, facts.version, version, at(120), why or {})
        assert await offers.make(self.session, [made], Stamp(None, 0, at())) == {self.item}
        return made.id

    async def state(self, offer):
        return await self.one("SELECT state FROM offer WHERE id = %s", offer)

    async def another(self, channel="chat", **columns):
        """One more item that waits in the Queue; ``columns`` of work_item to set."""
        box = await account(self.session, self.department.id, kind=channel)
        who = await customer(self.session, kind=channel)
        made = await case(
            self.session, self.department, box, who, channel=channel, queue=self.queue
        )
        for name, value in columns.items():
            await self.put(f"UPDATE work_item SET {name} = %s WHERE id = %s", value, made.work_item)
        return made.work_item


async def shift(session: Session) -> Shift:
    made = await department(session)
    box = await account(session, made.id, kind="chat")
    who = await customer(session, kind="chat")
    other = await queue(session, made.id, "Other")
    jana = await agent(session, made.id, name="Jana", queues=[made.triage])
    petr = await agent(session, made.id, name="Petr", queues=[made.triage])
    matter = await case(session, made, box, who, channel="chat", queue=made.triage)
    await session.execute(
        "UPDATE interaction SET state = 'waiting' WHERE id = %s", [matter.interaction]
    )
    return Shift(
        session, made, made.triage, other, jana, petr, matter.work_item, matter.interaction,
        matter.id,
    )  # fmt: skip
