"""Snippets, articles and macros over HTTP: whose they are, what they refuse, what macros do."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running
from tests.make.person import person

from polyphony.channels.chat.client import ChatChannel
from polyphony.domain.channel import ChannelKind
from polyphony.store.database import Database


class Office:
    """Jana and Petr of one department, Eva of another, an administrator, a Case in Jana's work."""

    desk: Running
    database: Database
    care: Department
    bills: Department
    jana: Person
    petr: Person
    eva: Person
    admin: Person
    case: Case

    async def one(self, query: str, *values: object) -> object:
        async with self.database.reads() as session:
            found = await session.execute(query, list(values) or None)
            row = await found.fetchone()
            return row[0] if row and len(row) == 1 else row


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office()
    made.database = database
    async with database.transaction() as session:
        made.care, made.bills = await department(session), await department(session)
        triage = made.care.triage
        ids: list[UUID] = [
            await agent(session, made.care.id, name=name, queues=[triage])
            for name in ("Jana Malá", "Petr")
        ]
        ids.append(await agent(session, made.bills.id, name="Eva"))
        ids.append(await person(session, "Root", roles=["admin"]))
        box = await account(session, made.care.id)
        who = await customer(session, name="Olga Němcová")
        made.case = await case(session, made.care, box, who, agent=ids[0])
    async with running(database, tmp_path, {ChannelKind.CHAT: ChatChannel()}) as made.desk:
        made.jana, made.petr, made.eva, made.admin = [await made.desk.signed_in(one) for one in ids]
        yield made


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


HELLO = {"shortcut": "hi", "name": "Greeting", "bodies": {"en": "Hello {{customer.first_name}}"}}


async def names(who: Person, path: str) -> list[str]:
    return [one["name"] for one in (await who.get(path))["items"]]


async def test_a_personal_snippet_is_found_by_its_owner_only(office: Office) -> None:
    made = await office.jana.post("/v1/snippets", HELLO)
    assert made.status_code == 201, made.text
    assert made.json()["scope"] == "personal"
    assert await names(office.jana, "/v1/snippets") == ["Greeting"]
    assert await names(office.petr, "/v1/snippets") == []
    path = f"/v1/snippets/{made.json()['id']}"
    assert (await office.petr.http.patch(path, json={"name": "Mine"})).status_code == 404
    assert (await office.petr.http.delete(path)).status_code == 404
    changed = await office.jana.http.patch(path, json={"name": "Hi"}, headers={"If-Match": '"1"'})
    assert changed.json()["version"] == 2
    late = await office.jana.http.patch(path, json={"name": "Ho"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert late.json()["current"]["name"] == "Hi"
    assert (await office.jana.http.delete(path)).status_code == 204
    assert await names(office.jana, "/v1/snippets") == []


async def test_a_department_s_snippet_is_found_by_its_members_and_kept_by_the_administrator(
    office: Office,
) -> None:
    wish = HELLO | {"scope": "department", "department_id": str(office.care.id)}
    assert (await office.jana.post("/v1/snippets", wish)).status_code == 403
    assert (await office.admin.post("/v1/snippets", wish)).status_code == 201
    assert await names(office.petr, "/v1/snippets") == ["Greeting"]
    assert await names(office.eva, "/v1/snippets") == []
    twice = await office.admin.post("/v1/snippets", wish)
    assert (twice.status_code, twice.json()["code"]) == (409, "snippet.shortcut_taken")
    nowhere = await office.admin.post("/v1/snippets", HELLO | {"scope": "department"})
    assert nowhere.status_code == 422


async def test_nobody_makes_his_own_snippet_everybody_s(office: Office) -> None:
    made = (await office.jana.post("/v1/snippets", HELLO)).json()
    path = f"/v1/snippets/{made['id']}"
    assert (await office.jana.http.patch(path, json={"scope": "all"})).status_code == 403
    assert await names(office.petr, "/v1/snippets") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"bodies": {}},
        {"bodies": {"en": "  "}},
        {"bodies": {"de": "Hallo"}},
        {"shortcut": "two words"},
        {"shortcut": "/x"},
        {"name": " "},
        {"channels": ["pigeon"]},
    ],
)
async def test_what_is_no_snippet_is_refused(office: Office, wrong: dict[str, object]) -> None:
    assert (await office.jana.post("/v1/snippets", HELLO | wrong)).status_code == 422


