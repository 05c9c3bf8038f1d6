"""What an administrator sets up over HTTP: people, departments, queues, skills, accounts, rules."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.make.desk import Person, Running, running
from tests.make.person import person

from polyphony.store.database import Database


class House:
    desk: Running
    database: Database
    root: Person


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    made = House()
    made.database = database
    async with database.transaction() as session:
        admin = await person(session, "Root", roles=["admin", "agent"])
    async with running(database, tmp_path) as made.desk:
        made.root = await made.desk.signed_in(admin)
        yield made


async def test_an_empty_house_gets_a_department_a_queue_a_person_and_a_skill(house: House) -> None:
    root = house.root
    made = await root.post("/v1/departments", {"name": "Loans"})
    assert made.status_code == 201, made.text
    department = made.json()
    assert department["triage_queue"]
    again = await root.post("/v1/departments", {"name": "Loans"})
    assert again.status_code == 409
    queue = await root.post("/v1/queues", {"name": "Calls", "department_id": department["id"]})
    skill = await root.post(
        "/v1/skills", {"key": "lang.cs", "kind": "language", "name": {"en": "Czech"}}
    )
    assert (queue.status_code, skill.status_code) == (201, 201)
    invited = await root.post(
        "/v1/people",
        {"name": "Eva", "email": "Eva@Desk.Example", "departments": [department["id"]]},
    )
    assert invited.status_code == 201, invited.text
    eva = invited.json()["person"]
    assert eva["agent"]
    assert eva["email"] == "eva@desk.example"
    path = f"/v1/agents/{eva['id']}"
    body = {"cap_max": 66, "skills": [{"skill_id": skill.json()["id"], "level": 4}]}
    agent = (await root.http.patch(path, json=body)).json()
    assert (agent["cap_max"], agent["skills"][0]["level"]) == (66, 4)
    members = await root.http.put(
        f"/v1/queues/{queue.json()['id']}/members", json=[{"agent_id": eva["id"], "rank": 2}]
    )
    assert [one["name"] for one in members.json()["items"]] == ["Eva"]
    began = await root.get("/v1/bootstrap", view="all")
    assert department["id"] in began["me"]["departments"]  # who founds it belongs to it
    assert {one["name"] for one in began["queues"]} == {"Triage", "Calls"}
    browser = house.desk.browser()
    token = invited.json()["link"].partition("#/link/")[2]
    entered = await browser.post("/v1/sign_ins/link", json={"token": token})
    assert entered.json()["person"]["name"] == "Eva"


async def test_secrets_of_an_account_are_sealed_and_never_come_back(house: House) -> None:
    root = house.root
    department = (await root.post("/v1/departments", {"name": "Mail"})).json()["id"]
    word = f"secret-{uuid4()}"
    made = await root.post(
        "/v1/channel_accounts",
        {
            "kind": "email",
            "name": "Desk",
            "address": "Desk@Mail.Example",
            "department_id": department,
            "settings": {"imap_host": "127.0.0.1"},
            "secrets": {"imap_password": word},
        },
    )
    assert made.status_code == 201, made.text
    account = made.json()
    assert account["secrets_set"] == ["imap_password"]
    assert account["address"] == "desk@mail.example"
    listed = await root.http.get("/v1/channel_accounts")
    assert word not in made.text + listed.text
    path = f"/v1/channel_accounts/{account['id']}"
    blind = await root.http.patch(path, json={"name": "New"})
    assert blind.status_code == 428
    tag = {"If-Match": made.headers["etag"]}
    named = await root.http.patch(path, json={"name": "New"}, headers=tag)
    assert (named.status_code, named.json()["secrets_set"]) == (200, ["imap_password"])
    late = await root.http.patch(path, json={"name": "Late"}, headers=tag)
    assert late.status_code == 412
    assert late.json()["current"]["name"] == "New"
    wrong = await root.post(
        "/v1/channel_accounts",
        {
            "kind": "email",
            "name": "x",
            "address": "b@mail.example",
            "department_id": department,
            "settings": {"imap_password": "in the open"},
        },
    )
    assert wrong.status_code == 422
    assert (await root.post(f"{path}/pause")).json()["state"] == "paused"
    assert (await root.post(f"{path}/resume")).json()["state"] == "working"
    dump = await _everything(house.database)
    assert word not in dump


async def _everything(database: Database) -> str:
    async with database.reads() as session:
        found = await session.execute(
            "SELECT (SELECT string_agg(a::text, '') FROM channel_account a)"
            " || (SELECT string_agg(e::text, '') FROM event e)"
            " || (SELECT string_agg(u::text, '') FROM audit u)"
        )
        return str((await found.fetchone())[0])


async def test_rules_are_checked_versioned_and_can_be_tried(house: House) -> None:
    root = house.root
    department = (await root.post("/v1/departments", {"name": "Rules"})).json()
    line = {"id": "cs", "when": "language == 'cs'", "queue": department["triage_queue"]}
    blind = await root.http.put("/v1/rules", json={"rules": [line]})
    assert blind.status_code == 428
    first = await root.http.put("/v1/rules", json={"rules": [line]}, headers={"If-Match": '"0"'})
    assert first.status_code == 200, first.text
    late = await root.http.put("/v1/rules", json={"rules": []}, headers={"If-Match": '"0"'})
    assert late.status_code == 412
    odd = [{"id": "x", "when": "no_such_word == 1"}]
    now = first.headers["etag"]
    wrong = await root.http.put("/v1/rules", json={"rules": odd}, headers={"If-Match": now})
    assert wrong.status_code == 422
    tried = await root.post("/v1/rules/try", {"facts": {"channel": "email", "language": "cs"}})
    assert tried.json()["queue_id"] == department["triage_queue"]
    other = await root.post("/v1/rules/try", {"facts": {"channel": "email", "language": "pl"}})
    assert other.json()["queue_id"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "frames": {"9": [["08:00", "12:00"]]}},
        {"name": "x", "frames": {"1": [["12:00", "08:00"]]}},
        {"name": "x", "frames": {"1": [["8"]]}},
        {"name": "x", "zone": "Mars/Base"},
        {"name": "x", "exceptions": {"2026-99-99": []}},
    ],
)
async def test_hours_nobody_can_compute_are_refused(house: House, body: dict[str, object]) -> None:
    answer = await house.root.post("/v1/calendars", body)
    assert answer.status_code == 422, answer.text


async def test_things_that_refer_to_nothing_are_refused_in_words(house: House) -> None:
    nowhere = str(uuid4())
    for path, body in (
        ("/v1/queues", {"name": "q", "department_id": nowhere}),
        ("/v1/people", {"name": "n", "email": "n@d.example", "departments": [nowhere]}),
        ("/v1/departments", {"name": "d", "calendar_id": nowhere}),
    ):
        answer = await house.root.post(path, body)
        assert answer.status_code == 422, (path, answer.text)


async def test_the_last_administrator_cannot_be_lost(house: House) -> None:
    path = f"/v1/people/{house.root.id}"
    assert (await house.root.http.patch(path, json={"roles": ["agent"]})).status_code == 409
    assert (await house.root.post(f"{path}/disable")).status_code == 409


async def test_what_a_configuration_does_not_know_is_refused_by_its_name(house: House) -> None:
    root = house.root
    made = (await root.post("/v1/departments", {"name": "Loans"})).json()
    queue = f"/v1/queues/{made['triage_queue']}"
    for body, name in (
        ({"requirements": [{"skill": "cs", "level": 3}]}, "level"),
        ({"targets": {"email": {"first_respnse_s": 60}}}, "first_respnse_s"),
        ({"targets": {"emial": {"first_response_s": 60}}}, "emial"),
        ({"offer_timeout_s": {"fax": 30}}, "fax"),
        ({"channels": ["fax"]}, "channels"),
        ({"wieght_milli": 10}, "wieght_milli"),
    ):
        refused = await root.http.patch(queue, json=body)
        assert refused.status_code == 422, body
        assert name in refused.text
    kept = await root.http.patch(
        queue,
        json={
            "targets": {"email": {"first_response_s": 60}},
            "offer_timeout_s": {"chat": 20},
            "requirements": [{"skill": "cs", "min_level": 2}],
        },
    )
    assert kept.status_code == 200, kept.text
    assert kept.json()["targets"]["email"]["first_response_s"] == 60
    lines = [{"id": "loans", "when": "true", "qeue": made["triage_queue"]}]
    refused = await root.http.put("/v1/rules", json={"rules": lines}, headers={"If-Match": '"0"'})
    assert (refused.status_code, refused.json()["names"]) == (422, ["qeue"])
    tried = await root.post("/v1/rules/try", {"facts": {"channel": "email", "subjekt": "x"}})
    assert (tried.status_code, tried.json()["names"]) == (422, ["subjekt"])


async def test_an_account_sends_as_fast_as_its_setting_says(house: House) -> None:
    root = house.root
    place = (await root.post("/v1/departments", {"name": "Loans"})).json()
    body = {
        "kind": "email", "name": "Box", "address": "box@desk.example",
        "department_id": place["id"], "settings": {"per_minute": 120},
    }  # fmt: skip
    made = await root.post("/v1/channel_accounts", body)
    assert made.status_code == 201, made.text
    path = f"/v1/channel_accounts/{made.json()['id']}"
    assert await _rates(house) == [(2.0, 20.0)]
    for settings, rates in (({"per_minute": 6}, [(0.1, 1.0)]), ({}, [])):
        version = (await root.get("/v1/channel_accounts"))["items"][0]["version"]
        changed = await root.http.patch(
            path, json={"settings": settings}, headers={"If-Match": f'"{version}"'}
        )
        assert changed.status_code == 200, changed.text
        assert await _rates(house) == rates
    wrong = await root.post("/v1/channel_accounts", body | {"settings": {"per_minute": 0}})
    assert wrong.status_code == 422
    assert wrong.json()["name"] == "per_minute"


async def _rates(house: House) -> list[tuple[float, float]]:
    async with house.database.reads() as session:
        found = await session.execute("SELECT rate, burst FROM account_rate")
        return [(rate, burst) for rate, burst in await found.fetchall()]


async def test_the_configuration_goes_out_and_in_as_a_file_with_history_and_revert(
    house: House,
) -> None:
    root = house.root
    made = (await root.post("/v1/departments", {"name": "Files"})).json()
    text = (await root.http.get("/v1/config")).text
    assert "Files / Triage: {}" in text
    assert "password" not in text
    wrong = await root.post("/v1/config/diff", {"text": text + "nonsense: 1\n"})
    line = text.count("\n") + 1
    assert [one["line"] for one in wrong.json()["faults"]] == [line]
    refused = await root.post("/v1/config/apply", {"text": text + "nonsense: 1\n"})
    assert (refused.status_code, refused.json()["faults"][0]["line"]) == (422, line)
    other = text.replace("Files / Triage: {}", "Files / Triage: {wrap_up_s: 30}")
    told = (await root.post("/v1/config/diff", {"text": other})).json()
    fields = [{"name": "wrap_up_s", "before": 0, "after": 30}]
    change = {"section": "queues", "name": "Files / Triage", "op": "change", "fields": fields}
    assert told == {"changes": [change], "faults": []}
    assert (await root.http.get("/v1/config")).text == text
    applied = await root.post("/v1/config/apply", {"text": other})
    assert applied.json()["changes"] == [change]
    newest = (await root.get("/v1/config/history", limit=1))["items"][0]
    assert (newest["noun"], newest["how"], newest["by_name"]) == ("queue", "import", "Root")
    assert newest["fields"] == fields
    path = f"/v1/config/history/{newest['id']}/revert"
    assert (await root.post(path)).status_code == 200
    assert (await root.http.get("/v1/config")).text == text
    assert (await root.post(path)).status_code == 409
    queue = f"/v1/queues/{made['triage_queue']}"
    await root.http.patch(queue, json={"wrap_up_s": 5})
    of_queue = await root.get("/v1/config/history", entity=made["triage_queue"])
    assert [one["how"] for one in of_queue["items"]] == ["edit", "revert", "import"]


async def test_hours_close_on_holidays_say_so_and_go_when_nobody_works_by_them(
    house: House,
) -> None:
    root = house.root
    week = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}
    body = {"name": "Office", "zone": "Europe/Prague", "frames": week, "country": "CZ"}
    made = await root.post("/v1/calendars", {**body, "worked": ["hus"]})
    assert made.status_code == 201, made.text
    path = f"/v1/calendars/{made.json()['id']}"
    department = (await root.post("/v1/departments", {"name": "Brno"})).json()
    link = {"calendar_id": made.json()["id"]}
    await root.http.patch(f"/v1/departments/{department['id']}", json=link)
    listed = {one["name"]: one for one in (await root.get("/v1/calendars"))["items"]}
    assert (listed["Office"]["country"], listed["Office"]["worked"]) == ("CZ", ["hus"])
    assert listed["Office"]["open"] is (listed["Office"]["opens_at"] is None)
    assert (await root.http.delete(path)).status_code == 409
    free = (await root.post("/v1/calendars", {**body, "name": "Free"})).json()
    assert (await root.http.delete(f"/v1/calendars/{free['id']}")).status_code == 204
    for wrong in ({"country": "XX"}, {"zone": "Mars/Base"}, {"frames": {"1": [["9", "8"]]}}):
        assert (await root.post("/v1/calendars", {**body, **wrong})).status_code == 422
    days = (await root.get("/v1/holidays", country="CZ", year=2026))["items"]
    assert {"date": "2026-07-06", "key": "hus"} in days
    assert (await root.http.get("/v1/holidays?country=XX&year=2026")).status_code == 422
