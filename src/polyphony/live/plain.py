"""Plain: the stream over ordinary HTTP, as an event stream or a long poll; the same frames."""

import asyncio
import contextlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route

from polyphony.flows import sign_in
from polyphony.live.entry import Door, Guest, Hello, House, Refused, enter, hello_of, read, ready
from polyphony.live.line import BAD_FRAME, ENDED, FLOOD, REFUSED, RESTART, Line
from polyphony.live.pouring import Pouring, problem
from polyphony.live.said import Ear, Pace
from polyphony.live.staff import guest_of
from polyphony.store.database import Session, Unavailable

POLL_MAX_S = 25.0
GATHER_S = 0.02
"""What happens together travels together."""
UNUSED_S = 40.0
SWEEP_S = 5.0
SAY_BYTES, SAY_FRAMES = 6_000, 50
TOPIC = "line:"

_STATUS = {ENDED: 401, REFUSED: 403, FLOOD: 429, BAD_FRAME: 422, RESTART: 503}
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)

_log = structlog.stdlib.get_logger("polyphony.live.plain")


@dataclass(eq=False)
class Held:
    """A line whose client speaks by requests; ``sent`` is where the client stands."""

    line: Line
    ear: Ear
    used_at: float
    sent: str = ""
    turn: int = 0
    polls: Pace = field(default_factory=Pace)


