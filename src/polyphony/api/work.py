"""Work: Offers accepted and declined; work claimed, moved, parked, woken, finished; and why."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from polyphony.api.counter import WORKER, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.domain.case import CaseMove
from polyphony.domain.errors import Forbidden, NotFound
from polyphony.domain.permission import Act, Allow, decide, where
from polyphony.domain.role import Right
from polyphony.flows import handle, reply, route, settle, snooze, take_back
from polyphony.flows.handle import Handled
from polyphony.store import dossier, inbox, projections, staff
from polyphony.store import work as store
from polyphony.store.work import WorkRow

router = APIRouter(prefix="/v1", route_class=Counter, tags=["work"])

_HELD = frozenset({"offered", "in_work", "suspended", "wrap_up"})
_WAITS = frozenset({"waiting", "offered"})


class DeclineIn(In):
    """Why not; a Queue may demand one of its reasons."""

    reason: str | None = Field(None, max_length=200)


class TransferIn(In):
    """Where the work goes: to a Queue, a Department's triage, or to a person first.

    ``require``: nobody but that person gets it.
    """

    queue_id: UUID | None = None
    agent_id: UUID | None = None
    department_id: UUID | None = None
    require: bool = False
    note: str = Field("", max_length=10_000)


class ParkIn(In):
    """Until when, and for whom."""

    until: AwareDatetime
    for_: Literal["date", "customer", "third_party"] = Field("date", alias="for")


class FinishIn(In):
    """How it ended, and what the Case does."""

    disposition: str | None = Field(None, max_length=100)
    case_move: Literal["solve", "close"] | None = None


class ExtendIn(In):
    """By how many seconds a wrap-up is made longer; none = by as much as it lasts."""

    seconds: int | None = Field(None, ge=10, le=3600)


class DisposeIn(In):
    """How work ended."""

    disposition: str = Field(min_length=1, max_length=100)


class AssignIn(In):
    """To whom, and why over everybody's head; demanded when it does not fit beside the rest."""

    agent_id: UUID
    reason: str = Field("", max_length=500)


async def _told(call: Call, done: Handled) -> Response:
    item = (await projections.work_items(call.session, [done.work_item]))[done.work_item]
    told: Json = {"work_item": item, "case_id": done.case}
    if done.offer is not None:
        told["offer"] = (await projections.offers(call.session, [done.offer]))[done.offer]
    return answer(told)


def _agent(call: Call) -> UUID:
    if not call.scope.agent:
        raise Forbidden("rights.missing", {"needs": ["take"]})
    return call.me


