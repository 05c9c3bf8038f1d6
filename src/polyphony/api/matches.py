"""Matches: who is one customer, who never; why; and the feed of what became of customers."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from polyphony.api.counter import LOOK, MERGER, Counter
from polyphony.api.desk import In, Json, Now, answer
from polyphony.domain.component import Verdict
from polyphony.domain.errors import NotFound
from polyphony.domain.profile import Said, Shown, told
from polyphony.flows import identify
from polyphony.flows.identify import Wish
from polyphony.flows.identify.join import REASON_MAX, Ahead
from polyphony.store import lineage, portrait, projections, provenance, records
from polyphony.store.feed import Cursor

router = APIRouter(prefix="/v1", route_class=Counter, tags=["customers"])


class MatchIn(In):
    """A decision about two customers; ``dry_run`` says what it would do."""

    a: UUID
    b: UUID
    verdict: Literal["same", "different", "relative"]
    reason: str = Field("", max_length=REASON_MAX)
    dry_run: bool = False


class RevokeIn(In):
    """Why a decision is taken back."""

    reason: str = Field("", max_length=REASON_MAX)


@router.get("/customers/changes", name="customers.changes")
async def changes(
    call: Now,
    cursor: Annotated[str, Query(max_length=60)] = "0.0.0",
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> Response:
    """Return merges, splits and erasures behind a place, in order; keep the cursor, come back."""
    after = Cursor.parse(cursor)
    found = await lineage.changes(call.session, call.scope, after, limit)
    last = found[-1] if found else None
    place = str(Cursor(last.epoch, last.xid, last.no)) if last else cursor
    items = [
        {
            "id": one.id, "kind": one.kind, "before": one.before, "after": one.after,
            "cause": one.cause, "at": one.at, "undone_by": one.undone_by,
            "actor": {"kind": one.actor_kind, "id": one.actor_id},
        }
        for one in found
    ]  # fmt: skip
    return answer({"items": items, "cursor": place, "more": len(found) == limit})


@router.get("/customers/{id}/why", name="customers.why", openapi_extra=LOOK)
async def why(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return where what is known of a customer comes from: records, decisions, fields."""
    customer = await portrait.one(call.session, call.scope, id)
    call.entity = ("customer", customer.id)
    sources = await provenance.sources(call.session, call.scope, customer.id)
    rows = await records.of(call.session, [customer.id])
    said = [
        Said(r.id, r.source, r.source_key, r.name, r.at, r.level, r.trust, r.payload)
        for r in rows
        if r.superseded_by is None
    ]
    return answer(
        {
            "canonical_id": customer.id,
            "records": sources,
            "links": await provenance.decisions(call.session, call.scope, customer.id),
            "fields": [_field(one) for one in told(said)],
        }
    )


def _field(one: Shown) -> Json:
    return {
        "field": one.field,
        "value": one.value,
        "record": one.record,
        "why": one.why,
        "at": one.at,
        "others": [{"value": rest.value, "record": rest.record} for rest in one.others],
    }


@router.post("/matches", name="matches.decide", openapi_extra=MERGER)
async def decide(call: Now, body: MatchIn) -> Response:
    """Join two customers, or say that they are different people, or relatives; or look ahead."""
    wish = Wish(body.a, body.b, Verdict(body.verdict), body.reason)
    sides = [await portrait.one(call.session, call.scope, one) for one in (body.a, body.b)]
    call.entity = ("customer", sides[0].id)
    call.facts |= {"other": str(sides[1].id), "verdict": body.verdict, "dry_run": body.dry_run}
    if body.dry_run:
        ahead = await identify.look_ahead(call.session, wish, call.actor, call.at)
        return answer(await _ahead(call, ahead, sides))
    doing = identify.join if wish.verdict is Verdict.SAME else identify.tell_apart
    done = await doing(call.session, wish, call.actor, call.at)
    call.facts["link"] = str(done.link)
    now = await portrait.one(call.session, call.scope, done.customer)
    told_ = {"link_id": done.link, "change_id": done.change, "canonical_id": now.id}
    return answer(told_ | {"customer": now}, 201)


async def _ahead(call: Now, ahead: Ahead, sides: list[portrait.Customer]) -> Json:
    """Say what would be: both sides as they are, who wins each field, what stands beside what."""
    ids = [one.id for one in sides]
    cards = []
    for one in sides:  # two: the sides of a decision
        cases = await portrait.cases(call.session, call.scope, one.id)
        known = await projections.cases(call.session, cases)
        cards.append(
            {
                "customer": one,
                "identities": await portrait.addresses(call.session, one.id),
                "summary": await portrait.summary(call.session, call.scope, one.id),
                "open_cases": [
                    known[id_] for id_ in cases if known[id_]["state"] in OPEN
                ],
            }
        )  # fmt: skip
    return {
        "canonical_id": ahead.customer,
        "gone_id": ahead.other,
        "sides": cards,
        "fields": [_winner(ahead, one) for one in ahead.shown],
        "visible": await provenance.sights(call.session, call.scope, ids),
    }


OPEN = frozenset({"open", "wait_customer", "wait_third_party"})


def _winner(ahead: Ahead, one: Shown) -> Json:
    """Name the field, who wins it and why, and what the other side says."""
    record = ahead.records[one.record]
    side = record.customer_id
    rest = [
        {"value": other.value, "customer_id": ahead.records[other.record].customer_id}
        for other in one.others
    ]
    return {
        "field": one.field, "value": one.value, "why": one.why, "customer_id": side,
        "source": record.source, "at": one.at, "others": rest,
    }  # fmt: skip


@router.post("/matches/{id}/revoke", name="matches.revoke", openapi_extra=MERGER)
async def revoke(
    call: Now,
    id: UUID,  # noqa: A002 - the name of the path
    body: RevokeIn,
) -> Response:
    """Take a decision back: who was one because of it is two again, under the old ids."""
    if not await provenance.seen(call.session, call.scope, id):
        raise NotFound("match")
    call.entity = ("link", id)
    done = await identify.part(call.session, id, body.reason, call.actor, call.at)
    call.facts["customers"] = [str(one) for one in done.customers]
    return answer({"link_id": id, "change_id": done.change, "customers": done.customers})
