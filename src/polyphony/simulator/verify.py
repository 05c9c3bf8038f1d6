"""Verify: compare what was acknowledged to the pretended world with what the API shows."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default

from polyphony.simulator.colleagues import Desk
from polyphony.simulator.endings import Found, broken
from polyphony.simulator.stories import stories

_PAGES = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: marks that are missing, there twice, on a wrong channel, not answered yet."""

    acknowledged: int
    found: int
    lost: Sequence[str] = ()
    doubled: Sequence[str] = ()
    wrong: Sequence[str] = ()
    unanswered: Sequence[str] = ()
    races: Mapping[str, Sequence[int]] = field(default_factory=dict)
    told: int = 0
    broken: Sequence[str] = ()
    """Stories that came to their end, and which promise of theirs was not kept."""

    @property
    def good(self) -> bool:
        """Whether every promise was kept; an open question is no broken promise."""
        twice = [one for one in self.races.values() if list(one).count(201) > 1]
        return not (self.lost or self.doubled or self.wrong or self.broken or twice)


@dataclass(slots=True)
class Seen:
    """What the API shows: the channels of each mark, those answered, where each lies."""

    channels: dict[str, list[str]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    places: dict[str, Found] = field(default_factory=dict)


async def verify(desk: Desk, ledger: Iterable[Mapping[str, object]]) -> Verdict:
    """Read every Case of the demo through the API and compare; reads only."""
    lines = list(ledger)
    seen = Seen()
    async for case in _cases(desk):
        await _look(desk, case, seen)
    return judged(lines, seen)


def judged(lines: Sequence[Mapping[str, object]], seen: Seen) -> Verdict:
    """Compare the lines of a ledger with what was seen."""
    promised = {str(one["mark"]): one for one in lines if one["channel"] in ("chat", "email")}
    races = {
        str(one["mark"]): race
        for one in lines
        if isinstance(race := one.get("race"), list) and race
    }
    told, words = broken(stories(), lines, seen.places)
    counts = Counter({mark: len(where) for mark, where in seen.channels.items()})
    return Verdict(
        acknowledged=len(promised),
        found=sum(1 for mark in promised if counts[mark]),
        lost=sorted(mark for mark in promised if not counts[mark]),
        doubled=sorted(mark for mark in promised if counts[mark] > 1),
        wrong=sorted(
            mark
            for mark, line in promised.items()
            if any(channel != line["channel"] for channel in seen.channels.get(mark, ()))
        ),
        unanswered=sorted(
            mark
            for mark, line in promised.items()
            if line.get("asks") and counts[mark] and mark not in seen.answered
        ),
        races=races,
        told=told,
        broken=words,
    )


async def _cases(desk: Desk) -> AsyncIterator[str]:
    """Name all Cases of the demo that came by themselves, the newest first."""
    cursor = ""
    for _ in range(_PAGES):
        path = f"/v1/cases?tab=all&state=any&sort=newest&limit=200&cursor={cursor}"
        page = (await desk.call("GET", path)).json()
        for case in page["items"]:
            # The past was written by COPY: it closed long ago and nobody promised it anything.
            if case["demo"] and case["state"] != "closed":
                yield str(case["id"])
        cursor = str(page.get("next_cursor") or "")
        if not cursor:
            return


async def _look(desk: Desk, case: str, seen: Seen) -> None:
    view = (await desk.call("GET", f"/v1/cases/{case}")).json()
    channels = {one["id"]: one["channel_kind"] for one in view["interactions"]}
    open_marks: list[str] = []
    for message in await _messages(desk, case, view):
        author = message["author"]
        ours = isinstance(author, dict) and author["kind"] == "person"
        if message["kind"] == "out" and ours:
            seen.answered.update(open_marks)
            open_marks = []
        if message["kind"] == "in":
            mark = str(message["cid"] or await _number(desk, message))
            where = channels.get(message["interaction_id"], "?")
            seen.channels.setdefault(mark, []).append(str(where))
            seen.places[mark] = _place(view["case"], str(where))
            open_marks.append(mark)


def _place(case: Mapping[str, object], channel: str) -> Found:
    who = case["customer"]
    assert isinstance(who, dict)  # noqa: S101 - the contract says so
    known = (str(case["id"]), str(who["id"]), str(who["tier"]))
    return Found(*known, str(case["language"] or ""), channel)


async def _messages(desk: Desk, case: str, view: Mapping[str, object]) -> list[dict[str, object]]:
    messages, older = view["messages"], view["older_cursor"]
    assert isinstance(messages, list)  # noqa: S101 - the contract says so
    while older:
        page = (await desk.call("GET", f"/v1/cases/{case}/items?before={older}")).json()
        more = page.get("items") or page.get("messages") or []
        messages = [*more, *messages]
        older = page.get("older_cursor") or page.get("next_cursor")
    return messages


async def _number(desk: Desk, message: Mapping[str, object]) -> str:
    """Return the Message-ID of the mail a message was read from."""
    raw = await desk.call("GET", f"/v1/arrivals/{message['arrival_id']}/raw")
    mail = message_from_bytes(raw.content[:20_000], policy=default)
    return str(mail["Message-ID"] or "").strip().strip("<>")
