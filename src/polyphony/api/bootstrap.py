"""Bootstrap: everything a screen needs to begin, in one snapshot; tickets of the stream."""

import secrets
from dataclasses import asdict
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from polyphony.api import views as views_api
from polyphony.api.counter import Counter, recognise
from polyphony.api.desk import AtDesk, Desk, Json, Now, answer
from polyphony.api.paging import cursor_of
from polyphony.domain import preference
from polyphony.domain.capacity import COSTS
from polyphony.domain.errors import Forbidden, Invalid
from polyphony.domain.permission import Scope, fingerprint, listed, supervised
from polyphony.flows.sign_in import hashed
from polyphony.store import demo, drafts, feed, inbox, levers, projections, staff, views
from polyphony.store.database import Session

TICKET_LIFE = timedelta(seconds=30)
VIEWS = inbox.TABS

router = APIRouter(prefix="/v1", route_class=Counter, tags=["stream"])


@router.get("/bootstrap", name="bootstrap", openapi_extra={"x-public": True, "x-staff": True})
async def bootstrap(request: Request, desk: AtDesk, view: str = "mine") -> Response:
    """Take a snapshot: the cursor first, then everything it covers."""
    if view not in VIEWS:
        raise Invalid("view.unknown", {"views": list(VIEWS)})
    async with desk.database.reads() as session:
        await session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        edge = await feed.horizon(session)
        signed = await recognise(request, session)
        if not (signed.has_password or desk.loopback):
            raise Forbidden("password.needed_first", {"needs": ["password"]})
        told = await _told(session, desk, signed.scope, view)
    told |= {"cursor": str(edge.cursor), "now": edge.now, "schema": 1, "build": desk.build}
    return answer(told, headers={"Polyphony-Cursor": str(edge.cursor)})


async def _told(session: Session, desk: Desk, scope: Scope, view: str) -> Json:
    me = scope.id
    if me is None:  # pragma: no cover - sessions belong to persons
        raise Invalid("person")
    person = await staff.one(session, me)
    person |= {
        "agent": scope.agent,
        "rights": sorted(right for right in scope.rights),
        "queues": sorted(scope.queues),
        "listed": sorted(listed(scope)),
        "supervised": sorted(supervised(scope)),
    }
    offers = await projections.offers(session, await staff.my_offers(session, me))
    company = await staff.company(session)
    return {
        "grants": fingerprint(scope),
        "me": person,
        "presence": (await projections.presences(session, [me])).get(me),
        "load": (await projections.loads(session, [me])).get(me),
        **company,
        "offers": list(offers.values()),
        "list": (page := await page_of(session, desk, scope, inbox.Wish(tab=view)))["list"],
        "work_items": page["work_items"],
        "drafts": page["drafts"],
        "reads": page["reads"],
        "views": await _views(session, scope),
        "counters": await inbox.counters(session, scope),
        "settings": {
            **desk.facts,
            "demo": await demo.state(session) is not None,
            "units": {channel: cost.units for channel, cost in COSTS.items()},
            "person": preference.complete(await staff.settings(session, me)),
        },
        "dispositions": DISPOSITIONS,
        "outages": [asdict(one) for one in await levers.outages(session)],
    }


DISPOSITIONS = ("answered", "solved", "no_answer_needed", "spam", "duplicate", "wrong_address")
"""How work can end; screens translate them."""


async def _views(session: Session, scope: Scope) -> list[Json]:
    return [views_api.told(scope, one) for one in await views.listed(session, scope)]


async def page_of(session: Session, desk: Desk, scope: Scope, wish: inbox.Wish) -> Json:
    """Return one page of a list: Cases, their live work, drafts, where the next begins."""
    places = await inbox.page(session, scope, wish)
    more = len(places) > wish.limit
    places = places[: wish.limit]
    ids = [place.id for place in places]
    found = await projections.cases(session, ids)
    work = await projections.work_items(session, await inbox.live_work(session, ids))
    begun = await drafts.begun(session, ids, scope.id) if scope.id else []
    last = places[-1] if places else None
    cursor = cursor_of(desk.outside.keys, wish.sort, last.key, last.id) if more and last else None
    items = [found[id_] for id_ in ids if id_ in found]
    return {
        "list": {"items": items, "next_cursor": cursor},
        "work_items": list(work.values()),
        "drafts": list((await projections.of(session, "draft", begun)).values()),
        "reads": await inbox.reads(session, scope.id, ids) if scope.id else {},
        "unread": await inbox.unread(session, scope.id, ids) if scope.id else {},
    }


@router.get("/counters", name="counters")
async def counters(call: Now) -> Response:
    """Return how much stands in each tab of the caller; screens ask when something has changed."""
    return answer(await inbox.counters(call.session, call.scope))


@router.post("/stream/ticket", name="stream.ticket", status_code=201)
async def ticket(call: Now) -> Response:
    """Give a ticket for one socket; good once and for 30 seconds."""
    token = secrets.token_urlsafe(32)
    await feed.add_ticket(
        call.session,
        hashed(token),
        feed.Ticket(f"person:{call.me}", call.signed.id),
        call.at,
        call.at + TICKET_LIFE,
    )
    return answer({"ticket": token, "expires_at": call.at + TICKET_LIFE}, 201)
