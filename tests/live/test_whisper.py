"""Whispers on the stream: the two of them and the supervisors hear, nobody else ever does."""

from pathlib import Path

from tests.live.dialling import Line, dial
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import Person, cid, running
from tests.make.person import person

from polyphony.store.database import Database


async def heard(line: Line) -> list[str]:
    """The texts of notes that came before the mark."""
    texts: list[str] = []
    while True:
        events = (await line.next("ev"))["events"]
        texts += [one["data"]["text"] for one in events if one.get("entity") == "message"]
        if texts and texts[-1] == "the mark":
            return texts


async def test_only_the_two_and_the_supervisors_hear_a_whisper(
    database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        sales = await department(session, "Sales")
        jana, petr = [await agent(session, sales.id, name=one) for one in ("Jana", "Petr")]
        eva = await person(session, "Eva", roles=["supervisor"], departments=[sales.id])
        auditor = await person(session, "A", roles=["auditor"])
        box = await account(session, sales.id)
        made = await case(session, sales, box, await customer(session), agent=jana)
    async with running(database, tmp_path) as desk:
        people: list[Person] = [await desk.signed_in(one) for one in (jana, petr, eva, auditor)]
        lines = [await dial(desk, one, topics=[f"case:{made.id}"]) for one in people]

        async def say(text: str, **more: str) -> None:
            path = f"/v1/cases/{made.id}/notes"
            answer = await people[2].post(
                path, {"text": text, **more}, **{"Idempotency-Key": cid()}
            )
            assert answer.status_code == 201, answer.text

        await say("a whisper", whisper_to=str(jana))
        await say("the mark")
        found = [await heard(line) for line in lines]
    assert found == [
        ["a whisper", "the mark"],
        ["the mark"],
        ["a whisper", "the mark"],
        ["the mark"],
    ]


async def test_a_whisper_in_a_sealed_matter_reaches_only_who_may_see_it(
    database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        vault = await department(session, "Vault", visibility="sealed")
        jana, petr = [await agent(session, vault.id, name=one) for one in ("Jana", "Petr")]
        eva = await person(session, "Eva", roles=["supervisor"], departments=[vault.id])
        box = await account(session, vault.id)
        made = await case(
            session, vault, box, await customer(session), agent=jana, visibility="sealed"
        )
    async with running(database, tmp_path) as desk:
        people = [await desk.signed_in(one) for one in (jana, petr, eva)]
        lines = [await dial(desk, one) for one in people]
        path = f"/v1/cases/{made.id}/notes"
        for body in ({"text": "a whisper", "whisper_to": str(jana)}, {"text": "the mark"}):
            answer = await people[2].post(path, body, **{"Idempotency-Key": cid()})
            assert answer.status_code == 201, answer.text
        found = [await heard(line) for line in lines]
    assert found == [["a whisper", "the mark"], ["the mark"], ["a whisper", "the mark"]]
