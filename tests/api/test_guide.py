"""The first set-up over HTTP: from an empty house to a message on its way; steps are remembered."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.make.desk import Person, running
from tests.make.person import person

from polyphony.store.database import Database


@pytest.fixture
async def root(database: Database, tmp_path: Path) -> AsyncIterator[Person]:
    async with database.transaction() as session:
        admin = await person(session, "Root", roles=["admin", "agent"])
    async with running(database, tmp_path) as desk:
        yield await desk.signed_in(admin)


def states(guide: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {one["id"]: one["state"] for one in guide["steps"]}


async def test_an_empty_house_gets_a_company_a_chat_and_a_test_message(root: Person) -> None:
    began = await root.get("/v1/guide")
    assert (began["fresh"], began["open"], began["test"]) == (True, True, None)
    assert states(began)["company"] == "todo"
    early = await root.post("/v1/guide/test", {"text": "Hello?"})
    assert (early.status_code, early.json()["code"]) == (409, "guide.no_chat")
    company = {"name": "Lumen", "zone": "Europe/Prague", "language": "cs", "department": "Péče"}
    made = await root.post("/v1/guide/company", company)
    assert made.status_code == 201, made.text
    assert (await root.post("/v1/guide/company", company)).status_code == 409
    assert [one["name"] for one in (await root.get("/v1/brands"))["items"]] == ["Lumen"]
    accounts = (await root.get("/v1/channel_accounts"))["items"]
    assert [(one["kind"], one["language"]) for one in accounts] == [("chat", "cs")]
    calendar = (await root.get("/v1/calendars"))["items"][0]
    assert (calendar["zone"], calendar["always"]) == ("Europe/Prague", False)
    sent = await root.post("/v1/guide/test", {"text": "Slyšíte mě?"})
    assert sent.status_code == 202, sent.text
    stages = {one["id"]: one["at"] for one in (await root.get("/v1/guide"))["test"]["stages"]}
    assert stages.pop("arrived") is not None
    assert set(stages.values()) == {None}
    lights = (await root.get("/v1/channel_lights"))["items"]
    assert [(one["unread"], one["last_out"]) for one in lights] == [(1, None)]


async def test_steps_are_skipped_taken_up_again_and_the_guide_is_closed(root: Person) -> None:
    skipped = await root.http.patch("/v1/guide", json={"step": "team", "state": "skipped"})
    assert states(skipped.json())["team"] == "skipped"
    again = await root.http.patch("/v1/guide", json={"step": "team", "state": "todo"})
    assert states(again.json())["team"] == "todo"
    assert (await root.http.patch("/v1/guide", json={"closed": True})).json()["open"] is False
    assert (await root.http.patch("/v1/guide", json={"step": "nonsense"})).status_code == 422
