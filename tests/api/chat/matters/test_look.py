"""What a page is told before anybody writes: the look and the wait; what it says of him."""

from datetime import timedelta
from uuid import UUID

import httpx
from tests.make.chat import PAGE, Visitor, visitor
from tests.make.chatting import Desk, cases


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
    nothing = {"closed_until": None, "callback": False, "form": False, "outage": None}
    unknown = {"band": None, "expected_s": None, **nothing}
    assert shown == [{"before": n, **unknown} for n in range(3)]
    await others_waited(desk, queue, *(minutes for minutes in (35, 28, 12, 9, 8, 6)))
    shown = [(await cases(one))[0]["wait"] for one in people]
    assert [one["before"] for one in shown] == [0, 1, 2]  # type: ignore[index] # JSON
    # The last one waited six minutes, three are taken in ten.
    assert [one["band"] for one in shown] == [5, 10, 10]  # type: ignore[index] # JSON
    slower = desk.shop.clock() - timedelta(minutes=9)
    async with desk.shop.database.transaction() as session:  # now two are taken in ten minutes
        await session.execute("DELETE FROM queue_stay WHERE left_at = %s", [slower])
    shown = [(await cases(one))[0]["wait"] for one in people]
    assert [one["band"] for one in shown] == [5, 10, 10]  # type: ignore[index] # JSON
    late = await visitor(http, desk.shop.key)
    assert late.body["wait"] == {"before": 3, "band": 15, "expected_s": 900, **nothing}


async def others_waited(desk: Desk, queue: UUID, *ago: int) -> None:
    """Others waited six minutes each and were taken so many minutes ago."""
    at = desk.shop.clock()
    async with desk.shop.database.transaction() as session:
        for number, minutes in enumerate(ago):
            left = at - timedelta(minutes=minutes)
            await session.execute(
                "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, left_at, how)"
                " SELECT gen_random_uuid(), id, %s, %s, %s, 'taken' FROM work_item"
                "  ORDER BY id OFFSET %s LIMIT 1",
                [queue, left - timedelta(minutes=6), left, 0 if minutes > 20 else number % 3],
            )


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
