"""Drafts over HTTP: per channel, two devices, colleagues who read and take over, thirty days."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.make.desk import Person
from tests.make.office import Office as Colleagues
from tests.make.office import opened

from polyphony.app import clock
from polyphony.flows import draft
from polyphony.store.database import Database


class Office(Colleagues):
    """Jana and Petr look at drafts of one Case."""

    async def column(self, query: str, *values: object) -> list[object]:
        async with self.database.reads() as session:
            found = await session.execute(query, list(values) or None)
            return [row[0] for row in await found.fetchall()]

    def path(self, mode: str = "reply") -> str:
        return f"/v1/cases/{self.case.id}/drafts/{mode}"

    async def drafts(self, who: Person) -> list[dict[str, object]]:
        return (await who.get(f"/v1/cases/{self.case.id}"))["drafts"]


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(Office(), database, tmp_path) as made:
        yield made


async def put(who: Person, path: str, text: str, version: int = 0, **more: object) -> object:
    return await who.http.put(path, json={"text": text, "version": version, **more})


async def test_each_mode_and_channel_has_a_draft_of_its_own(office: Office) -> None:
    await put(office.jana, office.path(), "by mail <b>", html="<p>by mail</p>")
    await put(office.jana, office.path() + "?channel=chat", "by chat")
    await put(office.jana, office.path("note"), "inside")
    mine = {(one["mode"], one["channel"]): one for one in await office.drafts(office.jana)}
    assert {key: one["text"] for key, one in mine.items()} == {
        ("reply", ""): "by mail <b>",
        ("reply", "chat"): "by chat",
        ("note", ""): "inside",
    }
    assert mine["reply", ""]["html"] == "<p>by mail</p>"
    assert (await office.jana.http.delete(office.path() + "?channel=chat")).status_code == 204
    assert len(await office.drafts(office.jana)) == 2


async def test_a_list_tells_who_has_begun_to_write_and_never_what(office: Office) -> None:
    await put(office.jana, office.path(), "not for everybody's eyes")
    boot = await office.jana.get("/v1/bootstrap")
    assert [(row["person"], row["mode"]) for row in boot["drafts"]] == [("Jana", "reply")]
    listed = (await office.petr.get("/v1/cases", tab="all"))["drafts"]
    assert [row["case_id"] for row in listed] == [str(office.case.id)]
    assert "eyes" not in str(listed)
    await office.jana.http.patch("/v1/me/settings", json={"draft_private": True})
    assert (await office.petr.get("/v1/cases", tab="all"))["drafts"] == []
    await put(office.jana, office.path(), "mine alone", 1)
    assert (await office.petr.get("/v1/cases", tab="all"))["drafts"] == []
    assert len((await office.jana.get("/v1/cases", tab="all"))["drafts"]) == 1


async def test_two_devices_the_newer_wins_and_the_other_is_kept_aside(office: Office) -> None:
    first = (await put(office.jana, office.path(), "Dear Olga, the desk")).json()
    late = await put(office.jana, office.path(), "Dear Olga, the phone")
    assert (late.status_code, late.json()["code"]) == (409, "draft.newer")
    assert late.json()["current"]["text"] == "Dear Olga, the desk"
    seen = first["version"]
    over = await put(office.jana, office.path(), "Dear Olga, the phone", seen, over=True)
    assert over.json()["aside"] is True
    others = (await office.jana.get(office.path() + "/others"))["items"]
    assert [one["text"] for one in others] == ["Dear Olga, the desk"]
    assert (await office.petr.get(office.path() + "/others"))["items"] == []
    longer = await put(office.jana, office.path(), "Dear Olga, the phone rang", over=True)
    assert longer.json()["aside"] is False


async def test_colleagues_read_shared_drafts_and_learn_of_private_ones_only_with_the_work(
    office: Office,
) -> None:
    await put(office.jana, office.path(), "half a sentence")
    assert [(one["person"], one["text"]) for one in await office.drafts(office.petr)] == [
        ("Jana", "half a sentence"),
    ]
    async with office.database.transaction() as session:
        await session.execute(
            "UPDATE person SET settings = '{\"draft_private\": true}' WHERE id = %s",
            [office.jana.id],
        )
    await put(office.jana, office.path(), "half a secret", 1)
    assert await office.drafts(office.petr) == []
    mine = (await office.drafts(office.jana))[0]
    refused = await office.petr.post(f"/v1/drafts/{mine['id']}/adopt")
    assert (refused.status_code, refused.json()["code"]) == (403, "draft.private")
    async with office.database.transaction() as session:
        await session.execute("UPDATE work_item SET agent_id = %s", [office.petr.id])
    assert [(one["person"], one["text"]) for one in await office.drafts(office.petr)] == [
        ("Jana", ""),
    ]
    taken = await office.petr.post(f"/v1/drafts/{mine['id']}/adopt")
    assert taken.json()["text"] == "half a secret"


async def test_a_draft_is_taken_over_with_its_files_and_own_words_are_kept_aside(
    office: Office,
) -> None:
    up = await office.jana.http.post("/v1/files", files={"file": ("a.txt", b"data", "text/plain")})
    await put(office.jana, office.path(), "from Jana", files=[up.json()["id"]])
    await put(office.petr, office.path(), "from Petr")
    theirs = next(one for one in await office.drafts(office.petr) if one["person"] == "Jana")
    assert (await office.jana.post(f"/v1/drafts/{theirs['id']}/adopt")).status_code == 404
    taken = await office.petr.post(f"/v1/drafts/{theirs['id']}/adopt")
    assert taken.status_code == 200, taken.text
    assert (taken.json()["text"], [one["name"] for one in taken.json()["files"]]) == (
        *("from Jana", ["a.txt"]),
    )
    assert [one["person"] for one in await office.drafts(office.petr)] == ["Petr"]
    others = (await office.petr.get(office.path() + "/others"))["items"]
    assert [one["text"] for one in others] == ["from Petr"]


async def test_others_hear_when_a_draft_appears_and_when_it_is_gone(office: Office) -> None:
    for version, text in enumerate(("a", "ab", "abc")):
        await put(office.jana, office.path("note"), text, version)
    heard = "SELECT op FROM event WHERE type = 'draft.changed' ORDER BY id"
    assert await office.column(heard) == [0]
    sent = await office.jana.post(
        f"/v1/cases/{office.case.id}/notes", {"text": "abc"}, **{"Idempotency-Key": str(uuid4())}
    )
    assert sent.status_code == 201
    assert await office.drafts(office.petr) == []
    assert await office.column(heard) == [0, 1]
    words = await office.column("SELECT payload::text FROM event WHERE type = 'draft.changed'")
    assert "abc" not in str(words)


async def test_a_draft_turned_private_goes_from_the_screens_of_others_at_once(
    office: Office,
) -> None:
    seen = "SELECT aud FROM event WHERE type = 'draft.changed' ORDER BY id DESC LIMIT 1"
    lost = "SELECT aud_was FROM event WHERE type = 'draft.changed' ORDER BY id DESC LIMIT 1"
    (alone,) = mine = [f"person:{office.jana.id}"]
    await put(office.jana, office.path(), "for all")
    (all_,) = await office.column(seen)
    assert len(all_) > 1
    await office.jana.http.patch("/v1/me/settings", json={"draft_private": True})
    assert await office.column(seen) == [mine]
    assert set((await office.column(lost))[0]) == {*all_, alone}
    await office.jana.http.patch("/v1/me/settings", json={"draft_private": False})
    assert await office.column(seen) == [mine]
    await put(office.jana, office.path(), "for all again", 1)
    assert await office.column(seen) == [all_]
    async with office.database.transaction() as session:
        await session.execute(
            "UPDATE person SET settings = '{\"draft_private\": true}' WHERE id = %s",
            [office.jana.id],
        )
    await put(office.jana, office.path(), "no more", 2)
    assert await office.column(seen) == [mine]
    assert set((await office.column(lost))[0]) == {*all_, alone}


async def test_an_answer_takes_the_draft_of_its_channel_with_it(office: Office) -> None:
    await put(office.jana, office.path() + "?channel=email", "It is on its way.")
    await put(office.jana, office.path() + "?channel=chat", "another")
    path = f"/v1/interactions/{office.case.interaction}/messages"
    body = {"text": "It is on its way.", "expected_last_item": office.case.position}
    sent = await office.jana.post(path, body, **{"Idempotency-Key": str(uuid4())})
    assert sent.status_code == 201, sent.text
    assert [one["channel"] for one in await office.drafts(office.jana)] == ["chat"]


async def test_drafts_fade_after_thirty_days_other_versions_after_seven(office: Office) -> None:
    await put(office.jana, office.path(), "old", over=True)
    await put(office.jana, office.path(), "new", 1, over=True)
    now = clock.now()
    for days, drafts, others in ((6, 1, 1), (8, 1, 0), (29, 1, 0), (31, 0, 0)):
        async with office.database.transaction() as session:
            await draft.fade(session, now + timedelta(days=days))
        assert len(await office.column("SELECT id FROM draft")) == drafts
        assert len(await office.column("SELECT id FROM draft_other")) == others
