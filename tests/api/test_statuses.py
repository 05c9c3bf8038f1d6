"""Statuses of the house over HTTP, in the configuration file and its history; stepping in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.make.agent import agent
from tests.make.department import department
from tests.make.desk import Person, Running, running
from tests.make.person import person

from polyphony.store.database import Database

TRAINING = {
    "key": "training",
    "name": {"en": "Training", "cs": "Školení"},
    "matrix": {"email": "finish", "chat": "transfer_only"},
    "reasons": ["new colleague"],
    "colour": "note",
}


class House:
    desk: Running
    root: Person
    boss: Person
    jana: Person


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    made = House()
    async with database.transaction() as session:
        care = await department(session)
        root = await person(session, "Root", roles=["admin"])
        boss = await person(session, "Boss", roles=["supervisor"], departments=[care.id])
        jana = await agent(session, care.id, name="Jana")
    async with running(database, tmp_path) as made.desk:
        made.root, made.boss, made.jana = [
            await made.desk.signed_in(one) for one in (root, boss, jana)
        ]
        yield made


async def test_a_status_is_made_chosen_changed_and_taken_away(house: House) -> None:
    made = await house.root.post("/v1/presence_statuses", TRAINING)
    assert made.status_code == 201, made.text
    path = f"/v1/presence_statuses/{made.json()['id']}"
    told = (await house.jana.get("/v1/bootstrap"))["presence_statuses"]
    assert [one["key"] for one in told[:4]] == ["online", "busy", "break", "offline"]
    assert told[-1]["matrix"] == TRAINING["matrix"]
    chosen = await house.jana.http.put("/v1/presence", json={"status": "training"})
    assert chosen.json()["presence"]["status"] == "training"
    used = await house.root.http.delete(path)
    assert (used.status_code, used.json()["code"]) == (409, "presence_status.in_use")
    changed = await house.root.http.patch(path, json={"reasons": ["course"]})
    assert changed.json()["reasons"] == ["course"]
    assert (await house.jana.http.put("/v1/presence", json={"status": "online"})).is_success
    assert (await house.root.http.delete(path)).status_code == 204
    gone = await house.jana.http.put("/v1/presence", json={"status": "training"})
    assert gone.status_code == 422


async def test_the_file_carries_statuses_and_a_change_is_taken_back(house: House) -> None:
    text = "version: 1\nstatuses:\n  training: {name: {en: Training}, matrix: {email: 'on'}}\n"
    applied = await house.root.post("/v1/config/apply", {"text": text})
    assert applied.is_success, applied.text
    again = await house.root.post("/v1/config/diff", {"text": text})
    assert again.json()["changes"] == []
    wrong = "version: 1\nstatuses:\n  busy: {matrix: {email: 'on'}}\n"
    assert (await house.root.post("/v1/config/apply", {"text": wrong})).status_code in {409, 422}
    history = (await house.root.get("/v1/config/history"))["items"]
    line = next(one for one in history if one["noun"] == "presence_status")
    back = await house.root.post(f"/v1/config/history/{line['id']}/revert")
    assert back.is_success, back.text
    keys = [one["key"] for one in (await house.root.get("/v1/presence_statuses"))["items"]]
    assert "training" not in keys


async def test_a_supervisor_says_why_he_changes_a_status_and_it_is_told(house: House) -> None:
    path = f"/v1/agents/{house.jana.id}/presence"
    mute = await house.boss.http.put(path, json={"status": "break"})
    assert mute.status_code == 422
    said = {"status": "break", "reason": "Fire drill"}
    answer = await house.boss.http.put(path, json=said)
    told = answer.json()["presence"]
    assert [told[name] for name in ("from", "status", "reason", "by")] == [
        "online", "break", "Fire drill", str(house.boss.id),
    ]  # fmt: skip
    notices = (await house.jana.get("/v1/notices"))["items"]
    assert [(one["kind"], one["from_name"], one["text"]) for one in notices] == [
        ("presence_changed", "Boss", "Fire drill")
    ]
