"""Going on elsewhere: a mail's customer opens a link and goes on with the same Case in a chat."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.chat import Visitor, shop, visitor
from tests.make.chatting import Desk
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import running
from tests.make.outside import NoReader

from polyphony.channels.chat.client import ChatChannel
from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Conflict, RateLimited
from polyphony.flows import elsewhere, reply, settle
from polyphony.ports import Outside
from polyphony.store.database import Database

ASK = "POST", "/v1/chat/sessions"


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Desk:
    made = await shop(database, tmp_path)
    async with database.transaction() as session:
        jana = await agent(session, made.department.id, name="Jana")
    doors = {ChannelKind.CHAT: ChatChannel()}
    outside = Outside(doors, NoReader(), made.files, made.keys, made.clock)
    found = Desk(made, outside, reply.Staff(jana, "Jana"))
    await found.mail_in("olga@example.org", "Where is my parcel?")
    return found


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.shop.http() as client:
        yield client


async def mail_of(desk: Desk) -> UUID:
    found = await desk.one("SELECT id FROM case_ ORDER BY opened_at LIMIT 1")
    assert isinstance(found, UUID)
    return found


async def link_to(desk: Desk, id_: UUID) -> str:
    async with desk.shop.database.transaction() as session:
        return (await elsewhere.hand_out(session, id_, desk.jana, desk.shop.clock())).token


async def refused(desk: Desk, http: httpx.AsyncClient, link: str, **more: object) -> None:
    body = {"key": desk.shop.key, "link": link, **more}
    answer = await http.request(*ASK, json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "chat.link"), answer.text


async def olga_by(desk: Desk, http: httpx.AsyncClient, link: str) -> Visitor:
    return await visitor(http, desk.shop.key, link=link)


async def test_a_customer_of_a_mail_goes_on_in_a_chat_with_the_same_case(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    mail = await mail_of(desk)
    olga = await olga_by(desk, http, await link_to(desk, mail))
    assert [one["id"] for one in olga.body["cases"]] == [str(mail)]
    assert (olga.body["session"]["how"], olga.body["session"]["assurance"]) == ("link", 2)
    await olga.say("I am here now", case=str(mail))
    await desk.read()
    assert await desk.one("SELECT count(*) FROM case_") == 1
    assert await desk.one("SELECT count(*) FROM customer") == 1
    strips = await desk.rows("SELECT channel_kind, state FROM interaction ORDER BY opened_at")
    assert [kind for kind, _ in strips] == ["email", "chat"]
    said = await desk.rows(
        "SELECT m.kind, m.text <> '', m.facts ->> 'by_name' FROM message m JOIN interaction i"
        " ON i.id = m.interaction_id WHERE i.channel_kind = 'chat' ORDER BY m.position"
    )
    assert said == [("system", True, "Jana"), ("in", True, None)]
    waits = "SELECT count(*) FROM work_item WHERE channel_kind = 'chat' AND state = 'waiting'"
    assert await desk.one(waits) == 1
    await desk.answer("Good to see you")
    seen = [one["text"] for one in await desk.see(olga) if one["from"] != "system"]
    assert seen == ["I am here now", "Good to see you"]


async def test_whoever_holds_the_link_sees_nothing_of_what_was_said_before(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    mail = await mail_of(desk)
    olga = await olga_by(desk, http, await link_to(desk, mail))
    (line,) = olga.body["messages"]
    assert line["from"] == "system"
    assert line["text"].startswith("Zde pokračujete ve svém požadavku ")
    told = str(olga.body)
    assert "parcel" not in told
    assert "olga" not in told.lower()


async def test_a_link_opens_once_for_a_day_and_in_its_own_account_only(
    desk: Desk, http: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    mail = await mail_of(desk)
    used, late, fit = [await link_to(desk, mail) for _ in range(3)]
    await olga_by(desk, http, used)
    await refused(desk, http, used)
    other = await shop(database, tmp_path / "other")
    async with database.transaction() as session:  # its secrets are sealed by another deployment
        await session.execute("UPDATE channel_account SET secrets = NULL")
    answer = await http.request(*ASK, json={"key": other.key, "link": fit})
    assert answer.status_code == 401
    desk.shop.clock.pass_(hours=24)
    await refused(desk, http, late)
    assert await desk.rows("SELECT 1 FROM hand_over WHERE token_hash = %s", fit.encode()) == []


async def test_a_link_to_a_merged_case_leads_on_and_to_one_that_is_over_nowhere(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    mail = await mail_of(desk)
    await desk.mail_in("olga@example.org", "Another thing", subject="Another thing")
    other = await desk.one("SELECT id FROM case_ ORDER BY opened_at DESC, id DESC LIMIT 1")
    assert isinstance(other, UUID)
    assert other != mail
    first, second = await link_to(desk, mail), await link_to(desk, other)
    async with desk.shop.database.transaction() as session:
        await settle.merge(session, mail, other, desk.jana, desk.shop.clock())
    olga = await olga_by(desk, http, first)
    assert [one["id"] for one in olga.body["cases"]] == [str(other)]
    async with desk.shop.database.transaction() as session:
        await session.execute("UPDATE case_ SET state = 'closed' WHERE id = %s", [other])
    await refused(desk, http, second)
    with pytest.raises(Conflict, match=r"elsewhere\.over"):
        await link_to(desk, other)


async def test_no_link_without_a_chat_that_opens_and_not_without_end(desk: Desk) -> None:
    mail = await mail_of(desk)
    for _ in range(elsewhere.LINKS_PER_HOUR):
        await link_to(desk, mail)
    with pytest.raises(RateLimited):
        await link_to(desk, mail)
    async with desk.shop.database.transaction() as session:
        await session.execute(
            'UPDATE channel_account SET settings = settings || \'{"enforce": "all"}\''
            " WHERE kind = 'chat'"
        )
    with pytest.raises(Conflict, match=r"elsewhere\.no_chat"):
        await link_to(desk, mail)


async def test_the_link_is_drawn_and_its_page_says_nothing_of_the_matter(
    database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        care = await department(session)
        jana = await agent(session, care.id, name="Jana")
        box = await account(session, care.id)
        await account(session, care.id, kind="chat", address="pk_care")
        mail = await case(session, care, box, await customer(session), agent=jana)
    async with running(database, tmp_path) as web:
        person = await web.signed_in(jana)
        made = await person.post(f"/v1/cases/{mail.id}/elsewhere")
        assert made.status_code == 201, made.text
        told = made.json()
        page, _, token = told["url"].partition("#polyphony=")
        assert len(token) == 22
        assert told["qr"]["size"] > 20
        answer = await web.browser().get(page.removeprefix(web.url))
        assert answer.status_code == 200
        assert 'data-key="pk_care"' in answer.text
        assert "Parcel" not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert (await web.browser().get("/h/%22%3E")).status_code == 404
