"""Guide: the first set-up, step by step: company, first department and chat, test message."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from polyphony.domain.errors import Conflict
from polyphony.domain.event import Actor
from polyphony.flows import configure
from polyphony.flows.receive.keep import Kept, keep
from polyphony.store import accounts, guide, staff, wake
from polyphony.store import keys as made
from polyphony.store.configuration import ACCOUNT, BRAND, CALENDAR
from polyphony.store.database import Session

Json = dict[str, object]
STEPS = ("account", "company", "data", "channel", "team", "test", "invite")
_STAGES = ("arrived", "read", "opened", "queued", "offered", "answered")
_FRAMES = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}


@dataclass(frozen=True, slots=True)
class Company:
    """What the second step asks: name, zone, languages, the first department and its hours."""

    name: str
    zone: str
    language: str
    department: str
    always: bool


async def told(session: Session, me: Json, *, demo: bool) -> Json:
    """Return the steps with their states, whether the guide is open, and the test's way."""
    kept, there = await guide.kept(session), await guide.facts(session)
    chosen = kept.get("steps")
    said: dict[str, object] = dict(chosen) if isinstance(chosen, dict) else {}
    way = await _way(session, kept)
    done = {
        "account": bool(me.get("has_password")),
        "company": there.departments > 0,
        "data": demo,
        "channel": there.accounts > 0,
        "test": bool(way and way.get("answered")),
        "invite": there.people > 1,
    }
    steps = [
        {"id": one, "state": "done" if done.get(one) else said.get(one, "todo")} for one in STEPS
    ]
    finished = all(one["state"] != "todo" for one in steps)
    return {
        "steps": steps,
        "open": not (kept.get("closed") or finished or demo),
        "fresh": there.departments == 0,
        "test": way,
    }


async def note(session: Session, step: str | None, state: str, *, closed: bool | None) -> None:
    """Keep that a step was done, skipped or opened again, or that the guide was closed."""
    kept = await guide.kept(session)
    chosen = kept.get("steps")
    steps: dict[str, object] = dict(chosen) if isinstance(chosen, dict) else {}
    if step is not None:
        steps[step] = state
    kept["steps"] = steps
    if closed is not None:
        kept["closed"] = closed
    await guide.keep(session, kept)


async def found_company(
    session: Session, company: Company, me: UUID, at: datetime, actor: Actor
) -> Json:
    """Make brand, hours, first department and chat at once; names that are taken are refused."""
    brand, calendar, account = (made.key(at) for _ in range(3))
    await configure.add(session, BRAND, brand, {"name": company.name}, actor)
    hours: Json = {"name": company.department, "zone": company.zone, "always": company.always}
    if not company.always:
        hours["frames"] = _FRAMES
    configure.check_hours(hours)
    await configure.add(session, CALENDAR, calendar, hours, actor)
    ids = [made.key(at) for _ in range(3)]
    values: Json = {"name": company.department, "calendar_id": calendar}
    department = await configure.add_department(session, ids, values, actor)
    chat: Json = {
        "kind": "chat",
        "name": company.name,
        "address": f"pk_{account.hex}",
        "department_id": ids[0],
        "brand_id": brand,
        "language": company.language,
    }
    await configure.add(session, ACCOUNT, account, chat, actor)
    await staff.change(session, me, {"zone": company.zone}, None)
    await configure.tell_person(session, me, actor)
    return department


async def send_test(session: Session, me: Json, text: str, at: datetime) -> Json:
    """Let a message of the caller come in by the first chat, as a visitor's would."""
    chats = await accounts.of_kind(session, "chat")
    if not chats:
        raise Conflict("guide.no_chat")
    visitor, cid = made.key(at), made.key(at)
    line = {
        "key": f"guide-{visitor.hex}",
        "cid": str(cid),
        "what": "message",
        "name": me["name"],
        "text": text,
        "language": me["language"],
        "at": at.isoformat(),
    }
    kept = Kept(chats[0].id, str(cid), orjson.dumps(line), at)
    (arrival,) = await keep(session, [kept])
    wake.mark(session, "arrivals")
    progress = await guide.kept(session)
    progress["test"] = str(arrival)
    await guide.keep(session, progress)
    return await _way(session, progress) or {}


async def _way(session: Session, kept: Json) -> Json | None:
    arrival = kept.get("test")
    if not isinstance(arrival, str):
        return None
    found = await guide.way(session, UUID(arrival))
    if found is None:
        return None
    stages = [{"id": one, "at": found[one]} for one in _STAGES]
    own = ("case_id", "reference", "queue", "agent", "answered")
    return {"stages": stages, **{name: found[name] for name in own}}
