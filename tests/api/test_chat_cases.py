"""A visitor's own matters: several at once, read apart, rated, copied by mail, carried along."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from tests.make.agent import agent
from tests.make.chat import PAGE, Visitor, shop, visitor
from tests.make.chatting import Desk, proved
from tests.make.outside import NoReader

from polyphony.channels.chat.client import ChatChannel
from polyphony.domain.channel import ChannelKind
from polyphony.flows import reply
from polyphony.ports import Outside
from polyphony.store.database import Database


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Desk:
    made = await shop(database, tmp_path)
    async with database.transaction() as session:
        jana = await agent(session, made.department.id)
    doors = {ChannelKind.CHAT: ChatChannel()}
    outside = Outside(doors, NoReader(), made.files, made.keys, made.clock)
    return Desk(made, outside, reply.Staff(jana, "Jana"))


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.shop.http() as client:
        yield client


@pytest.fixture
async def eva(desk: Desk, http: httpx.AsyncClient) -> Visitor:
    return await visitor(http, desk.shop.key)


async def cases(who: Visitor) -> list[dict[str, object]]:
    answer = await who.http.get("/v1/chat/cases", headers=who.bearer)
    assert answer.status_code == 200, answer.text
    return answer.json()["cases"]


async def begin(desk: Desk, who: Visitor, text: str) -> dict[str, object]:
    """Begin another matter and return it as the visitor's list shows it."""
    answer = await who.say(text, matter=str(uuid4()))
    assert answer.status_code == 201, answer.text
    await desk.read()
    return (await cases(who))[0]


async def end(desk: Desk) -> None:
    """Jana ends every chat."""
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "UPDATE interaction SET state = 'ended', first_human_reply_at = opened_at"
        )


# ── several matters ─────────────────────────────────────────────────────────────────────────────


async def test_lines_of_one_matter_stay_together_and_another_opens_another_case(
    desk: Desk, eva: Visitor
) -> None:
    parcel, bill = str(uuid4()), str(uuid4())
    for text, matter in (("Kde je zásilka?", parcel), ("Účet?", bill), ("Už týden", parcel)):
        desk.shop.clock.pass_(seconds=1)
        await eva.say(text, matter=matter)
    await desk.read()
    await eva.say("Druhý účet", matter=bill)
    await desk.read()
    found = await cases(eva)
    assert [one["title"] for one in found] == ["Účet?", "Kde je zásilka?"]
    lines = await desk.see(eva)
    by_case = {one["id"]: [m["text"] for m in lines if m["case_id"] == one["id"]] for one in found}
    assert list(by_case.values()) == [["Účet?", "Druhý účet"], ["Kde je zásilka?", "Už týden"]]


async def test_a_line_that_names_its_case_goes_there_even_when_another_is_newer(
    desk: Desk, eva: Visitor
) -> None:
    first = await begin(desk, eva, "Zásilka")
    desk.shop.clock.pass_(seconds=5)
    second = await begin(desk, eva, "Účet")
    assert first["id"] != second["id"]
    await eva.say("Ještě k zásilce", case=first["id"])
    await desk.read()
    lines = [one["text"] for one in await desk.see(eva) if one["case_id"] == first["id"]]
    assert lines == ["Zásilka", "Ještě k zásilce"]
    asked = await eva.http.get(
        "/v1/chat/messages", params={"case": str(first["id"])}, headers=eva.bearer
    )
    assert [one["text"] for one in asked.json()["messages"]] == lines


async def test_older_lines_come_page_by_page(desk: Desk, eva: Visitor) -> None:
    case = await begin(desk, eva, "0")
    for number in range(1, 5):
        await eva.say(str(number), case=case["id"])
        await desk.read()
    lines = await desk.see(eva)
    asked = await eva.http.get(
        "/v1/chat/messages",
        params={"case": str(case["id"]), "before": str(lines[3]["position"])},
        headers=eva.bearer,
    )
    assert [one["text"] for one in asked.json()["messages"]] == ["0", "1", "2"]


async def test_reading_one_matter_leaves_the_other_unread(desk: Desk, eva: Visitor) -> None:
    first = await begin(desk, eva, "Zásilka")
    await desk.answer("Je na cestě")
    desk.shop.clock.pass_(seconds=5)
    second = await begin(desk, eva, "Účet")
    await desk.answer("Podívám se")
    assert {one["id"]: one["unread"] for one in await cases(eva)} == {
        first["id"]: 1,
        second["id"]: 1,
    }
    last = max(int(str(one["position"])) for one in await desk.see(eva))
    told = {"delivered": last, "read": last, "case": second["id"]}
    assert (await eva.post("receipts", told)).status_code == 204
    assert {one["id"]: one["unread"] for one in await cases(eva)} == {
        first["id"]: 1,
        second["id"]: 0,
    }
    states = await desk.rows("SELECT state FROM delivery ORDER BY created_at")
    assert states == [("delivered",), ("read",)]


