"""Leaving the line: the place is kept, one request at a time, called three times at most."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from tests.make.chat import Visitor, visitor
from tests.make.chatting import Desk, begin, cases

from polyphony.domain.errors import Conflict
from polyphony.domain.event import Actor
from polyphony.flows import call_attempt
from polyphony.flows.fall_due import fall_due
from polyphony.store import callbacks, timers

PHONE = {"way": "phone", "address": "+420 777 123 456", "reason": "My loan"}


@pytest.fixture
async def waiting(desk: Desk, eva: Visitor) -> str:
    """Eva waits in a Queue that lets people be called back; return her Case."""
    case = str((await begin(desk, eva, "Dobrý den"))["id"])
    async with desk.shop.database.transaction() as session:
        await session.execute("UPDATE queue SET callback = true")
        await session.execute("UPDATE work_item SET blocker = 'callback_offered'")
    return case


async def row(desk: Desk, query: str) -> tuple[object, ...]:
    return (await desk.rows(query))[0]


async def work(desk: Desk) -> tuple[object, ...]:
    return await row(
        desk,
        "SELECT state, waiting_since, wake_at, id, agent_id FROM work_item"
        " WHERE kind = 'callback' ORDER BY created_at DESC LIMIT 1",
    )


async def at_work(desk: Desk) -> UUID:
    """Jana has the callback in her hands; return it."""
    item = (await work(desk))[3]
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "UPDATE work_item SET state = 'in_work', agent_id = %s, version = version + 1"
            " WHERE id = %s",
            [desk.jana.id, item],
        )
        await session.execute(
            "UPDATE agent_load SET routed_units = 100, exclusive_live = 1 WHERE agent_id = %s",
            [desk.jana.id],
        )
    return UUID(str(await desk.one("SELECT id FROM callback")))


async def tries(desk: Desk, callback: UUID, outcome: str) -> call_attempt.Tried:
    async with desk.shop.database.transaction() as session:
        said = call_attempt.Said(outcome)
        actor = Actor("person", desk.jana.id, name="Jana")
        return await call_attempt.attempt(session, callback, said, actor, desk.shop.clock())


async def ask(who: Visitor, case: str, **wish: object) -> httpx.Response:
    return await who.post("callback", {"case": case, **PHONE, **wish})


async def options(who: Visitor, case: str) -> dict[str, object]:
    answer = await who.http.get("/v1/chat/callback", params={"case": case}, headers=who.bearer)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_the_place_is_kept_and_the_chat_leaves_the_line(
    desk: Desk, eva: Visitor, waiting: str
) -> None:
    since = await desk.one("SELECT waiting_since FROM work_item")
    desk.shop.clock.pass_(minutes=5)
    assert (await options(eva, waiting))["offered"] is True
    made = await ask(eva, waiting)
    assert made.status_code == 201, made.text
    assert made.json()["address"] == "+420777123456"
    state, place, wake, *_ = await work(desk)
    assert (state, place, wake) == ("waiting", since, None)
    chat = await row(desk, "SELECT state, cancel_why FROM work_item WHERE kind = 'interaction'")
    assert chat == ("cancelled", "callback")
    how = await desk.one("SELECT how FROM queue_stay WHERE left_at IS NOT NULL")
    assert how == "callback"  # flow-out, not abandoned
    mine = (await cases(eva))[0]
    assert mine["callback"]["way"] == "phone"  # type: ignore[index] # JSON
    assert mine["wait"] is None
    await eva.say("Ještě něco", case=waiting)
    await desk.read()
    assert await desk.one("SELECT count(*) FROM work_item WHERE state = 'waiting'") == 1


async def test_one_live_request_per_customer_and_queue(
    desk: Desk, http: httpx.AsyncClient, eva: Visitor, waiting: str
) -> None:
    assert (await ask(eva, waiting)).status_code == 201
    again = await ask(eva, waiting)
    assert (again.status_code, again.json()["code"]) == (409, "callback.not_waiting")
    other = await visitor(http, desk.shop.key)
    case = str((await begin(desk, other, "Dobrý den"))["id"])
    async with desk.shop.database.transaction() as session:
        await session.execute("UPDATE work_item SET blocker = 'callback_offered'")
    same_number = await ask(other, case)
    assert (same_number.status_code, same_number.json()["code"]) == (409, "callback.open")
    assert (await ask(other, case, way="chat")).status_code == 201


async def test_who_changes_his_mind_has_his_place_back(
    desk: Desk, eva: Visitor, waiting: str
) -> None:
    since = await desk.one("SELECT waiting_since FROM work_item")
    await ask(eva, waiting)
    desk.shop.clock.pass_(minutes=5)
    gone = await eva.http.request(
        "DELETE", "/v1/chat/callback", params={"case": waiting}, headers=eva.bearer
    )
    assert gone.status_code == 204, gone.text
    place = await row(desk, "SELECT waiting_since, kind FROM work_item WHERE state = 'waiting'")
    assert place == (since, "interaction")
    assert await desk.one("SELECT state FROM callback") == "withdrawn"
    assert (await cases(eva))[0]["callback"] is None


async def test_three_attempts_keep_the_place_then_the_matter_goes_on_in_writing(
    desk: Desk, eva: Visitor, waiting: str
) -> None:
    await ask(eva, waiting)
    since = (await work(desk))[1]
    for number, pause in ((1, timedelta(minutes=5)), (2, timedelta(minutes=30))):
        done = await tries(desk, await at_work(desk), "no_answer")
        assert (done.no, done.next_at) == (number, desk.shop.clock() + pause)
        assert (await work(desk))[0] == "parked"
        desk.shop.clock.pass_(minutes=31)
        async with desk.shop.database.transaction() as session:
            await fall_due(session, desk.shop.clock())
        assert (await work(desk))[:2] == ("waiting", since)
    done = await tries(desk, await at_work(desk), "busy")
    assert (done.no, done.next_at) == (3, None)
    assert await desk.one("SELECT state FROM callback") == "expired"
    assert await desk.one("SELECT kind FROM work_item WHERE state = 'waiting'") == "interaction"
    codes = await desk.one(
        "SELECT array_agg(facts->>'code' ORDER BY position) FROM message WHERE kind = 'system'"
    )
    assert codes == [
        "callback.asked",
        *["callback.no_answer"] * 2,
        "callback.busy",
        "callback.not_reached",
    ]


async def test_whoever_was_reached_is_done(desk: Desk, eva: Visitor, waiting: str) -> None:
    await ask(eva, waiting)
    callback = await at_work(desk)
    await tries(desk, callback, "reached")
    assert await desk.one("SELECT state FROM callback") == "done"
    assert await desk.one("SELECT state FROM case_") == "solved"
    assert (await work(desk))[0] == "done"
    with pytest.raises(Conflict):
        await tries(desk, callback, "reached")


async def test_a_wished_time_lies_in_the_hours_and_waits_for_them(
    desk: Desk, eva: Visitor, waiting: str
) -> None:
    slots = (await options(eva, waiting))["slots"]
    assert isinstance(slots, list)
    night = datetime(2020, 1, 1, 3, tzinfo=UTC).isoformat()
    wrong = await ask(eva, waiting, **{"from": night, "to": night})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "callback.window")
    made = await ask(eva, waiting, **slots[1])
    assert made.status_code == 201, made.text
    state, _, wake, *_ = await work(desk)
    assert state == "parked"
    assert wake == datetime.fromisoformat(slots[1]["from"])


async def test_nobody_came_in_time_so_it_is_written_to(
    desk: Desk, eva: Visitor, waiting: str
) -> None:
    await ask(eva, waiting)
    desk.shop.clock.pass_(days=5)
    async with desk.shop.database.transaction() as session:
        due = await timers.claim(session, 10, desk.shop.clock(), timedelta(1), [callbacks.KIND])
        await call_attempt.due(session, due, desk.shop.clock(), desk.outside)
    assert await desk.one("SELECT state FROM callback") == "expired"
    assert await desk.one("SELECT kind FROM work_item WHERE state = 'waiting'") == "interaction"


async def test_what_is_no_number_and_what_was_not_offered_is_refused(
    desk: Desk, eva: Visitor, waiting: str
) -> None:
    wrong = await ask(eva, waiting, address="call me")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "callback.number")
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "UPDATE work_item SET blocker = NULL; UPDATE queue SET callback = false"
        )
    refused = await ask(eva, waiting)
    assert (refused.status_code, refused.json()["code"]) == (409, "callback.not_offered")
    strange = await ask(eva, str(UUID(int=1)))
    assert strange.status_code == 404


async def test_nobody_leaves_and_comes_back_without_end(
    desk: Desk, eva: Visitor, waiting: str
) -> None:
    for _ in range(5):
        assert (await ask(eva, waiting)).status_code == 201
        path, query = "/v1/chat/callback", {"case": waiting}
        await eva.http.request("DELETE", path, params=query, headers=eva.bearer)
        async with desk.shop.database.transaction() as session:
            await session.execute("UPDATE work_item SET blocker = 'callback_offered'")
    again = await ask(eva, waiting)
    assert (again.status_code, again.json()["code"]) == (429, "callback.too_many")


async def test_a_chat_out_of_order_says_where_else_and_lets_leave_the_line(
    desk: Desk, http: httpx.AsyncClient, eva: Visitor
) -> None:
    case = str((await begin(desk, eva, "Dobrý den"))["id"])
    assert (await options(eva, case))["offered"] is False
    async with desk.shop.database.transaction() as session:
        await session.execute(
            """INSERT INTO lever (id, kind, channel, value, seconds, reason, by_id, from_at)
               VALUES (gen_random_uuid(), 'outage', 'chat', '{"other": "email",
                       "drain": "callback"}', 86400, 'r', gen_random_uuid(), now())"""
        )
    assert (await options(eva, case))["offered"] is True
    mine = (await cases(eva))[0]
    assert mine["wait"]["outage"] == "email"  # type: ignore[index] # JSON
    assert mine["wait"]["band"] is None  # type: ignore[index]
    newcomer = await visitor(http, desk.shop.key)
    assert newcomer.body["wait"]["outage"] == "email"
