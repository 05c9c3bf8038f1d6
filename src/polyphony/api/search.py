"""Search: all history by words, phrases and filters; Cases and customers while somebody types."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from polyphony.api.counter import LOOK, Counter
from polyphony.api.desk import Json, Now, answer
from polyphony.api.paging import cursor_of, place_of
from polyphony.domain.errors import Invalid
from polyphony.domain.search_query import QUERY_MAX, parse
from polyphony.domain.search_query import Query as Asked
from polyphony.flows import index
from polyphony.flows.search import Answer
from polyphony.flows.search import search as look
from polyphony.store import feed, projections, search
from polyphony.store.search_hits import Place

router = APIRouter(prefix="/v1", route_class=Counter, tags=["search"])


@router.get("/search", name="search", openapi_extra=LOOK)
async def find(
    call: Now,
    q: Annotated[str, Query(max_length=QUERY_MAX)],
    cursor: Annotated[str, Query(max_length=600)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Response:
    """Find Messages and Cases of all history, and on the first page customers.

    Words without regard to diacritics and alphabet, the last one also as a beginning; "a phrase";
    -without; filters like channel:email. How far the index is behind stands in the answer.
    """
    asked = parse(q.lstrip())
    if asked.empty or len(q.strip()) < 2:
        raise Invalid("search.too_short", {"min": 2})
    before = None
    if cursor:
        at, last = place_of(call.desk.outside.keys, cursor, 2)
        before = Place(datetime.fromisoformat(at), UUID(last))
    as_of = str((await feed.horizon(call.session)).cursor)
    found = await look(call.session, call.scope, asked, before, limit)
    following = None
    if found.place is not None:
        following = cursor_of(call.desk.outside.keys, found.place.at.isoformat(), found.place.id)
    return answer(
        {
            "items": found.items,
            "customers": found.customers,
            "count": None if found.count is None else {"value": found.count, "more": found.more},
            "next_cursor": following,
            "looked_to": found.looked_to,
            "filters": _filters(asked, found),
            "unknown": found.unknown,
            "index": await index.lag(call.session, call.at),
            "as_of": as_of,
        }
    )


def _filters(asked: Asked, found: Answer) -> list[Json]:
    return [
        {
            "key": one.key,
            "value": one.value,
            "excluded": one.excluded,
            "begin": one.begin,
            "end": one.end,
            "label": found.labels.get(one.begin),
        }
        for one in asked.limits
    ]


@router.get("/search/suggestions", name="search.suggestions", openapi_extra=LOOK)
async def suggest(call: Now, q: Annotated[str, Query(max_length=200)]) -> Response:
    """Find Cases and customers by a part of title, name, reference or address, as they are now."""
    words = q.strip()
    if len(words) < 2:
        raise Invalid("search.too_short", {"min": 2})
    ids = await search.cases(call.session, call.scope, words)
    cases = await projections.cases(call.session, ids)
    people = await search.customers(call.session, call.scope, words)
    return answer({"cases": [cases[one] for one in ids], "customers": people})