async def test_an_answer_mailed_in_one_matter_does_not_swallow_that_of_another(
    desk: Desk, eva: Visitor
) -> None:
    await begin(desk, eva, "Zásilka")
    await proved(desk, eva, "eva@example.org")
    await desk.answer("Je na cestě")
    desk.shop.clock.pass_(seconds=5)
    second = await begin(desk, eva, "Účet")
    await desk.answer("Podívám se")
    last = max(int(str(one["position"])) for one in await desk.see(eva))
    await eva.post("receipts", {"delivered": last, "read": last, "case": second["id"]})
    desk.shop.clock.pass_(minutes=5)
    await desk.look()
    mailed = await desk.rows(
        "SELECT m.text FROM delivery v JOIN message m ON m.id = v.message_id"
        " WHERE v.account_id = %s",
        desk.shop.mailbox,
    )
    assert len(mailed) == 1
    assert "Je na cestě" in str(mailed[0][0])
    assert "Podívám se" not in str(mailed[0][0])


# ── nobody else's ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("messages", {"text": "já taky", "cid": "5d1f3c1e-7a1e-4f0e-9d53-0f8f3d0c7a10"}, 404),
        ("ratings", {"score": 1}, 404),
        ("transcripts", {}, 404),
        ("receipts", {"delivered": 10**9, "read": 10**9}, 204),
        ("typing", {"typing": True}, 204),
    ],
)
async def test_a_case_of_somebody_else_is_out_of_reach(
    desk: Desk,
    http: httpx.AsyncClient,
    eva: Visitor,
    path: str,
    body: dict[str, object],
    status: int,
) -> None:
    case = await begin(desk, eva, "Tajné")
    await desk.answer("Tajná odpověď")
    await end(desk)
    adam = await visitor(http, desk.shop.key)
    await adam.say("Něco jiného")
    await desk.read()
    await proved(desk, adam, "adam@example.org")
    before = await desk.rows(
        "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM arrival),"
        " (SELECT count(*) FROM rating), (SELECT array_agg(state ORDER BY id) FROM delivery),"
        " (SELECT count(*) FROM case_link)"
    )
    answer = await adam.post(path, {**body, "case": case["id"]})
    assert answer.status_code == status, answer.text
    assert "Tajn" not in answer.text
    await desk.read()
    after = await desk.rows(
        "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM arrival),"
        " (SELECT count(*) FROM rating), (SELECT array_agg(state ORDER BY id) FROM delivery),"
        " (SELECT count(*) FROM case_link)"
    )
    assert after == before
    assert not [one for one in desk.shop.said if one[0].startswith("visitor:")]


async def test_the_lists_show_nothing_of_others(
    desk: Desk, http: httpx.AsyncClient, eva: Visitor
) -> None:
    case = await begin(desk, eva, "Tajné")
    adam = await visitor(http, desk.shop.key)
    assert await cases(adam) == []
    asked = await adam.http.get(
        "/v1/chat/messages", params={"case": str(case["id"])}, headers=adam.bearer
    )
    assert asked.json()["messages"] == []


async def test_a_line_that_slips_in_with_a_foreign_case_opens_a_case_of_its_own(
    desk: Desk, http: httpx.AsyncClient, eva: Visitor
) -> None:
    """Threading asks again: what stands in an arrival is a wish, not a right."""
    case = await begin(desk, eva, "Tajné")
    adam = await visitor(http, desk.shop.key)
    await adam.say("Dovnitř?")
    await desk.rows("SELECT 1")
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "UPDATE arrival SET body = convert_to((convert_from(body, 'UTF8')::jsonb"
            " || jsonb_build_object('case', %s::text))::text, 'UTF8') WHERE state <> 'read'",
            [case["id"]],
        )
    await desk.read()
    assert [one["text"] for one in await desk.see(eva)] == ["Tajné"]
    assert [one["title"] for one in await cases(adam)] == ["Dovnitř?"]
    assert await desk.rows("SELECT 1 FROM case_link") == []


@pytest.mark.parametrize("wrong", ["", "x", 5, [], {}, "00000000-0000-0000-0000-00000000000g"])
async def test_what_is_no_case_is_refused(eva: Visitor, wrong: object) -> None:
    answer = await eva.say("a", case=wrong)
    assert answer.status_code == 422
    for path, body in (("ratings", {"score": 5}), ("transcripts", {})):
        assert (await eva.post(path, {**body, "case": wrong})).status_code == 404


