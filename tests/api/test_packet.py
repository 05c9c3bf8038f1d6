"""The packet of a matter that was handed over: what the next one gets, and until when."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb
from tests.make.customer import Customer
from tests.make.department import Department
from tests.make.desk import Person
from tests.make.office import Office as Colleagues
from tests.make.office import opened
from tests.make.queue import queue

from polyphony.store.database import Database, Session


class Office(Colleagues):
    """Jana holds a matter of Olga's; Petr is her colleague, claims are another queue."""

    claims: UUID

    async def furnish(self, session: Session, care: Department, writer: Customer) -> None:
        self.claims = await queue(session, care.id, "Claims")
        await session.execute(
            "UPDATE customer SET attrs = %s WHERE id = %s", [Jsonb({"meter": "42"}), writer.id]
        )
        await session.execute(
            "UPDATE message SET facts = %s WHERE id = %s",
            [Jsonb({"told": {"plan": "green"}}), self.case.message],
        )

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
    async with opened(Office(), database, tmp_path) as made:
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
