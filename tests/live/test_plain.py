"""Event stream and long poll: the same frames as the socket, the same rules, presence too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
from tests.live.dialling import World, dial
from tests.live.test_vigil import becomes, status
from tests.make.desk import Person, running

from polyphony.store.database import Database

Frame = dict[str, Any]


class Sse:
    """Reads an event stream; every frame with its id."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines
        self.id = ""

    async def next(self, kind: str = "", seconds: float = 20) -> Frame:
        async with asyncio.timeout(seconds):
            async for line in self.lines:
                if line.startswith("id: "):
                    self.id = line.removeprefix("id: ")
                if line.startswith("data: "):
                    frame = orjson.loads(line.removeprefix("data: "))
                    if kind in ("", frame["t"]):
                        return dict(frame)
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def pour(who: Person, last: str = "", **query: str) -> AsyncIterator[Sse]:
    headers = {"Last-Event-ID": last} if last else {}
    async with who.http.stream("GET", "/v1/stream/sse", params=query, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Sse(answer.aiter_lines())


class Poll:
    """Polls as a client does: where it stands, and the name of its line."""

    def __init__(self, who: Person, cursor: str = "") -> None:
        self.who, self.cursor, self.line = who, cursor, ""

    async def once(self, wait: int = 5) -> list[Frame]:
        asked = {"wait": str(wait), "cursor": self.cursor, "line": self.line}
        answer = await self.who.get("/v1/stream/poll", **asked)
        self.line = answer["line"]
        for frame in answer["frames"]:
            if frame["t"] in ("ev", "hb"):
                assert frame["prev"] == self.cursor
            if frame["t"] in ("welcome", "ev", "hb"):
                self.cursor = frame["cursor"]
        return list(answer["frames"])

    async def events(self, number: int) -> list[Frame]:
        found: list[Frame] = []
        while len(found) < number:
            found += [e for f in await self.once() if f["t"] == "ev" for e in f["events"]]
        return found


async def say(who: Person, line: str, *frames: Frame) -> None:
    answer = await who.post("/v1/stream/say", {"line": line, "frames": frames})
    assert answer.status_code == 204, answer.text


async def test_all_three_ways_carry_the_same_frames(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        cursor = (await jana.get("/v1/bootstrap"))["cursor"]
        for n in range(3):
            await world.touch(database, f"missed {n}")
        line = await dial(desk, jana, cursor=cursor)
        poll = Poll(jana, cursor)
        async with pour(jana, cursor=cursor) as sse:
            welcome = await sse.next("welcome")
            first = await poll.once()
            bare = {k: v for k, v in line.welcome.items() if k != "now"}
            for told in (welcome, first[0]):
                assert told["line"]
                assert {k: v for k, v in told.items() if k not in ("line", "now")} == bare
            for n in range(4):
                await world.touch(database, f"live {n}")
            by_socket = [await line.event("case.changed") for _ in range(7)]
            by_sse: list[Frame] = []
            while len(by_sse) < 7:
                by_sse += (await sse.next("ev"))["events"]
            by_poll = [e for f in first if f["t"] == "ev" for e in f["events"]]
            by_poll += await poll.events(7 - len(by_poll))
            assert by_socket == by_sse == by_poll
            assert [one["data"]["title"] for one in by_poll[-4:]] == [f"live {n}" for n in range(4)]
            assert sse.id == poll.cursor == line.cursor


async def test_an_event_stream_goes_on_behind_its_last_id(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        cursor = (await jana.get("/v1/bootstrap"))["cursor"]
        async with pour(jana, cursor=cursor) as sse:
            await world.touch(database, "one")
            await sse.next("ev")
        await world.touch(database, "two")
        async with pour(jana, last=sse.id, cursor=cursor) as again:
            (event,) = (await again.next("ev"))["events"]
            assert event["data"]["title"] == "two"


async def test_a_poll_whose_answer_was_lost_gets_it_again(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        poll = Poll(jana, (await jana.get("/v1/bootstrap"))["cursor"])
        await poll.once()
        before, name = poll.cursor, poll.line
        await world.touch(database, "lost on its way")
        await poll.events(1)
        poll.cursor = before
        (event,) = await poll.events(1)
        assert event["data"]["title"] == "lost on its way"
        assert poll.line != name


async def test_a_line_without_a_socket_joins_topics_and_is_heard(
    database: Database, tmp_path: Path, world: World
) -> None:
    topic = f"case:{world.case.id}"
    async with running(database, tmp_path) as desk:
        jana, eva = await desk.signed_in(world.agent), await desk.signed_in(world.other)
        socket = await dial(desk, eva, topics=[topic])
        async with pour(jana) as sse:
            name = (await sse.next("welcome"))["line"]
            await say(jana, name, {"t": "sub", "topics": [topic]})
            assert (await sse.next("eph"))["kind"] == "subscribed"
            typing = {"t": "eph", "topic": topic, "kind": "typing", "data": {"mode": "reply"}}
            await say(jana, name, typing)
            assert (await socket.next("eph"))["from"] == f"person:{world.agent}"
            await say(eva, name, {"t": "eph", "topic": topic, "kind": "viewing", "data": None})
            await socket.socket.send(orjson.dumps(typing).decode())
            heard = await sse.next("eph")
            assert heard["from"] == f"person:{world.other}"
            assert heard["kind"] == "typing"


async def test_what_is_said_to_another_process_reaches_the_line(
    database: Database, tmp_path: Path, world: World
) -> None:
    topic = f"case:{world.case.id}"
    async with running(database, tmp_path / "a") as one, running(database, tmp_path / "b") as two:
        jana = await one.signed_in(world.agent)
        there = two.browser(**{"X-Polyphony-CSRF": jana.csrf})
        there.cookies.set("polyphony", jana.token)
        async with pour(jana) as sse:
            name = (await sse.next("welcome"))["line"]
            body = {"line": name, "frames": [{"t": "sub", "topics": [topic]}]}
            assert (await there.post("/v1/stream/say", json=body)).status_code == 204
            assert (await sse.next("eph"))["topic"] == topic


async def online(who: Person) -> None:
    answer = await who.http.put("/v1/presence", json={"status": "online"})
    assert answer.status_code == 200, answer.text


async def test_answers_to_pings_keep_an_agent_present_and_silence_loses_him(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        async with pour(jana) as sse:
            name = (await sse.next("welcome"))["line"]
            await online(jana)
            for _ in range(4):
                ping = await sse.next("ping")
                await say(jana, name, {"t": "pong", "n": ping["n"]})
            assert await status(database, jana) == "online"
            assert await becomes(database, jana, "reconnecting", 12)
            assert (await sse.next("bye", 5))["code"] == 1012


async def test_polling_is_a_sign_of_life(database: Database, tmp_path: Path, world: World) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        poll = Poll(jana)
        await poll.once()
        await online(jana)
        until = asyncio.get_running_loop().time() + 7
        while asyncio.get_running_loop().time() < until:
            await poll.once()
        assert await status(database, jana) == "online"
        assert await becomes(database, jana, "reconnecting", 12)
        await poll.once()
        assert {f["t"] for f in await Poll(jana, poll.cursor).once()} >= {"welcome"}
        assert await becomes(database, jana, "online", 5)


async def test_an_ended_session_ends_both(database: Database, tmp_path: Path, world: World) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        poll = Poll(jana)
        await poll.once()
        async with pour(jana) as sse:
            await sse.next("welcome")
            assert (await jana.http.delete("/v1/sign_ins/current")).status_code == 204
            assert (await sse.next("bye"))["code"] == 4401
        jana.http.cookies.set("polyphony", jana.token)
        for path in ("poll", "sse"):
            answer = await jana.http.get(f"/v1/stream/{path}", params={"line": poll.line})
            assert answer.status_code == 401


async def test_strangers_foreign_pages_and_nonsense_are_refused(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana, nobody = await desk.signed_in(world.agent), desk.browser()
        assert (await nobody.get("/v1/stream/sse")).status_code == 401
        assert (await nobody.get("/v1/stream/poll")).status_code == 401
        assert (
            await nobody.post("/v1/stream/say", json={"line": "", "frames": []})
        ).is_client_error
        foreign = {"Origin": "https://evil.example"}
        for method, path in (("GET", "sse"), ("GET", "poll"), ("POST", "say")):
            answer = await jana.http.request(method, f"/v1/stream/{path}", headers=foreign)
            assert answer.status_code == 403
        assert (await jana.http.get("/v1/stream/poll", params={"cursor": "x"})).status_code == 422
        for body in (b"", b"[]", b"{}", b'{"line":"x","frames":[1]}', b"x" * 9_000):
            answer = await jana.http.post("/v1/stream/say", content=body)
            assert answer.status_code == 422, body[:20]


async def test_a_flood_over_http_ends_the_line(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        async with pour(jana) as sse:
            name = (await sse.next("welcome"))["line"]
            for _ in range(3):
                await say(jana, name, *({"t": "pong", "n": n} for n in range(40)))
            assert (await sse.next("bye"))["code"] == 4029


async def test_a_line_holds_a_hundred_topics_and_no_more(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        (open_line,) = desk.web.house.fan.of(world.agent)
        desk.web.house.fan.retopic(open_line, {f"case:{n}" for n in range(100)})
        told = {"t": "sub", "topics": [f"case:{world.case.id}"]}
        await line.socket.send(orjson.dumps(told).decode())
        assert (await line.next("eph"))["kind"] == "denied"
        gone = {"t": "unsub", "topics": ["case:1"]}
        await line.socket.send(orjson.dumps(gone).decode())
        await line.socket.send(orjson.dumps(told).decode())
        assert (await line.next("eph"))["kind"] == "subscribed"
        assert desk.web.house.fan.tally["denied_topics_total"] == 1


async def test_the_age_at_the_screen_is_told_to_a_monitor(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        await line.socket.send(orjson.dumps({"t": "ack", "cursor": "1.1.1", "age_ms": 80}).decode())
        await line.socket.send(orjson.dumps({"t": "sub", "topics": ["me"]}).decode())
        await line.next("eph")
        told = (await jana.http.get("/metrics")).text
        assert 'polyphony_stream_age_seconds{quantile="0.99"} 0.08' in told
        assert "polyphony_stream_connections 1.0" in told