# ── opinions ────────────────────────────────────────────────────────────────────────────────────


async def test_an_opinion_stands_in_the_stream_and_can_be_changed(desk: Desk, eva: Visitor) -> None:
    case = await begin(desk, eva, "Zásilka")
    early = await eva.post("ratings", {"case": case["id"], "score": 5})
    assert (early.status_code, early.json()["code"]) == (409, "chat.rating_early")
    await desk.answer("Tady je")
    await end(desk)
    assert (await cases(eva))[0]["ratable"] is True
    for score, words in ((2, "Čekala jsem"), (4, "Nakonec dobré")):
        given = {"case": case["id"], "score": score, "words": words}
        assert (await eva.post("ratings", given)).status_code == 204
    lines = await desk.rows("SELECT text, facts FROM message WHERE facts->>'code' = 'rating'")
    assert lines == [("Nakonec dobré", {"code": "rating", "score": 4})]
    kept = await desk.rows("SELECT score, words, agent_id FROM rating")
    assert kept == [(4, "Nakonec dobré", desk.jana.id)]
    events = await desk.rows(
        "SELECT entity, payload->>'text', aud FROM event WHERE type = 'rating.given' ORDER BY id"
    )
    assert [one[:2] for one in events] == [
        ("message", "Čekala jsem"),
        ("message", "Nakonec dobré"),
    ]
    assert not any(tag.startswith("cust:") for one in events for tag in one[2])
    assert (await cases(eva))[0]["score"] == 4
    assert all("Nakonec" not in str(one["text"]) for one in await desk.see(eva))


@pytest.mark.parametrize("score", [0, 6, True, "5", None, 4.5])
async def test_only_one_to_five_stars_are_an_opinion(eva: Visitor, score: object) -> None:
    answer = await eva.post("ratings", {"case": str(uuid4()), "score": score})
    assert (answer.status_code, answer.json()["code"]) == (422, "chat.score")


# ── a copy by mail ──────────────────────────────────────────────────────────────────────────────


async def test_a_copy_goes_to_the_confirmed_address_and_its_answer_joins_the_case(
    desk: Desk, eva: Visitor
) -> None:
    case = await begin(desk, eva, "Zásilka?")
    await desk.answer("Je na cestě")
    claimed = await eva.post("transcripts", {"case": case["id"]})
    assert (claimed.status_code, claimed.json()["code"]) == (409, "chat.address_unconfirmed")
    await proved(desk, eva, "eva@example.org")
    answer = await eva.post("transcripts", {"case": case["id"]})
    assert (answer.status_code, answer.json()) == (202, {"address": "eva@example.org"})
    ((to, purpose, state, subject, text, case_id),) = await desk.rows(
        "SELECT v.to_address, v.purpose, v.state, m.subject, m.text, i.case_id FROM delivery v"
        " JOIN message m ON m.id = v.message_id JOIN interaction i ON i.id = m.interaction_id"
        " WHERE v.account_id = %s",
        desk.shop.mailbox,
    )
    assert (to, purpose, state, str(case_id)) == (
        "eva@example.org", "service", "queued", case["id"],
    )  # fmt: skip
    assert case["reference"] in str(subject)
    assert "Vy · " in str(text)
    assert "Zásilka?" in str(text)
    assert "Jana · " in str(text)
    for _ in range(2):
        assert (await eva.post("transcripts", {"case": case["id"]})).status_code == 202
    late = await eva.post("transcripts", {"case": case["id"]})
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 3_000
    strips = await desk.rows("SELECT channel_kind FROM interaction ORDER BY opened_at")
    assert strips == [("chat",), ("email",)]


# ── another device ──────────────────────────────────────────────────────────────────────────────


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


# ── waiting, the look, what the page says ───────────────────────────────────────────────────────


async def on_duty(desk: Desk) -> UUID:
    """Jana serves the Queue newcomers wait in; return it."""
    queue = await desk.one(
        "SELECT coalesce(a.default_queue, d.triage_queue) FROM channel_account a"
        " JOIN department d ON d.id = a.department_id WHERE a.id = %s",
        desk.shop.account,
    )
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "INSERT INTO queue_member (queue_id, agent_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [queue, desk.jana.id],
        )
        await session.execute(
            "INSERT INTO agent_presence (agent_id, status) VALUES (%s, 'online')"
            " ON CONFLICT (agent_id) DO UPDATE SET status = 'online'",
            [desk.jana.id],
        )
    return UUID(str(queue))


