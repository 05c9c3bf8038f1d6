"""The packet of a matter that was handed over: what the next one gets, and until when."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import Person, Running, running
from tests.make.queue import queue

from polyphony.store.database import Database


class Office:
    """Jana holds a matter of Olga's; Petr is her colleague, claims are another queue."""

    desk: Running
    database: Database
    jana: Person
    petr: Person
    case: Case
    claims: UUID

    async def packet(self, who: Person) -> dict[str, object] | None:
        return (await who.get(f"/v1/cases/{self.case.id}"))["packet"]

    async def answer(self, who: Person, text: str) -> None:
        path = f"/v1/interactions/{self.case.interaction}/messages"
        body = {"text": text, "expected_last_item": 2**40, "undo_s": 0, "join": True}
        sent = await who.post(path, {**body, "then": "open"}, **{"Idempotency-Key": str(uuid4())})
        assert sent.status_code == 201, sent.text
        async with self.database.transaction() as session:
            await session.execute("UPDATE message SET delivery_state = 'sent' WHERE kind = 'out'")

    async def transfer(self, note: str) -> None:
        path = f"/v1/work_items/{self.case.work_item}/transfer"
        moved = await self.jana.post(path, {"queue_id": str(self.claims), "note": note})
        assert moved.status_code == 200, moved.text


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office()
    made.database = database
    async with database.transaction() as session:
        care = await department(session)
        ids: list[UUID] = [await agent(session, care.id, name=name) for name in ("Jana", "Petr")]
        made.claims = await queue(session, care.id, "Claims")
        box = await account(session, care.id)
        olga = await customer(session, name="Olga Němcová", level=2)
        made.case = await case(session, care, box, olga, agent=ids[0])
        await session.execute(
            "UPDATE customer SET attrs = %s WHERE id = %s", [Jsonb({"meter": "42"}), olga.id]
        )
        await session.execute(
            "UPDATE message SET facts = %s WHERE id = %s",
            [Jsonb({"told": {"plan": "green"}}), made.case.message],
        )
    async with running(database, tmp_path) as made.desk:
        made.jana, made.petr = [await made.desk.signed_in(one) for one in ids]
        yield made


async def test_a_transfer_brings_facts_identity_and_what_was_tried(office: Office) -> None:
    assert await office.packet(office.petr) is None
    await office.answer(office.jana, "Please read the meter.")
    await office.transfer("She has read it twice; ask nobody for the number again.")
    packet = await office.packet(office.petr)
    assert packet is not None
    told = {name: packet[name] for name in ("by", "note", "wants", "told", "known")}
    assert told == {
        "by": "Jana",
        "note": "She has read it twice; ask nobody for the number again.",
        "wants": "Where is my parcel?",
        "told": {"plan": "green"},
        "known": {"meter": "42"},
    }
    assert packet["proved"]["level"] == 2
    assert [(one["by"], one["text"]) for one in packet["tried"]] == [
        ("Jana", "Please read the meter.")
    ]


async def test_the_packet_goes_when_somebody_has_answered(office: Office) -> None:
    await office.transfer("")
    packet = await office.packet(office.petr)
    assert packet is not None
    assert (packet["note"], packet["tried"]) == ("", [])
    await office.answer(office.petr, "It comes tomorrow.")
    assert await office.packet(office.petr) is None
