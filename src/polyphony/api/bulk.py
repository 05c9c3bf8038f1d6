"""Bulk: one change of many Cases as a job; its progress, failures, end and undo; lists as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from polyphony.api.cases import MANY, Asked, wish_of
from polyphony.api.counter import LOOK, WORKER, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.domain.bulk import Action
from polyphony.domain.errors import Invalid, NotFound
from polyphony.flows import bulk
from polyphony.store import bulk as store
from polyphony.store import inbox, projections
from polyphony.store.bulk import Job

router = APIRouter(prefix="/v1", route_class=Counter, tags=["bulk"])

EXPORT_MAX = 20_000
PAGE = 500
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a table program take text for a formula."""


class Chosen(In):
    """Which Cases: named ones, or all a list finds at this moment."""

    ids: list[UUID] | None = Field(None, max_length=1_000)
    list: Asked | None = None


class BulkIn(Chosen):
    """What to do with them; ``args`` depend on the action."""

    action: Action
    args: Json = Field(default_factory=dict)


async def _cases(call: Call, chosen: Chosen, limit: int) -> Sequence[UUID]:
    """Return the chosen Cases the caller sees; raise Invalid when both or neither is given."""
    if (chosen.ids is None) == (chosen.list is None):
        raise Invalid("bulk.which", {"needs": ["ids", "list"]})
    if chosen.list is not None:
        found = await inbox.matching(
            call.session, call.scope, await wish_of(call, chosen.list), limit + 1
        )
        if len(found) > limit:
            raise Invalid("bulk.too_many", {"max": limit})
        return found
    ids = list(dict.fromkeys(chosen.ids or []))
    seen = await inbox.visible(call.session, call.scope, ids)
    if not seen and ids:
        raise NotFound("case")
    return [one for one in ids if one in seen]


async def _told(call: Call, id_: UUID) -> Json:
    return (await projections.of(call.session, "bulk_job", [id_]))[id_]


@router.post("/bulk", name="bulk.begin", status_code=202, openapi_extra=WORKER)
async def begin(call: Now, body: BulkIn) -> Response:
    """Begin a job; it runs in the background and its progress is streamed."""
    cases = await _cases(call, body, MANY)
    job = Job(
        call.key(), call.me, body.action.value, body.args, "queued", "no", len(cases), call.cid
    )
    call.entity = ("bulk_job", job.id)
    call.facts |= {"action": job.action, "rows": job.total}
    await bulk.begin(call.session, job, cases, call.at)
    return answer(await _told(call, job.id), 202)


@router.get("/bulk", name="bulk.list")
async def list_(call: Now) -> Response:
    """Return the caller's newest jobs."""
    ids = await store.seen(call.session, call.me)
    found = await projections.of(call.session, "bulk_job", ids)
    return answer({"items": [found[one] for one in ids]})


@router.get("/bulk/{id}", name="bulk.read")
async def read(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return a job of the caller with the Cases it could not change, and why."""
    if id not in await store.of(call.session, call.me, [id]):
        raise NotFound("bulk_job")
    told = await _told(call, id)
    return answer({**told, "failures": await store.failures(call.session, id)})


@router.post("/bulk/{id}/cancel", name="bulk.cancel")
async def cancel(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Stop a job; what is done stays done and can be undone."""
    await bulk.cancel(call.session, id, call.me, call.at)
    return answer(await _told(call, id))


@router.post("/bulk/{id}/undo", name="bulk.undo")
async def undo(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Give every Case its former values again, unless somebody has changed them since."""
    await bulk.take_back(call.session, id, call.me, call.at)
    return answer(await _told(call, id))


# ── as a table ──────────────────────────────────────────────────────────────────────────────────

COLUMNS = (
    "reference", "title", "customer", "tier", "state", "priority", "language", "channels", "tags",
    "department", "owner", "opened_at", "last_at", "due_at",
)  # fmt: skip


@router.post("/cases/export", name="cases.export", openapi_extra=LOOK)
async def export(call: Now, body: Chosen) -> Response:
    """Return the chosen Cases as CSV (UTF-8 with its mark, so that table programs read it)."""
    ids = await _cases(call, body, EXPORT_MAX)
    names = await inbox.names(call.session)
    found: list[Json] = []
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        known = await projections.cases(call.session, page)
        found += [known[one] for one in page if one in known]
    call.facts["rows"] = len(found)
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"'}
    return Response("\ufeff" + _csv(found, names), media_type="text/csv", headers=headers)


def _csv(cases: Sequence[Mapping[str, object]], names: Mapping[str, str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in cases:
        writer.writerow(list(_cells(one, names)))
    return out.getvalue()


def _cells(case: Mapping[str, object], names: Mapping[str, str]) -> Iterator[str]:
    customer = case["customer"]
    of = customer if isinstance(customer, dict) else {}
    more = {
        "customer": of.get("name"),
        "tier": of.get("tier"),
        "department": names.get(str(case["department_id"])),
        "owner": names.get(str(case["owner_id"])),
        "due_at": _due(case.get("clocks")),
    }
    for column in COLUMNS:
        value = more[column] if column in more else case[column]
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        yield f"'{text}" if text.startswith(_TRIGGERS) else text


def _due(clocks: object) -> str | None:
    found = clocks if isinstance(clocks, list) else []
    due = [
        one["due_at"] for one in found if one["due_at"] and one["state"] in {"running", "breached"}
    ]
    return min(due) if due else None
