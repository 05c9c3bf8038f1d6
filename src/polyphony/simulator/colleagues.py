"""Simulated agents: they sign in, take or decline offers and answer, over the public API."""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from datetime import datetime
from importlib.resources import files
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from polyphony.simulator.draws import Draws
from polyphony.simulator.matters import matters
from polyphony.simulator.pace import Pace
from polyphony.simulator.pages import one
from polyphony.simulator.personas import Colleague

Row = Mapping[str, object]

FIRMS = "Key accounts"
"""The queue of firm customers: colleagues leave them to whoever sits in front of the screen."""
LEFT_TO_YOU_S = 45.0


def answers() -> dict[str, dict[str, object]]:
    """Return what colleagues answer, by language."""
    found = one(files("polyphony.simulator") / "answers.yaml")
    return {language: dict(words) for language, words in found.items() if isinstance(words, dict)}


class Desk:
    """The HTTP side of one signed-in agent: cookie, CSRF header, patience with a restart."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._csrf = ""

    async def sign_in(self, email: str, password: str) -> str:
        """Sign in; return the person's id."""
        answer = await self._http.post("/v1/sign_ins", json={"email": email, "password": password})
        answer.raise_for_status()
        self._csrf = answer.json()["csrf"]
        return str(answer.json()["person"]["id"])

    async def call(
        self, method: str, path: str, body: object = None, key: str = ""
    ) -> httpx.Response:
        """Make one call; 429 and 503 are waited out for at most about a minute."""
        headers = {"X-Polyphony-CSRF": self._csrf} | ({"Idempotency-Key": key} if key else {})
        for attempt in range(8):
            answer = await self._http.request(method, path, json=body, headers=headers)
            if answer.status_code not in {429, 503}:
                return answer
            await asyncio.sleep(min(10, 0.5 * 2**attempt))
        return answer

    def cookie(self) -> str:
        """The Cookie header for the socket."""
        return "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())


_ANSWERS = {"text": "As agreed", "number": 4200, "date": "2026-12-01", "check": True}


def filled_in(step: Row) -> Row:
    """Return everything ticked and answered that a step asks for; what is answered stays."""
    checks, form, given = step["checklist"], step["form"], step["answers"]
    assert isinstance(checks, list)  # noqa: S101 - the contract says so
    assert isinstance(form, list)  # noqa: S101 - the contract says so
    assert isinstance(given, dict)  # noqa: S101 - the contract says so
    return {
        "checklist": {str(one["key"]): True for one in checks},
        "answers": {
            str(one["key"]): one["options"][0] if one["options"] else _ANSWERS[str(one["type"])]
            for one in form
            if one["key"] not in given
        },
    }


