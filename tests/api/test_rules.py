"""The bench of rules over HTTP: one message, the last days, faults and versions; no traces."""

import base64
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, running
from tests.make.moment import new_id
from tests.make.person import person
from tests.make.queue import queue
from tests.threats.world import fingerprint, tables

from polyphony.flows import try_out
from polyphony.store.database import Database


@dataclass
class House:
    database: Database
    root: Person
    department: Department
    billing: UUID
    account: UUID
    eva: UUID


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    async with database.transaction() as session:
        made = await department(session, "Mail")
        admin = await person(session, "Root", roles=["admin"])
        billing = await queue(session, made.id, "Billing")
        skill = new_id()
        await session.execute(
            "INSERT INTO skill (id, key, kind) VALUES (%s, 'lang.cs', 'language')", [skill]
        )
        eva = await agent(session, made.id, name="Eva", queues=[billing, made.triage])
        await agent(session, made.id, name="Jan", queues=[billing])
        await session.execute(
            "INSERT INTO agent_skill (agent_id, skill_id, level) VALUES (%s, %s, 4)", [eva, skill]
        )
        await session.execute("UPDATE agent_presence SET status = 'online'")
        door = await account(session, made.id)
    async with running(database, tmp_path) as desk:
        root = await desk.signed_in(admin)
        yield House(database, root, made, billing, door, eva)


def draft(house: House) -> list[dict[str, object]]:
    need = {"skill": "lang.cs", "min_level": 3}
    return [
        {"id": "pl", "when": "language == 'pl'", "queue": str(house.department.triage)},
        {
            "id": "bills",
            "when": "subject.contains('Faktura') && language == 'cs'",
            "queue": str(house.billing),
            "requirements": [need],
        },
    ]


async def test_a_message_shows_rule_queue_target_and_agents_and_leaves_no_trace(
    house: House,
) -> None:
    async with house.database.reads() as session:
        names = await tables(session)
        before = await fingerprint(session, names)
    asked = {
        "account_id": str(house.account),
        "address": "new@customer.example",
        "subject": "Faktura 2026/114",
        "text": "Dobrý den, částka na faktuře není správná. Prosím o opravu.",
        "rules": draft(house),
    }
    answered = await house.root.post("/v1/rules/bench", asked)
    assert answered.status_code == 200, answered.text
    told = answered.json()
    assert [one["outcome"] for one in told["rules"]] == ["not_matched", "matched"]
    assert told["rules"][0]["parts"][0]["facts"] == {"language": "cs"}
    assert told["queue_id"] == str(house.billing)
    assert told["needs"][0]["skill"] == "lang.cs"
    assert told["target_s"] == 4 * 3600
    assert told["open"]
    seats = {one["agent_id"]: one["code"] for one in told["seats"]}
    assert seats[str(house.eva)] == "free"
    assert sorted(seats.values()) == ["free", "no_skill"]
    assert told["offer"]["agent_id"] == str(house.eva)
    async with house.database.reads() as session:
        assert await fingerprint(session, names) == before


async def test_a_whole_mail_is_read_as_the_worker_reads_it(house: House) -> None:
    mail = (
        "From: Jan Novák <jan@customer.example>\r\nTo: desk@desk.example\r\n"
        "Subject: =?utf-8?q?Faktura_=C4=8D=2E_7?=\r\nMessage-ID: <1@x>\r\n"
        "Auto-Submitted: auto-replied\r\n\r\nDobrý den, děkuji za zprávu, jsem na dovolené.\r\n"
    )
    asked = {
        "account_id": str(house.account),
        "raw": base64.b64encode(mail.encode()).decode(),
        "rules": [{"id": "auto", "when": "automated != 'no'", "queue": str(house.billing)}],
    }
    answered = await house.root.post("/v1/rules/bench", asked)
    assert answered.status_code == 200, answered.text
    told = answered.json()
    assert told["message"]["subject"] == "Faktura č. 7"
    assert told["message"]["address"] == "jan@customer.example"
    assert told["message"]["automated"] == "auto_reply"
    assert told["rules"][0]["outcome"] == "matched"
    broken = await house.root.post("/v1/rules/bench", {**asked, "raw": "%%%"})
    assert (broken.status_code, broken.json()["code"]) == (422, "rule.mail_unreadable")