async def test_articles_are_found_whatever_the_accents(office: Office) -> None:
    for title in ("Vrácení peněz", "100 % sleva"):
        wish = {"titles": {"cs": title}, "bodies": {"cs": "Peníze vracíme do týdne."}}
        assert (await office.admin.post("/v1/articles", wish)).status_code == 201
    found = await office.eva.get("/v1/articles", q="vraceni PENEZ")
    assert [one["titles"]["cs"] for one in found["items"]] == ["Vrácení peněz"]
    assert len((await office.eva.get("/v1/articles", q="penize"))["items"]) == 2
    percent = await office.eva.get("/v1/articles", q="100 %")
    assert [one["titles"]["cs"] for one in percent["items"]] == ["100 % sleva"]
    assert (await office.eva.get("/v1/articles", q="_"))["items"] == []


async def _macro(who: Person, steps: list[dict[str, object]]) -> str:
    made = await who.post("/v1/macros", {"name": str(uuid4()), "steps": steps})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def _run(office: Office, macro: str, seen: int | None = None) -> object:
    path = f"/v1/cases/{office.case.id}/macros/{macro}"
    last = office.case.position if seen is None else seen
    return await office.jana.post(path, {"expected_last_item": last}, **key())


async def test_a_macro_does_all_its_steps_at_once(office: Office) -> None:
    macro = await _macro(
        office.jana,
        [
            {"do": "tag", "add": ["late"]},
            {"do": "priority", "to": "high"},
            {"do": "note", "text": "Asked the depot."},
            {"do": "reply", "bodies": {"en": "Dear {{customer.first_name}}, {{agent.name}}"}},
            {"do": "solve"},
        ],
    )
    ran = await _run(office, macro)
    assert ran.status_code == 200, ran.text
    told = ran.json()
    assert (told["case"]["tags"], told["case"]["priority"]) == (["late"], "high")
    assert [one["text"] for one in told["messages"]] == [
        *("Asked the depot.", "Dear Olga, Jana Malá"),
    ]
    held = told["messages"][1]["delivery"]
    assert (held["state"], held["why"]) == ("held", "undo")
    assert (await office.jana.post(f"/v1/deliveries/{held['id']}/release")).status_code == 200
    assert await office.one("SELECT state FROM case_ WHERE id = %s", office.case.id) == "solved"


async def test_a_macro_that_cannot_end_leaves_nothing_behind(office: Office) -> None:
    macro = await _macro(
        office.jana,
        [
            {"do": "tag", "add": ["late"]},
            {"do": "reply", "bodies": {"en": "Yours, {{brand.name}}"}},
        ],
    )
    ran = await _run(office, macro)
    assert (ran.status_code, ran.json()["code"]) == (422, "reply.unresolved")
    assert ran.json()["names"] == ["brand.name"]
    assert await office.one("SELECT tags FROM case_ WHERE id = %s", office.case.id) == []
    late = await _run(
        office, await _macro(office.jana, [{"do": "reply", "bodies": {"en": "x"}}]), 0
    )
    assert late.json()["code"] == "case.moved_on"


async def test_a_macro_snoozes_and_queues_one_s_own_work(office: Office) -> None:
    queue = str(office.bills.triage)
    moved = await _run(office, await _macro(office.jana, [{"do": "queue", "queue_id": queue}]))
    assert moved.json()["work_items"][0]["queue_id"] == queue, moved.text
    mine = await _run(office, await _macro(office.jana, [{"do": "assign", "to": "me"}]))
    assert mine.json()["work_items"][0]["agent_id"] == str(office.jana.id), mine.text
    later = await _run(office, await _macro(office.jana, [{"do": "snooze", "hours": 2}]))
    assert later.json()["work_items"][0]["state"] == "parked", later.text


async def test_a_macro_gives_work_to_others_only_for_a_lead(office: Office) -> None:
    macro = await _macro(office.jana, [{"do": "assign", "to": str(office.petr.id)}])
    assert (await _run(office, macro)).status_code == 403


async def test_a_macro_of_somebody_else_cannot_be_run(office: Office) -> None:
    macro = await _macro(office.petr, [{"do": "note", "text": "x"}])
    assert (await _run(office, macro)).status_code == 404
    wrong = await office.jana.post("/v1/macros", {"name": "x", "steps": [{"do": "fly"}]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "macro.step")