@router.post("/offers/{id}/accept", name="offers.accept", openapi_extra=WORKER)
async def accept(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take the offered work; 409 offer-settled when it is over."""
    return await _told(call, await handle.accept(call.session, id, _agent(call), call.at))


@router.post("/offers/{id}/rendered", name="offers.rendered", openapi_extra=WORKER)
async def rendered(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Say that the card of an Offer is on the screen; one that accepts itself is taken then.

    204 for an Offer that waits for a hand; 409 offer-settled when it is over.
    """
    done = await handle.rendered(call.session, id, _agent(call), call.at)
    return answer(None) if done is None else await _told(call, done)


@router.post("/offers/{id}/decline", name="offers.decline", openapi_extra=WORKER)
async def decline(call: Now, id: UUID, body: DeclineIn) -> Response:  # noqa: A002 - the name of the path
    """Refuse the offered work."""
    call.facts["reason"] = body.reason
    done = await handle.decline(call.session, id, _agent(call), call.at, body.reason)
    return await _told(call, done)


async def _item(call: Call, id_: UUID) -> WorkRow:
    """Return a WorkItem whose Case the caller sees."""
    item = (await store.rows_of(call.session, [id_])).get(id_)
    if item is None or item.case_id not in await inbox.visible(
        call.session, call.scope, [item.case_id]
    ):
        raise NotFound("work_item")
    return item


async def _changeable(call: Call, id_: UUID) -> WorkRow:
    """Return a WorkItem the caller may move: his own, or nobody's, or he leads the department."""
    item = await _item(call, id_)
    facts = (await inbox.facts(call.session, [item.case_id]))[item.case_id]
    if isinstance(decide(call.scope, Act.ASSIGN, facts), Allow):
        return item
    if item.state in _HELD and item.agent_id != call.me:
        raise Forbidden("work_item.not_yours", {"needs": ["assign"], "by": item.agent_id})
    if item.queue_id not in call.scope.queues:
        await call.may(Act.WRITE, item.case_id)
    return item


@router.post("/work_items/{id}/claim", name="work_items.claim", openapi_extra=WORKER)
async def claim(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take waiting work without an Offer; 409 offer-settled when somebody was faster."""
    agent = _agent(call)
    item = await _item(call, id)
    if item.queue_id not in call.scope.queues:
        await call.may(Act.WRITE, item.case_id)
    taken = await handle.claim(call.session, id, agent, call.at)
    await snooze.end(call.session, taken.case, call.staff)
    return await _told(call, taken)


@router.post("/queues/{id}/next", name="queues.next", openapi_extra=WORKER)
async def next_(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take the best item of a queue of the caller; 204 when nothing in it is for him."""
    agent = _agent(call)
    if id not in call.scope.queues:
        raise NotFound("queue")
    done = await handle.next_of(call.session, id, agent, call.at)
    return answer(None) if done is None else await _told(call, done)


@router.post("/work_items/{id}/transfer", name="work_items.transfer", openapi_extra=WORKER)
async def transfer(call: Now, id: UUID, body: TransferIn) -> Response:  # noqa: A002 - the name of the path
    """Send work to a queue or a person; a note goes with it."""
    item = await _changeable(call, id)
    if body.note.strip():
        wish = reply.Note(item.case_id, body.note, call.key())
        await reply.note(call.session, wish, call.staff, call.at)
    target = handle.Target(
        body.queue_id, body.agent_id, body.note, body.department_id, require=body.require
    )
    call.facts |= {"queue": str(body.queue_id or ""), "agent": str(body.agent_id or "")}
    return await _told(call, await handle.transfer(call.session, id, target, call.actor, call.at))


@router.post("/work_items/{id}/take_back", name="work_items.take_back", openapi_extra=WORKER)
async def undo_transfer(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take back what one has transferred within five minutes; 409 when somebody has taken it."""
    await _item(call, id)
    return await _told(call, await take_back.take_back(call.session, id, call.me, call.at))


@router.post("/work_items/{id}/park", name="work_items.park", openapi_extra=WORKER)
async def park(call: Now, id: UUID, body: ParkIn) -> Response:  # noqa: A002 - the name of the path
    """Put work aside until a moment, or until somebody answers: its Case is snoozed."""
    await _changeable(call, id)
    done = await snooze.park(call.session, id, body.until, body.for_, call.staff, call.at)
    return await _told(call, done)


@router.post("/work_items/{id}/wake", name="work_items.wake", openapi_extra=WORKER)
async def wake(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Let parked work wait again."""
    await _changeable(call, id)
    return await _told(call, await snooze.rouse(call.session, id, call.staff, call.at))


@router.post("/work_items/{id}/return", name="work_items.return", openapi_extra=WORKER)
async def give_back(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Give work back to its queue, with its old place in the line."""
    await _changeable(call, id)
    return await _told(call, await handle.give_back(call.session, id, call.actor, call.at))


@router.post("/work_items/{id}/finish", name="work_items.finish", openapi_extra=WORKER)
async def finish(call: Now, id: UUID, body: FinishIn) -> Response:  # noqa: A002 - the name of the path
    """End work; the Case moves too when asked."""
    item = await _changeable(call, id)
    call.facts["disposition"] = body.disposition
    done = await handle.finish(call.session, id, call.actor, call.at, body.disposition)
    if body.case_move is not None:
        await call.may(Act.WRITE, item.case_id)
        wish = settle.CaseWish(CaseMove(body.case_move), disposition=body.disposition or "")
        await settle.move(call.session, item.case_id, wish, call.staff, call.at)
    return await _told(call, done)


@router.post(
    "/work_items/{id}/extend_wrap_up", name="work_items.extend_wrap_up", openapi_extra=WORKER
)
async def extend_wrap_up(call: Now, id: UUID, body: ExtendIn) -> Response:  # noqa: A002 - the name of the path
    """Make one's wrap-up longer, three times at most; 409 when it is over."""
    item = await _item(call, id)
    if item.agent_id != call.me:
        raise Forbidden("work_item.not_yours", {"by": item.agent_id})
    done = await handle.extend(call.session, id, call.actor, call.at, body.seconds)
    return await _told(call, done)


@router.post("/work_items/{id}/resume", name="work_items.resume", openapi_extra=WORKER)
async def resume(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Go on with one's work that was interrupted by something more urgent."""
    agent = _agent(call)
    item = await _item(call, id)
    if item.agent_id != agent:
        raise Forbidden("work_item.not_yours", {"by": item.agent_id})
    return await _told(call, await handle.resume(call.session, id, agent, call.at))


@router.put("/work_items/{id}/disposition", name="work_items.dispose", openapi_extra=WORKER)
async def dispose(call: Now, id: UUID, body: DisposeIn) -> Response:  # noqa: A002 - the name of the path
    """Say how work ended, while it is wrapped up or when it was missing at its end."""
    item = await _item(call, id)
    if item.agent_id != call.me:
        await call.may(Act.WRITE, item.case_id)
    call.facts["disposition"] = body.disposition
    done = await handle.dispose(call.session, id, call.actor, call.at, body.disposition)
    return await _told(call, done)


@router.post("/work_items/{id}/assign", name="work_items.assign", openapi_extra=WORKER)
async def assign(call: Now, id: UUID, body: AssignIn) -> Response:  # noqa: A002 - the name of the path
    """Give work to an agent; a supervisor of the department only.

    Beyond what fits it takes the right ``overbook`` and a reason.
    """
    item = await _item(call, id)
    await call.may(Act.ASSIGN, item.case_id)
    if await staff.departments_of(call.session, body.agent_id) is None:
        raise NotFound("agent")
    case = (await inbox.facts(call.session, [item.case_id]))[item.case_id]
    over = handle.Over(case.department in where(call.scope, Right.OVERBOOK), body.reason)
    call.facts |= {"agent": str(body.agent_id), "reason": body.reason}
    done = await handle.assign(call.session, id, body.agent_id, call.actor, call.at, over)
    call.facts["over_capacity"] = done.over
    return await _told(call, done)


@router.get("/work_items/{id}/why", name="work_items.why")
async def why(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Tell why this queue, for each Offer why this agent, what keeps it waiting, what was done.

    Who else was asked is told only to whoever leads the department; others read counts.
    """
    row = await _item(call, id)
    facts = (await inbox.facts(call.session, [row.case_id]))[row.case_id]
    names = isinstance(decide(call.scope, Act.SUPERVISE, facts), Allow)
    item = (await projections.work_items(call.session, [id]))[id]
    made = await projections.offers(call.session, await dossier.offers_of(call.session, id))
    told = [_offer(one, None if names else call.me) for one in made.values()]
    told.sort(key=lambda one: str(one["made_at"]))
    still = await route.why(call.session, id, call.at) if item["state"] in _WAITS else {}
    shown = ("code", "count", "blockers", "next", "members")
    waiting = {name: still[name] for name in shown if name in still}
    answered: Json = {
        "queue": item["why_queue"],
        "state": item["state"],
        "offers": told,
        "trace": await route.trace(call.session, id, names=names),
    }
    return answer(answered | ({"waiting": waiting} if waiting else {}))


_OFFER = ("id", "agent_id", "state", "made_at", "settled_at", "reason", "why")


def _offer(one: Json, reader: UUID | None) -> Json:
    """An Offer with its reasons; for a ``reader`` who leads nobody without names of others."""
    told = {name: one[name] for name in _OFFER}
    if reader is None:
        return told
    if told["agent_id"] != str(reader):
        told["agent_id"] = None
    reasons = told["why"]
    if isinstance(reasons, dict) and reasons.get("side") == "arrival":
        lost = [{**other, "id": None} for other in reasons.get("lost", ())]
        told["why"] = {**reasons, "lost": lost}
    return told