async def test_a_dry_run_counts_what_would_go_elsewhere(house: House) -> None:
    async with house.database.transaction() as session:
        for subject in ("Faktura 1", "Faktura 2", "Dotaz"):
            made = await case(
                session, house.department, house.account, await customer(session),
                queue=house.department.triage,
            )  # fmt: skip
            await session.execute(
                "UPDATE message SET subject = %s, language = 'cs' WHERE id = %s",
                [subject, made.message],
            )
            await session.execute("UPDATE case_ SET opened_at = now() WHERE id = %s", [made.id])
    answered = await house.root.post("/v1/rules/dry_run", {"rules": draft(house)})
    assert answered.status_code == 200, answered.text
    told = answered.json()
    assert (told["cases"], told["queues"], told["others"]) == (3, 2, 0)
    triage, billing = str(house.department.triage), str(house.billing)
    assert told["moves"] == [{"from": triage, "to": billing, "cases": 2}]
    assert told["hits"] == {"bills": 2}
    assert {one["to"] for one in told["samples"]} == {billing}


async def test_a_dry_run_in_pages_says_what_single_runs_say(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = ["Faktura 1", "Dotaz", "", "Faktura 2", "Faktura a dotaz", "Smlouva", "Faktura 3"]
    async with house.database.transaction() as session:
        for number, subject in enumerate(subjects):
            made = await case(session, house.department, house.account, await customer(session))
            await session.execute(
                "UPDATE message SET subject = %s, language = 'cs', kind = %s WHERE id = %s",
                [subject, "in" if subject else "out", made.message],
            )
            await session.execute(
                "UPDATE case_ SET opened_at = now() - %s * interval '1 hour' WHERE id = %s",
                [number, made.id],
            )
    queue = str(house.billing)
    ask = {"id": "ask", "when": "subject.contains('otaz')", "urgency": "high", "continue": True}
    for lines in ([*draft(house), ask], [ask, *draft(house)], [{**ask, "queue": queue}]):
        wanted = [await single(house, one, lines) for one in subjects if one]
        monkeypatch.setattr(try_out, "PAGE", 2)
        monkeypatch.setattr(try_out, "CASES_MAX", 4)
        told = (await house.root.post("/v1/rules/dry_run", {"rules": lines})).json()
        assert (told["cases"], told["more"]) == (4, True)
        assert told["queues"] == sum(one["queue_id"] == queue for one in wanted[:4])
        monkeypatch.setattr(try_out, "CASES_MAX", 6)  # the page of the first ask is not the last
        told = (await house.root.post("/v1/rules/dry_run", {"rules": lines})).json()
        assert told["cases"] == 6
        assert told["hits"] == Counter(hit for one in wanted for hit in one["why"]["rules"])
        assert told["queues"] == sum(one["queue_id"] == queue for one in wanted)
        assert told["others"] == sum(
            one["queue_id"] != queue and one["urgency"] == "high" for one in wanted
        )
        moved = [one["why"]["rules"] for one in wanted if one["why"]["rules"]]
        assert [one["rules"] for one in told["samples"]] == moved


async def single(house: House, subject: str, lines: list[dict[str, object]]) -> dict[str, Any]:
    """What the bench says of one message that is like one of the past."""
    text = "Dobrý den, prosím o odpověď na mou zprávu."
    asked = {"account_id": str(house.account), "subject": subject, "text": text, "rules": lines}
    told = (await house.root.post("/v1/rules/bench", asked)).json()
    assert told["message"]["language"] == "cs"
    found: dict[str, Any] = told
    return found


async def test_faults_come_with_places_and_versions_with_their_authors(house: House) -> None:
    odd = [{"id": "x", "when": "langage == 'cs'"}]
    checked = (await house.root.post("/v1/rules/check", {"rules": odd})).json()
    assert [(one["code"], one["column"]) for one in checked["faults"]] == [
        ("rule.unknown_variable", 1)
    ]
    for tag, lines in (('"0"', draft(house)), ("*", [])):
        saved = await house.root.http.put(
            "/v1/rules", json={"rules": lines}, headers={"If-Match": tag}
        )
        assert saved.status_code == 200, saved.text
    found = (await house.root.get("/v1/rules/versions", limit=1))["items"]
    assert [(one["by_name"], one["rules"]) for one in found] == [("Root", [])]
    older = await house.root.get("/v1/rules/versions", before=found[0]["version"])
    assert [len(one["rules"]) for one in older["items"]] == [2]
