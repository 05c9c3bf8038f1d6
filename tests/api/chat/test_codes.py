"""A typed address proves nothing until the code mailed to it comes back; nobody is flooded."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.make.chat import Shop, Visitor, shop, visitor
from tests.make.postbox import Postbox

from polyphony.domain.channel import ChannelKind
from polyphony.domain.chat_words import code_mail
from polyphony.domain.failure import Permanent, Temporary, Uncertain
from polyphony.domain.message import Outbound
from polyphony.flows import confirm
from polyphony.ports import Account, Outside
from polyphony.store.database import Database


async def mail(desk: Shop, postbox: Postbox) -> list[str]:
    """Send what is due, as the worker does; return the outcomes."""
    outside = Outside({ChannelKind.EMAIL: postbox}, None, desk.files, desk.keys, desk.clock)
    async with desk.database.transaction() as session:
        mails = await confirm.claim(session, desk.clock())
    account = Account(desk.mailbox, ChannelKind.EMAIL, "Desk", "desk@desk.example")
    outcomes = [await confirm.send(one, account, outside) for one in mails]
    async with desk.database.transaction() as session:
        await confirm.settle(session, outcomes)
    return [one.state for one in outcomes]


def code_in(sent: Outbound) -> str:
    (code,) = (word.strip(".") for word in sent.text.split() if word.strip(".").isdecimal()
               and len(word.strip(".")) == 6)  # fmt: skip
    return code


async def ask(desk: Shop, who: Visitor, address: str) -> httpx.Response:
    return await who.post("email", {"address": address})


async def test_the_mailed_code_proves_the_address_to_this_session(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    eva, postbox = await visitor(http, desk.key), Postbox()
    assert (await ask(desk, eva, "Eva@Example.org")).json()["address"] == "eva@example.org"
    assert await mail(desk, postbox) == ["sent"]
    (sent,) = postbox.sent
    assert (sent.to.value, sent.purpose, sent.language) == ("eva@example.org", "service", "cs")
    assert sent.subject == code_mail("cs", code_in(sent))[0]
    right = await eva.post("code", {"code": f" {code_in(sent)} "})
    assert right.json() == {"email": "eva@example.org", "assurance": 3}
    again = await visitor(http, desk.key, resume=eva.token)
    assert again.body["session"]["email"] == "eva@example.org"


async def test_a_typed_address_is_a_claim_and_links_nothing(
    desk: Shop, http: httpx.AsyncClient, database: Database
) -> None:
    eva = await visitor(http, desk.key)
    await ask(desk, eva, "victim@example.org")
    session = (await visitor(http, desk.key, resume=eva.token)).body["session"]
    assert (session["email"], session["email_claimed"]) == (None, "victim@example.org")
    assert session["assurance"] == 0
    async with database.reads() as s:
        found = await s.execute("SELECT count(*) FROM identity WHERE kind = 'email'")
        assert (await found.fetchone())[0] == 0


async def test_no_database_row_holds_a_code_that_has_left(
    desk: Shop, http: httpx.AsyncClient, database: Database
) -> None:
    eva, postbox = await visitor(http, desk.key), Postbox()
    await ask(desk, eva, "eva@example.org")
    async with database.reads() as session:
        before = await (await session.execute("SELECT m::text FROM mailed_code m")).fetchone()
    await mail(desk, postbox)
    code = code_in(postbox.sent[0])
    async with database.reads() as session:
        row = await (await session.execute("SELECT m::text, sealed FROM mailed_code m")).fetchone()
        told = await (await session.execute("SELECT count(*) FROM message")).fetchone()
    assert code not in before[0]
    assert code not in row[0]
    assert row[1] is None
    assert told[0] == 0


async def test_three_wrong_tries_lock_the_code(desk: Shop, http: httpx.AsyncClient) -> None:
    eva, postbox = await visitor(http, desk.key), Postbox()
    await ask(desk, eva, "eva@example.org")
    await mail(desk, postbox)
    code = code_in(postbox.sent[0])
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    facts = [(await eva.post("code", {"code": wrong})).json() for _ in range(3)]
    assert [(one["why"], one["left"]) for one in facts] == [
        ("wrong", 2),
        ("wrong", 1),
        ("wrong", 0),
    ]
    locked = await eva.post("code", {"code": code})
    assert (locked.status_code, locked.json()["why"]) == (422, "locked")


async def test_a_code_dies_after_ten_minutes_and_after_its_use(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    eva, postbox = await visitor(http, desk.key), Postbox()
    await ask(desk, eva, "eva@example.org")
    await mail(desk, postbox)
    desk.clock.pass_(minutes=10)
    late = await eva.post("code", {"code": code_in(postbox.sent[0])})
    assert late.json()["why"] == "expired"
    await ask(desk, eva, "eva@example.org")
    await mail(desk, postbox)
    code = code_in(postbox.sent[1])
    assert (await eva.post("code", {"code": code})).status_code == 200
    assert (await eva.post("code", {"code": code})).json()["why"] == "used"


async def test_the_code_of_one_visitor_opens_nothing_for_another(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    eva, mallory, postbox = await visitor(http, desk.key), await visitor(http, desk.key), Postbox()
    await ask(desk, eva, "eva@example.org")
    await mail(desk, postbox)
    code = code_in(postbox.sent[0])
    assert (await mallory.post("code", {"code": code})).json()["why"] == "expired"
    await ask(desk, mallory, "eva@example.org")
    assert (await mallory.post("code", {"code": code})).json()["why"] in ("wrong", "locked")


@pytest.mark.parametrize("code", [None, "", 5, "12345", "x" * 5000, ["1"], "\u0661" * 6])
async def test_a_strange_code_is_wrong_and_no_error(
    desk: Shop, http: httpx.AsyncClient, code: object
) -> None:
    eva = await visitor(http, desk.key)
    await ask(desk, eva, "eva@example.org")
    answer = await eva.post("code", {"code": code})
    assert (answer.status_code, answer.json()["why"]) == (422, "wrong")


async def test_a_thousand_wishes_for_one_address_mail_three_codes_an_hour(
    database: Database, tmp_path: Path
) -> None:
    desk = await shop(database, tmp_path, {"sessions_per_hour": 1_000_000})
    postbox, app, answers = Postbox(), desk.app(), set()
    async with desk.http(app) as http:
        for _ in range(200):  # five wishes a session: a thousand in all
            mallory = await visitor(http, desk.key, user={"name": "BUY GOLD at evil.example"})
            async with database.transaction() as session:
                await session.execute("DELETE FROM throttle")  # as if each came from elsewhere
            for _ in range(5):
                answer = await ask(desk, mallory, "victim@example.org")
                answers.add((answer.status_code, answer.text))
    await mail(desk, postbox)
    while await mail(desk, postbox):
        pass
    assert len(answers) == 1  # the fourth wish looks like the first
    assert len(postbox.sent) <= 3
    assert not any("GOLD" in one.text + one.subject for one in postbox.sent)


async def test_no_address_gets_more_than_ten_codes_a_day(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    postbox = Postbox()
    for _ in range(24):
        eva = await visitor(http, desk.key)
        for _ in range(4):
            await ask(desk, eva, "victim@example.org")
        await mail(desk, postbox)
        desk.clock.pass_(minutes=59, seconds=50)
    assert len(postbox.sent) <= 10


async def test_one_visitor_asking_too_often_is_told_to_wait(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    eva = await visitor(http, desk.key)
    statuses = [(await ask(desk, eva, f"a{n}@example.org")).status_code for n in range(7)]
    assert statuses == [202] * 6 + [429]


async def test_the_answer_is_the_same_whether_we_know_the_address(
    desk: Shop, http: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        await session.execute(
            "INSERT INTO identity (id, kind, address, first_seen)"
            " VALUES (%s, 'email', 'known@example.org', now())",
            [uuid4()],
        )
    eva = await visitor(http, desk.key)
    known = await ask(desk, eva, "known@example.org")
    unknown = await ask(desk, eva, "other@example.org")
    assert known.status_code == unknown.status_code
    assert known.text.replace("known", "other") == unknown.text


@pytest.mark.parametrize("address", ["", "x", "a@b", None, 7, "a@b.cz\r\nBcc: c@d.cz", "a" * 300])
async def test_what_is_no_address_is_refused(
    desk: Shop, http: httpx.AsyncClient, address: object
) -> None:
    eva = await visitor(http, desk.key)
    assert (await ask(desk, eva, address)).status_code == 422


async def test_a_code_is_tried_again_when_it_surely_did_not_leave_and_never_when_unknown(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    eva, postbox = await visitor(http, desk.key), Postbox()
    await ask(desk, eva, "eva@example.org")
    postbox.fails = [Temporary("connect")]
    assert await mail(desk, postbox) == ["queued"]
    assert await mail(desk, postbox) == []
    desk.clock.pass_(seconds=30)
    postbox.fails = [Uncertain("read_timeout")]
    assert await mail(desk, postbox) == ["uncertain"]
    desk.clock.pass_(minutes=5)
    assert await mail(desk, postbox) == []
    await ask(desk, eva, "eva@example.org")
    postbox.fails = [Permanent("no_such_address", address_bad=True)]
    assert await mail(desk, postbox) == ["failed"]
    assert postbox.sent == []


async def test_a_worker_that_died_while_sending_never_sends_twice(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    eva, postbox = await visitor(http, desk.key), Postbox()
    await ask(desk, eva, "eva@example.org")
    async with desk.database.transaction() as session:
        assert len(await confirm.claim(session, desk.clock())) == 1
    desk.clock.pass_(minutes=2)
    assert await mail(desk, postbox) == []
    async with desk.database.reads() as session:
        state = await (await session.execute("SELECT state FROM mailed_code")).fetchone()
    assert state[0] == "uncertain"
