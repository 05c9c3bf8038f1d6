"""A screen that obeys the written rules of the stream, over a line that loses and doubles."""

import asyncio
import copy
import random
from typing import Any

import orjson
import websockets
from tests.make.desk import Person, Running

OPEN = {"open", "wait_customer", "wait_third_party"}
HELD = {"in_work", "suspended", "wrap_up"}
OVER = {"done", "cancelled"}
Row = dict[str, Any]


class Client:
    """What one person's screen knows: Cases and WorkItems by id, tombstones, his place."""

    def __init__(self, desk: Running, who: Person, chance: random.Random) -> None:
        self.desk, self.who, self.chance = desk, who, chance
        self.socket: Any = None
        self.cursor = self.grants = ""
        self.rows: dict[str, dict[str, Row]] = {"case": {}, "work_item": {}}
        self.tombs: dict[str, int] = {}
        self.listed: set[str] = set()
        self.queues: set[str] = set()
        self.marks: set[str] = set()
        self.resets = self.gaps = self.dials = 0
        self.unruly = self.out = False

    async def bootstrap(self) -> str:
        """Fetch everything; an empty cursor when we are not let in any more."""
        answers = [
            await self.who.http.get("/v1/bootstrap", params={"view": view})
            for view in ("all", "mine")
        ]
        self.out = any(one.status_code == 401 for one in answers)
        if self.out:
            return ""
        told, mine = (one.json() for one in answers)
        self.rows = {"case": {}, "work_item": {}}
        self.tombs = {}
        self.grants = told["grants"]
        self.listed = set(told["me"]["listed"])
        self.queues = set(told["me"]["queues"])
        for page in (told, mine):
            for one in page["list"]["items"]:
                self.put("case", one)
            for one in page["work_items"]:
                self.put("work_item", one)
        return str(told["cursor"])

    def put(self, entity: str, data: Row) -> None:
        id_, version = data["id"], data["version"]
        known = self.rows[entity].get(id_)
        if version > self.tombs.get(id_, 0) and (known is None or version > known["version"]):
            self.rows[entity][id_] = data

    def apply(self, event: Row) -> None:
        entity = event.get("entity")
        if entity not in self.rows:
            return
        id_, version = event["id"], event["v"]
        if event["op"] == "upsert":
            self.put(entity, event["data"])
        elif event["op"] == "gone":
            known = self.rows[entity].get(id_)
            if known is None or version >= known["version"]:
                self.rows[entity].pop(id_, None)
                self.tombs[id_] = max(version, self.tombs.get(id_, 0))
                if entity == "case":
                    self.drop_items(id_)

    def drop_items(self, case: str) -> None:
        work = self.rows["work_item"]
        self.rows["work_item"] = {i: one for i, one in work.items() if one["case_id"] != case}

    # ── the line ────────────────────────────────────────────────────────────────────────────────

    async def dial(self) -> bool:
        """Open a line at our place; False when we are not let in any more."""
        self.dials += 1
        answer = await self.who.post("/v1/stream/ticket")
        self.out = answer.status_code == 401
        if self.out:
            return False
        self.socket = await websockets.connect(
            self.desk.url.replace("http", "ws") + "/v1/stream",
            origin=self.desk.url,
            max_queue=None,  # else a full queue keeps the close frame waiting for ten seconds
        )
        hello = {"t": "hello", "ticket": answer.json()["ticket"], "schema": 1}
        hello |= {"cursor": self.cursor, "grants": self.grants}
        await self.socket.send(orjson.dumps(hello).decode())
        return True

    async def hang_up(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        self.socket = None

    def remember(self) -> tuple[Any, ...]:
        """Copy what a sleeping tab would wake up with."""
        return copy.deepcopy(
            (self.cursor, self.grants, self.rows, self.tombs, self.listed, self.queues)
        )

    async def wake_with(self, before: tuple[Any, ...]) -> None:
        """Go on from an old cursor, with the old rows."""
        await self.hang_up()
        before = copy.deepcopy(before)
        self.cursor, self.grants, self.rows, self.tombs, self.listed, self.queues = before

    async def hear(self, seconds: float, until: str = "") -> bool:
        """Take in frames for a while, or until a mark; return whether the line is still good."""
        try:
            return await self._hear(seconds, until)
        except websockets.ConnectionClosed:
            self.socket = None  # e.g. it did not answer pings while the world went on
            return False

    async def _hear(self, seconds: float, until: str) -> bool:
        if self.socket is None and not await self.dial():
            return False
        deadline = asyncio.get_running_loop().time() + seconds
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            try:
                frame = orjson.loads(await asyncio.wait_for(self.socket.recv(), left))
            except TimeoutError:
                return True
            for one in self._worse(frame):
                if not await self._take(one):
                    await self.hang_up()
                    return False
            if until in self.marks and frame["t"] == "ev":
                return True
        return True

    def _worse(self, frame: Row) -> list[Row]:
        """What a bad line makes of a frame: nothing, twice the same, or the frame."""
        dice = self.chance.random() if self.unruly and frame["t"] == "ev" else 1.0
        if dice < 0.15:
            return []
        return [frame, copy.deepcopy(frame)] if dice < 0.3 else [frame]

    async def _take(self, frame: Row) -> bool:
        match frame["t"]:
            case "welcome":
                self.cursor = frame["cursor"]
            case "ping":
                await self.socket.send(orjson.dumps({"t": "pong", "n": frame["n"]}).decode())
            case "reset":
                self.resets += 1
                cursor = frame["cursor"]
                if await self.bootstrap():
                    self.cursor = cursor
                return not self.out
            case "early":
                for event in frame["events"]:
                    self.apply(event)
            case "ev" | "hb":
                if frame["prev"] != self.cursor:
                    self.gaps += 1
                    return False
                for event in frame.get("events", []):
                    self.apply(event)
                    if event.get("entity") == "presence" and event["op"] == "upsert":
                        self.marks.add(str(event["data"]["reason"]))
                self.cursor = frame["cursor"]
        return True

    # ── what is shown ───────────────────────────────────────────────────────────────────────────

    def shown(self) -> dict[str, object]:
        """The rows of the tab "all", their live work, and which Cases stand in "mine", "team"."""
        cases = {
            id_: one
            for id_, one in self.rows["case"].items()
            if one["state"] in OPEN and one["department_id"] in self.listed
        }
        live = [one for one in self.rows["work_item"].values() if one["state"] not in OVER]
        waiting = {"waiting", "offered"}
        return {
            "cases": cases,
            "work": {one["id"]: one for one in live if one["case_id"] in cases},
            "team": {
                one["case_id"]
                for one in live
                if one["state"] in waiting and one["queue_id"] in self.queues
                if one["case_id"] in cases
            },
            "mine": self._mine(live),
        }

    def _mine(self, live: list[Row]) -> set[str]:
        me = str(self.who.id)
        held = {one["case_id"] for one in live if one["agent_id"] == me and one["state"] in HELD}
        return {
            id_
            for id_, one in self.rows["case"].items()
            if one["state"] in OPEN and (id_ in held or one["owner_id"] == me)
        }
