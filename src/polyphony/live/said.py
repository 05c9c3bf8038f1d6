"""Said: what clients say on their lines (signs of life, topics, fleeting news), and how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from polyphony.live.entry import Door, House, Refused
from polyphony.live.fan import TOPICS_MAX
from polyphony.live.fleeting import DATA_BYTES
from polyphony.live.line import BAD_FRAME, FLOOD, Line, frame

FLOOD_FRAMES = 100  # more than 20 a second for 5 seconds
FLOOD_S = 5.0
FLEETING_PER_S = 5
AGE_MAX_MS = 600_000


@dataclass
class Pace:
    """How fast a client talks."""

    started: float = 0.0
    frames: int = 0
    fleeting: list[float] = field(default_factory=list)

    def check(self, now: float) -> None:
        """Count one frame; raises Refused when there are too many."""
        if now - self.started > FLOOD_S:
            self.started, self.frames = now, 0
        self.frames += 1
        if self.frames > FLOOD_FRAMES:
            raise Refused(FLOOD, "flood")

    def chatty(self, now: float) -> bool:
        """Count fleeting news; tell whether there are too many to pass on."""
        self.fleeting = [at for at in self.fleeting if now - at < 1.0]
        self.fleeting.append(now)
        return len(self.fleeting) > FLEETING_PER_S


@dataclass
class Ear:
    """Hears one client."""

    house: House
    door: Door
    line: Line
    pace: Pace = field(default_factory=Pace)

    async def hear(self, told: Mapping[str, object], now: float) -> None:
        """Do what one frame says; ``now`` in seconds. Raises Refused for one nobody knows."""
        self.pace.check(now)
        self.line.heard_at = now
        match told.get("t"):
            case "pong":
                if self.house.pong is not None:
                    self.house.pong(self.line)
            case "sub" | "unsub":
                await self._subscribe(told)
            case "eph":
                if not self.pace.chatty(now):
                    self._fleeting(told)
            case "ack":
                self._age(told.get("age_ms"))
            case _:
                raise Refused(BAD_FRAME, "unknown frame")

    def _age(self, age_ms: object) -> None:
        """Note how old news were when they were painted."""
        if isinstance(age_ms, int) and 0 <= age_ms <= AGE_MAX_MS:
            self.house.fan.ages.append(age_ms / 1000)

    async def _subscribe(self, told: Mapping[str, object]) -> None:
        wanted, line, fan = told.get("topics"), self.line, self.house.fan
        if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
            raise Refused(BAD_FRAME, "topics")
        if told["t"] == "unsub":
            fan.retopic(line, line.topics - set(wanted))
            fan.retag(line, opened=line.opened - set(wanted))
            return
        async with self.house.database.reads() as session:
            allowed = set(await self.door.topics(session, line.scope, wanted[:TOPICS_MAX]))
        new = [topic for topic in wanted if topic in allowed and topic not in line.topics]
        room = max(0, TOPICS_MAX - len(line.topics))
        allowed -= set(new[room:])
        fan.retopic(line, line.topics | allowed)
        fan.retag(line, opened=line.opened | {one for one in allowed if one.startswith("case:")})
        for topic in wanted:
            self._answer(topic, "subscribed" if topic in allowed else "denied")
        if self.house.joined is not None and allowed:
            self.house.joined(line, allowed)

    def _answer(self, topic: object, kind: str) -> None:
        if kind == "denied":
            self.house.fan.tally["denied_topics_total"] += 1
        self.line.put(frame(t="eph", topic=topic, kind=kind, data=None, **{"from": "server"}))

    def _fleeting(self, told: Mapping[str, object]) -> None:
        topic, kind, data = told.get("topic"), told.get("kind"), told.get("data")
        known = isinstance(topic, str) and topic in self.line.topics
        if known and kind == "whole" and self.house.joined is not None:
            self.house.joined(self.line, [str(topic)])  # another tab has the picture, or it broke
            return
        if not isinstance(topic, str) or not known or kind not in self.door.says:
            self._answer(topic, "denied")
            return
        if len(orjson.dumps(data)) > DATA_BYTES:
            raise Refused(BAD_FRAME, "eph too long")
        who = f"{self.line.scope.kind}:{self.line.scope.id}"
        self.house.fleeting.say(topic, str(kind), who, data, by=self.line)
