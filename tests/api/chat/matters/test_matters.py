"""A visitor's own matters: several at once, read apart, rated, copied by mail."""

from uuid import uuid4

import httpx
import pytest
from tests.make.chat import Visitor, visitor
from tests.make.chatting import Desk, begin, cases, end, proved

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