async def test_the_place_is_real_and_the_wait_is_only_told_when_it_is_known(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    nobody = await visitor(http, desk.shop.key)
    assert nobody.body["wait"] is None
    queue = await on_duty(desk)
    people = [await visitor(http, desk.shop.key) for _ in range(3)]
    for one in people:
        desk.shop.clock.pass_(seconds=10)
        await one.say("Haló")
        await desk.read()
    shown = [(await cases(one))[0]["wait"] for one in people]
    assert shown == [{"before": n, "expected_s": None} for n in range(3)]
    at = desk.shop.clock()
    async with desk.shop.database.transaction() as session:
        for minutes in (12, 10, 8, 6):  # others waited six minutes, one every two
            left = at - timedelta(minutes=minutes)
            await session.execute(
                "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, left_at, how)"
                " SELECT gen_random_uuid(), id, %s, %s, %s, 'taken' FROM work_item"
                "  OFFSET %s LIMIT 1",
                [queue, left - timedelta(minutes=6), left, (minutes // 2) % 3],
            )
    shown = [(await cases(one))[0]["wait"] for one in people]
    assert [one["before"] for one in shown] == [0, 1, 2]  # type: ignore[index] # JSON
    assert shown[2]["expected_s"] == 360  # type: ignore[index] # JSON
    late = await visitor(http, desk.shop.key)
    assert late.body["wait"] == {"before": 3, "expected_s": 480}


async def test_the_look_is_told_before_any_session_and_only_to_pages_of_the_account(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "UPDATE channel_account SET settings = settings ||"
            ' \'{"color": "#0a7a55", "theme": "dark", "former_key": "OldToken"}\''
            " WHERE id = %s",
            [desk.shop.account],
        )
    for key in (desk.shop.key, "OldToken"):
        answer = await http.get("/v1/chat/look", params={"key": key})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == PAGE
        settings = answer.json()["settings"]
        assert (settings["color"], settings["theme"]) == ("#0a7a55", "dark")
        assert not {"origins", "former_key", "trust_email", "enforce"} & set(settings)
    async with desk.shop.http(origin="https://evil.example") as evil:
        assert (await evil.get("/v1/chat/look", params={"key": desk.shop.key})).status_code == 401
    assert (await http.get("/v1/chat/look", params={"key": "pk_no"})).status_code == 404
    assert await desk.rows("SELECT 1 FROM chat_session") == []


async def test_a_brand_lends_its_name_colour_and_logo_where_the_account_says_nothing(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    sha = await desk.shop.files.put(picture)
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "INSERT INTO file (sha256, size, created_at) VALUES (%s, %s, now())",
            [sha, len(picture)],
        )
        await session.execute(
            "WITH b AS (INSERT INTO brand (id, name, colour, logo_sha256)"
            "  VALUES (gen_random_uuid(), 'Lumen', '#7a1fa2', %s) RETURNING id)"
            " UPDATE channel_account SET brand_id = b.id FROM b WHERE kind = 'chat'",
            [sha],
        )
    found = (await http.get("/v1/chat/look", params={"key": desk.shop.key})).json()["settings"]
    assert (found["title"], found["color"]) == ("Lumen", "#7a1fa2")
    logo = await http.get(f"/{found['logo']}")
    assert (logo.status_code, logo.content) == (200, picture)
    assert logo.headers["content-type"] == "image/png"
    assert logo.headers["access-control-allow-origin"] == PAGE
    async with desk.shop.http(origin="https://evil.example") as evil:
        assert (await evil.get(f"/{found['logo']}")).status_code == 401


async def test_the_frame_may_stand_on_the_pages_of_the_account_only(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    answer = await http.get("/widget/frame", params={"key": desk.shop.key, "origin": PAGE})
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert f"frame-ancestors {PAGE} http://polyphony.test;" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    bad = {"key": desk.shop.key, "origin": "https://evil.example"}
    assert (await http.get("/widget/frame", params=bad)).status_code == 403


async def test_what_the_page_says_of_its_visitor_reaches_the_line_as_a_claim(
    desk: Desk, eva: Visitor
) -> None:
    given = {"plan": "gold", "age": 31, "deep": {"no": 1}, "": "x", "long": "y" * 5_000}
    assert (await eva.post("attributes", given)).status_code == 204
    desk.shop.clock.pass_(seconds=30)  # the door looks the session up again
    await eva.say("Ahoj")
    await desk.read()
    facts = await desk.one("SELECT facts FROM message")
    assert isinstance(facts, dict)
    assert facts["told"] == {"plan": "gold", "age": "31", "long": "y" * 200}
    assert all("told" not in one for one in await desk.see(eva))
