"""A link carries a visitor's chats to another device, once and to nobody else."""

from pathlib import Path

import httpx
from tests.make.chat import Visitor, shop, visitor
from tests.make.chatting import Desk, begin

from polyphony.store.database import Database


async def test_a_link_brings_the_chats_to_another_device_once(
    desk: Desk, http: httpx.AsyncClient, eva: Visitor
) -> None:
    case = await begin(desk, eva, "Zásilka")
    answer = await eva.post("links")
    assert answer.status_code == 201
    link = answer.json()["link"]
    assert len(link) == 22
    assert await desk.rows("SELECT 1 FROM chat_link WHERE token_hash = %s", link.encode()) == []
    phone = await visitor(http, desk.shop.key, link=link)
    assert [one["id"] for one in phone.body["cases"]] == [case["id"]]
    assert phone.body["session"]["how"] == "link"
    assert phone.body["session"]["assurance"] <= 2
    await phone.say("Z mobilu", case=case["id"])
    await desk.read()
    assert [one["text"] for one in await desk.see(eva)] == ["Zásilka", "Z mobilu"]
    again = await http.post("/v1/chat/sessions", json={"key": desk.shop.key, "link": link})
    assert (again.status_code, again.json()["code"]) == (401, "chat.link")


async def test_a_link_opens_nothing_later_elsewhere_or_for_somebody_else(
    desk: Desk, http: httpx.AsyncClient, eva: Visitor, database: Database, tmp_path: Path
) -> None:
    other = await shop(database, tmp_path / "other")
    async with database.transaction() as session:  # its secrets are sealed by another deployment
        await session.execute("UPDATE channel_account SET secrets = NULL")
    late, elsewhere = [(await eva.post("links")).json()["link"] for _ in range(2)]
    wrong = await http.post("/v1/chat/sessions", json={"key": other.key, "link": elsewhere})
    assert wrong.status_code == 401
    guess = await http.post("/v1/chat/sessions", json={"key": desk.shop.key, "link": "a" * 22})
    assert guess.status_code == 401
    desk.shop.clock.pass_(hours=24)
    gone = await http.post("/v1/chat/sessions", json={"key": desk.shop.key, "link": late})
    assert gone.status_code == 401


async def test_links_are_few(eva: Visitor) -> None:
    answers = [await eva.post("links") for _ in range(11)]
    assert [one.status_code for one in answers] == [*[201] * 10, 429]


async def test_where_everybody_needs_a_proof_links_open_nothing_and_old_sessions_end(
    desk: Desk, http: httpx.AsyncClient, eva: Visitor
) -> None:
    link = (await eva.post("links")).json()["link"]
    async with desk.shop.database.transaction() as session:
        await session.execute(
            'UPDATE channel_account SET settings = settings || \'{"enforce": "all"}\''
            " WHERE id = %s",
            [desk.shop.account],
        )
    desk.shop.clock.pass_(seconds=30)
    refused = await eva.say("Ještě tady?")
    assert (refused.status_code, refused.json()["code"]) == (401, "chat.proof_needed")
    follows = await http.post("/v1/chat/sessions", json={"key": desk.shop.key, "link": link})
    assert follows.status_code == 401