@dataclass
class Plain:
    """The two plain ways of one process; ``at_home``: no password is needed on this machine."""

    house: House
    door: Door
    at_home: bool
    _held: dict[str, Held] = field(default_factory=dict)
    _busy: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self) -> None:
        """Hear what clients say to other processes about lines of ours; sweep what is left."""
        self.house.fleeting.ears.append(self._overhear)
        self._keep(asyncio.create_task(self._sweeping()))

    async def end(self) -> None:
        """Stop; the lines are closed by whoever drains the house."""
        for task in tuple(self._busy):
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    def routes(self) -> list[Route]:
        """Return the routes below /v1/stream."""
        return [
            Route("/v1/stream/sse", self.sse, methods=["GET"]),
            Route("/v1/stream/poll", self.poll, methods=["GET"]),
            Route("/v1/stream/say", self.say, methods=["POST"]),
        ]

    # ── in ──────────────────────────────────────────────────────────────────────────────────────

    async def _guest(self, session: Session, connection: HTTPConnection) -> Guest | None:
        """Recognise who asks by his session; nothing secret stands in an address."""
        token = connection.cookies.get(self.house.cookie)
        signed = await sign_in.recognise(session, token, self.house.now()) if token else None
        if signed is None or not (signed.has_password or self.at_home):
            return None
        return guest_of(signed.scope, signed.id)

    async def _asker(self, connection: HTTPConnection) -> Guest:
        async with self.house.database.reads() as session:
            guest = await self._guest(session, connection)
        if guest is None:
            raise Refused(ENDED, "session")
        return guest

    def _own_page(self, connection: HTTPConnection) -> None:
        """Refuse what a browser asks from somebody else's page."""
        origin = connection.headers.get("origin")
        if origin is not None:
            foreign = not self.door.origin(origin)
        else:
            foreign = connection.headers.get("sec-fetch-site", "none") not in (
                "none",
                "same-origin",
            )
        if foreign:
            raise Refused(REFUSED, "origin")

    async def _open(self, request: Request, hello: Hello) -> Held:
        """Open a line of its own for who asks."""
        ready(self.house)

        def dress(line: Line) -> None:
            line.name = secrets.token_urlsafe(24)

        line = await enter(
            self.house, self.door, hello, lambda session: self._guest(session, request), dress
        )
        held = Held(line, Ear(self.house, self.door, line), _clock())
        self._held[line.name] = held
        if self.house.opened is not None:
            await self.house.opened(line)
        return held

    async def _leave(self, held: Held) -> None:
        self._held.pop(held.line.name, None)
        held.turn += 1
        here = held.line in self.house.fan.lines
        self.house.fan.remove(held.line)
        if here and self.house.closed is not None:
            await self.house.closed(held.line)

    # ── the event stream ────────────────────────────────────────────────────────────────────────

    async def sse(self, request: Request) -> Response:
        """GET /v1/stream/sse: frames as ``event: frame``, ``id`` is the cursor."""
        try:
            self._own_page(request)
            held = await self._open(request, _hello(request))
        except (Refused, Unavailable) as refusal:
            return _refused(refusal)
        return Pouring(held.line, lambda: self._leave(held))

    # ── the long poll ───────────────────────────────────────────────────────────────────────────

    async def poll(self, request: Request) -> Response:
        """GET /v1/stream/poll: the frames behind a cursor, waiting up to 25 s for the first."""
        try:
            self._own_page(request)
            hello = _hello(request)
            known = await self._again(request)
            held = known
            if held is None or (held.line.closing is None and str(hello.cursor or "") != held.sent):
                held = await self._open(request, hello)  # the last answer was lost on its way
                if known is not None:
                    await self._leave(known)
            held.polls.check(_clock())
            frames = await self._gather(held, _wait(request))
        except (Refused, Unavailable) as refusal:
            return _refused(refusal)
        body = b'{"line":"' + held.line.name.encode() + b'","frames":[' + b",".join(frames) + b"]}"
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    async def _again(self, request: Request) -> Held | None:
        """Find the line of an earlier poll of this session, if it is here."""
        held = self._held.get(request.query_params.get("line", ""))
        if held is None:
            return None
        guest = await self._asker(request)
        return held if guest.session_id == held.line.session_id else None

    async def _gather(self, held: Held, wait_s: float) -> Sequence[bytes]:
        """Wait for the first frame, take all; a later poll of the same line ends this one."""
        held.turn += 1
        mine, line = held.turn, held.line
        held.used_at = line.heard_at = _clock()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(line.ready.wait(), wait_s)
        await asyncio.sleep(GATHER_S)
        if held.turn != mine:
            return []
        if not line.waiting:
            now = self.house.now().isoformat()
            line.heartbeat(max(line.cursor, self.house.feed.position), now, 0)
        frames = []
        while (data := line.take()) is not None:
            frames.append(data)
        line.writing = False
        held.sent, held.used_at = str(line.cursor), _clock()
        if line.closing is not None:
            await self._leave(held)
        return frames

    # ── what clients say ────────────────────────────────────────────────────────────────────────

    async def say(self, request: Request) -> Response:
        """POST /v1/stream/say: frames of the client of a line, here or in another process."""
        try:
            self._own_page(request)
            name, frames = _said(await request.body())
            guest = await self._asker(request)
        except (Refused, Unavailable) as refusal:
            return _refused(refusal)
        held = self._held.get(name)
        if held is None:
            data = {"session": str(guest.session_id), "frames": frames}
            self.house.fleeting.say(TOPIC + name, "said", "server", data)
        elif held.line.session_id == guest.session_id:
            await self._hear(held, frames)
        return Response(status_code=204)

    def _overhear(self, topic: str, kind: str, who: str, data: object) -> None:
        if kind != "said" or who != "server" or not topic.startswith(TOPIC):
            return
        held = self._held.get(topic.removeprefix(TOPIC))
        if held is None or not isinstance(data, dict):
            return
        if data.get("session") == str(held.line.session_id):
            self._keep(asyncio.create_task(self._hear(held, data.get("frames") or [])))

    async def _hear(self, held: Held, frames: Sequence[Mapping[str, object]]) -> None:
        try:
            for told in frames:
                await held.ear.hear(told, _clock())
        except Refused as refused:
            held.line.close(refused.code, refused.reason)
            self.house.fan.remove(held.line)
        except Unavailable:
            _log.warning("not heard: database away")

    # ── what is left behind ─────────────────────────────────────────────────────────────────────

    async def _sweeping(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            before = _clock() - UNUSED_S
            for held in tuple(self._held.values()):
                if held.sent and held.used_at < before:
                    with contextlib.suppress(Unavailable):
                        await self._leave(held)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _hello(request: Request) -> Hello:
    told = dict(request.query_params)
    schema = told.get("schema", "1")
    cursor = request.headers.get("last-event-id") or told.get("cursor")
    return hello_of(
        {
            "cursor": cursor,
            "grants": told.get("grants"),
            "schema": int(schema) if _NUMBER.fullmatch(schema) else -1,
        }
    )


def _wait(request: Request) -> float:
    text = request.query_params.get("wait", "25")
    return min(float(text), POLL_MAX_S) if _NUMBER.fullmatch(text) else POLL_MAX_S


def _said(body: bytes) -> tuple[str, list[Mapping[str, object]]]:
    if len(body) > SAY_BYTES:
        raise Refused(BAD_FRAME, "too long")
    told = read(body)
    name, frames = told.get("line"), told.get("frames")
    if not isinstance(name, str) or not isinstance(frames, list) or len(frames) > SAY_FRAMES:
        raise Refused(BAD_FRAME, "line and frames")
    if not all(isinstance(one, dict) for one in frames):
        raise Refused(BAD_FRAME, "frames")
    return name, frames


def _refused(refusal: Refused | Unavailable) -> Response:
    if isinstance(refusal, Unavailable):
        return problem(503, "database.unavailable", "")
    return problem(_STATUS.get(refusal.code, 400), "stream.refused", str(refusal))