class Player:
    """One simulated colleague at work."""

    def __init__(self, who: Colleague, desk: Desk, draws: Draws, pace: Pace, base: str) -> None:
        self._who, self._desk, self._draws, self._pace, self._base = who, desk, draws, pace, base
        self._id = ""
        self._mine: set[str] = set()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._words = answers()
        self._thanks = {told.thanks for matter in matters() for told in matter.told.values()}
        self._line: ClientConnection | None = None
        self._away = asyncio.Event()
        self._away.set()
        self.answered = 0

    @property
    def key(self) -> str:
        """Who it is."""
        return self._who.key

    @property
    def at_work(self) -> bool:
        """Whether he is signed in, connected and one who answers."""
        return self._line is not None and self._who.answers

    def holds(self, case: str) -> bool:
        """Tell whether this Case is in his hands."""
        return case in self._mine

    async def work(self, email: str, password: str) -> None:
        """Sign in, come online and work until cancelled; a lost line is taken up again."""
        self._id = await self._desk.sign_in(email, password)
        while True:
            await self._away.wait()
            try:
                await self._shift()
            except (OSError, httpx.HTTPError, WebSocketException, ValueError):
                await asyncio.sleep(2)
            finally:
                self._line = None

    async def _shift(self) -> None:
        ticket = (await self._desk.call("POST", "/v1/stream/ticket")).json()["ticket"]
        start = (await self._desk.call("GET", "/v1/bootstrap?view=mine")).json()
        url = self._base.replace("http", "ws", 1) + "/v1/stream"
        headers = {"Cookie": self._desk.cookie()}
        async with connect(url, additional_headers=headers, origin=Origin(self._base)) as line:
            hello = {
                "t": "hello",
                "ticket": ticket,
                "cursor": start["cursor"],
                "schema": 1,
                "topics": [],
            }
            self._line = line
            await line.send(json.dumps(hello))
            await self._desk.call("PUT", "/v1/presence", {"status": "online"})
            for offer in start["offers"]:
                self._consider(offer)
            for item in start["work_items"]:
                if item["agent_id"] == self._id and item["state"] == "in_work":
                    self._take_up(item)
            async for frame in line:
                await self._hear(json.loads(frame), line)

    async def _hear(self, frame: Row, line: ClientConnection) -> None:
        if frame["t"] == "ping":
            await line.send(json.dumps({"t": "pong", "n": frame["n"]}))
        events = frame.get("events", []) if frame["t"] in {"ev", "early"} else []
        assert isinstance(events, list)  # noqa: S101 - the protocol says so
        for event in events:
            data = event.get("data") or {}
            if event["entity"] == "offer" and data.get("agent_id") == self._id:
                self._consider(data)
            if (
                event["entity"] == "message"
                and data.get("kind") == "in"
                and data["case_id"] in self._mine
            ):
                self._turn(data["case_id"])

    def _consider(self, offer: Row) -> None:
        if offer["state"] == "offered" and self._who.answers:
            self._start(f"offer:{offer['id']}", self._decide(offer))

    def _turn(self, case: str) -> None:
        self._start(f"case:{case}", self._answer(case))

    def _start(self, key: str, work: Coroutine[None, None, None]) -> None:
        if key in self._busy:
            work.close()
            return
        task = asyncio.create_task(work)
        self._busy[key] = task
        task.add_done_callback(lambda _: self._busy.pop(key, None))

    async def _decide(self, offer: Row) -> None:
        await self._pace.sleep(self._draws.handling(4, self._who.key, offer["id"]))
        if self._leaves_it(offer) or (
            self._draws.unit("declines", self._who.key, offer["id"]) < self._who.declines
        ):
            await self._desk.call("POST", f"/v1/offers/{offer['id']}/decline", {"reason": "busy"})
            return
        answer = await self._desk.call("POST", f"/v1/offers/{offer['id']}/accept", {})
        if answer.status_code == 200:
            self._take_up(answer.json()["work_item"])

    def _take_up(self, item: Row) -> None:
        case, step = str(item["case_id"]), item.get("step")
        if isinstance(step, dict):
            self._start(f"step:{step['id']}", self._do_step(case, str(step["id"])))
            return
        self._mine.add(case)
        self._turn(case)

    async def _do_step(self, case: str, step: str) -> None:
        """Tick what is to be ticked, answer what is asked, finish; what one may not goes back."""
        view = (await self._desk.call("GET", f"/v1/cases/{case}")).json()
        found = next((one for one in view.get("steps", []) if one["id"] == step), None)
        if found is None:
            return
        await self._pace.sleep(self._draws.handling(self._who.median_s, self._who.key, step))
        path = f"/v1/case_steps/{step}"
        await self._desk.call("PATCH", path, filled_in(found))
        done = await self._desk.call("POST", f"{path}/finish", {})
        if done.status_code != 200 and found["work_item_id"]:
            await self._desk.call("POST", f"/v1/work_items/{found['work_item_id']}/return", {})

    def _leaves_it(self, offer: Row) -> bool:
        """Firms are the business of whoever sits in front of the screen, if he takes them soon."""
        card = offer.get("card")
        if not isinstance(card, dict) or card.get("queue") != FIRMS:
            return False
        made, since = (
            datetime.fromisoformat(str(t)) for t in (offer["made_at"], card["waiting_since"])
        )
        return (made - since).total_seconds() < LEFT_TO_YOU_S

    async def _answer(self, case: str) -> None:
        view = (await self._desk.call("GET", f"/v1/cases/{case}")).json()
        spoken = [m for m in view.get("messages", []) if m["kind"] in {"in", "out"}]
        if not spoken or spoken[-1]["kind"] != "in":
            return
        chat = view["reply_to"]["channel_kind"] == "chat"
        median = self._who.median_s * (0.35 if chat else 1.0)
        await self._pace.sleep(self._draws.handling(median, self._who.key, spoken[-1]["id"]))
        view = (await self._desk.call("GET", f"/v1/cases/{case}")).json()
        last = [m for m in view["messages"] if m["kind"] == "in"][-1]
        thanked = str(last["text"]).strip() in self._thanks
        if thanked and not chat:
            await self._desk.call("POST", f"/v1/cases/{case}/moves", {"move": "solve"})
            self._mine.discard(case)
            return
        then = ("solve" if thanked else "open") if chat else "wait_customer"
        await self._send(view, self._compose(view["case"], last, (chat, thanked)), then)

    def _compose(self, case: Row, last: Row, how: tuple[bool, bool]) -> str:
        chat, thanked = how
        language = str(last.get("language") or case.get("language") or "en")
        words = self._words.get(language, self._words["en"])
        if thanked and chat:
            return str(words["bye"])
        bodies = words["chat" if chat else "bodies"]
        assert isinstance(bodies, list)  # noqa: S101 - our own file
        body = str(self._draws.pick(bodies, self._who.key, last["id"]))
        if chat:
            return body
        person = case["customer"]
        assert isinstance(person, dict)  # noqa: S101 - the contract says so
        greeting = str(words["greeting"]).format(name=str(person["name"]).split(" ")[0])
        return f"{greeting}\n\n{body}\n\n{words['closing']}\n{self._who.name}"

    async def _send(self, view: Mapping[str, Row], text: str, then: str) -> None:
        key, case = str(uuid4()), view["case"]
        body = {"text": text, "files": [], "expected_last_item": case["last_item"], "then": then}
        path = f"/v1/interactions/{view['reply_to']['interaction_id']}/messages"
        answer = await self._desk.call("POST", path, body, key)
        if answer.status_code == 409 and "last_item" in answer.json():
            body["expected_last_item"] = answer.json()["last_item"]
            answer = await self._desk.call("POST", path, body, str(uuid4()))
        if answer.status_code == 201:
            self.answered += 1
            if then != "open":
                self._mine.discard(str(case["id"]))

    async def view(self, case: str) -> dict[str, Row]:
        """Read a whole Case."""
        found: dict[str, Row] = (await self._desk.call("GET", f"/v1/cases/{case}")).json()
        return found

    async def answer_once(self, view: Mapping[str, Row], text: str) -> int:
        """Send an answer to what was seen, once; return the status one was told."""
        body = {
            "text": text,
            "files": [],
            "expected_last_item": view["case"]["last_item"],
            "then": "wait_customer",
        }
        path = f"/v1/interactions/{view['reply_to']['interaction_id']}/messages"
        return (await self._desk.call("POST", path, body, str(uuid4()))).status_code

    async def search(self, words: str) -> str | None:
        """Find the newest Case by words of its title."""
        query = urlencode({"q": " ".join(words.split())[:60]})
        found = await self._desk.call("GET", f"/v1/search/suggestions?{query}")
        cases = found.json().get("cases", []) if found.status_code == 200 else []
        newest = max(cases, key=lambda case: str(case["last_at"]), default=None)
        return str(newest["id"]) if newest else None

    async def die(self, case: str, pace: Pace, away_s: float) -> None:
        """Begin an answer, lose the line without a word, come back after story seconds."""
        draft = {
            "text": self._words.get(self._who.language, self._words["en"])["bye"],
            "version": 0,
        }
        await self._desk.call("PUT", f"/v1/cases/{case}/drafts/reply", draft)
        self._away.clear()
        if self._line is not None:
            self._line.transport.abort()
        await pace.sleep(away_s, act=True)
        self._away.set()
