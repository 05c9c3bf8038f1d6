"""Targets: SLA policies, escalation ladders, deadlines of the law, days of rest from a file."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.configuration import MaybeName, Name, changed, given, listed
from polyphony.api.counter import STRUCTURE, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.flows import configure, keep_promises
from polyphony.store.configuration import ESCALATION, SLA_POLICY, Noun

router = APIRouter(prefix="/v1", route_class=Counter, tags=["targets"])

Named = Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=200)]
Seconds = Annotated[int, Field(ge=1, le=31_536_000)]
Pausing = Literal["wait_customer", "wait_third_party"]


class ScopeIn(In):
    """For whom a policy is meant; every list that names something must name the Case's own."""

    customers: Named = Field(default_factory=list)
    products: Named = Field(default_factory=list)
    tiers: list[Literal["standard", "priority", "vip"]] = Field(default_factory=list)
    kinds: Named = Field(default_factory=list)
    queues: Named = Field(default_factory=list)
    accounts: Named = Field(default_factory=list)
    departments: Named = Field(default_factory=list)
    channels: Named = Field(default_factory=list)


class PromiseIn(In):
    """Targets in seconds of working time; what is missing is not promised here."""

    acknowledge_s: Seconds | None = None
    first_response_s: Seconds | None = None
    next_response_s: Seconds | None = None
    update_every_s: Seconds | None = None
    resolution_s: Seconds | None = None
    step_s: Seconds | None = None


class PolicyIn(In):
    """A promise."""

    name: str = Name
    rank: int = Field(0, ge=0, le=1_000_000)
    active: bool = True
    scope: ScopeIn = Field(default_factory=ScopeIn)
    targets: PromiseIn = Field(default_factory=PromiseIn)
    pauses: list[Pausing] = Field(["wait_customer", "wait_third_party"])
    warn_pct: int = Field(75, ge=1, le=99)
    on_change: Literal["stricter", "replace", "keep"] = "stricter"
    calendar_id: UUID | None = None
    escalation_id: UUID | None = None


class PolicyChange(In):
    """Changes of a promise."""

    name: str | None = MaybeName
    rank: int | None = Field(None, ge=0, le=1_000_000)
    active: bool | None = None
    scope: ScopeIn | None = None
    targets: PromiseIn | None = None
    pauses: list[Pausing] | None = None
    warn_pct: int | None = Field(None, ge=1, le=99)
    on_change: Literal["stricter", "replace", "keep"] | None = None
    calendar_id: UUID | None = None
    escalation_id: UUID | None = None


class OrderIn(In):
    """All policies in the order they are asked."""

    ids: list[UUID] = Field(max_length=1000)


class TryIn(In):
    """An example: which policy would hold for it."""

    channel: str = Field("email", max_length=40)
    tier: Literal["standard", "priority", "vip"] = "standard"
    kind: str = Field("request", max_length=60)
    customer_id: UUID | None = None
    queue_id: UUID
    account_id: UUID | None = None
    tags: Named = Field(default_factory=list)


class ToIn(In):
    """Whom a rung concerns; ``id`` of a person or department (of leads, on call: another one)."""

    who: Literal["assignee", "lead", "person", "department", "on_call"]
    id: UUID | None = None


class RungIn(In):
    """One rung: ``at_pct`` of the target or ``after_min`` minutes from the deadline, and what."""

    at_pct: int | None = Field(None, ge=1, le=1000)
    after_min: int | None = Field(None, ge=-43_200, le=43_200)
    action: Literal["notify", "page", "raise", "ladder", "move", "assign", "note", "webhook"]
    to: list[ToIn] = Field(default_factory=list, max_length=20)
    queue_id: UUID | None = None
    hook_id: UUID | None = None
    urgency: Literal["up", "low", "normal", "high", "critical"] | None = None
    tier: Literal["standard", "priority", "vip"] | None = None
    step: int | None = Field(None, ge=1, le=8)
    text: str = Field("", max_length=500)
    repeat_min: int | None = Field(None, ge=1, le=1440)
    ack_required: bool = False


class EscalationIn(In):
    """A ladder."""

    name: str = Name
    steps: list[RungIn] = Field(min_length=1, max_length=12)


class EscalationChange(In):
    """Changes of a ladder."""

    name: str | None = MaybeName
    steps: list[RungIn] | None = Field(None, min_length=1, max_length=12)


class ImportIn(In):
    """The text of an iCalendar file; ``keep`` takes its days over, else they are only shown."""

    text: str = Field(max_length=1_000_000)
    keep: bool = False


class DeadlineIn(In):
    """A deadline of the law, and the ladder it climbs."""

    name: dict[Literal["en", "cs", "pl", "ru"], Annotated[str, Field(max_length=200)]] = Field(
        default_factory=dict
    )
    unit: Literal["days", "working_days", "months"]
    amount: int = Field(ge=1, le=3660)
    extended: int | None = Field(None, ge=1, le=3660)
    zone: str = Field("UTC", max_length=60)
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    start: Literal["same_day", "next_day"] = "next_day"
    roll: bool = False
    silence: str = Field("", max_length=200)
    unverified: bool = True
    escalation_id: UUID | None = None


def _plain(values: Json) -> Json:
    """Leave out what names nothing: a list that is empty, a target that is not set."""
    kept = dict(values)
    for name in ("scope", "targets"):
        if isinstance(found := kept.get(name), dict):
            kept[name] = {key: one for key, one in found.items() if one}
    if isinstance(steps := kept.get("steps"), list):
        kept["steps"] = [_rung(one) for one in steps]
    return kept


def _rung(one: Json) -> Json:
    told = {key: value for key, value in one.items() if value not in (None, "", [], False)}
    if isinstance(to := one.get("to"), list) and to:
        told["to"] = [{key: value for key, value in who.items() if value} for who in to]
    return told


@router.get("/sla_policies", name="sla_policies.list")
async def policies(call: Now) -> Response:
    """Return all policies in their order."""
    return await listed(call, SLA_POLICY)


@router.post("/sla_policies", name="sla_policies.add", status_code=201, openapi_extra=STRUCTURE)
async def add_policy(call: Now, body: PolicyIn) -> Response:
    """Add a policy."""
    return await _added(call, SLA_POLICY, body)


@router.put("/sla_policies/order", name="sla_policies.order", openapi_extra=STRUCTURE)
async def order_policies(call: Now, body: OrderIn) -> Response:
    """Put the policies into an order: of two of one level the earlier one wins."""
    await keep_promises.put_in_order(call.session, body.ids, call.actor)
    return await listed(call, SLA_POLICY)


@router.post("/sla_policies/try", name="sla_policies.try")
async def try_policies(call: Now, body: TryIn) -> Response:
    """Tell for an example which policy would hold for each clock, and which ones would lose."""
    return answer(await keep_promises.example(call.session, body.model_dump()))


@router.patch("/sla_policies/{id}", name="sla_policies.change", openapi_extra=STRUCTURE)
async def change_policy(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: PolicyChange,
) -> Response:
    """Change a policy; a blind write is refused."""
    values = _plain(given(body))
    keep_promises.check_policy(values)
    return await changed(call, request, SLA_POLICY, id, values, guarded=True)


@router.delete(
    "/sla_policies/{id}", name="sla_policies.remove", status_code=204, openapi_extra=STRUCTURE
)
async def remove_policy(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a policy away; clocks that run go on as they were started."""
    await configure.remove(call.session, SLA_POLICY, id, version_wanted(request), call.actor)
    return answer()


@router.get("/escalations", name="escalations.list")
async def escalations(call: Now) -> Response:
    """Return all ladders."""
    return await listed(call, ESCALATION)


@router.post("/escalations", name="escalations.add", status_code=201, openapi_extra=STRUCTURE)
async def add_escalation(call: Now, body: EscalationIn) -> Response:
    """Add a ladder."""
    return await _added(call, ESCALATION, body)


@router.patch("/escalations/{id}", name="escalations.change", openapi_extra=STRUCTURE)
async def change_escalation(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: EscalationChange,
) -> Response:
    """Change a ladder; a blind write is refused."""
    values = _plain(body.model_dump(mode="json", include=body.model_fields_set))
    await keep_promises.check_ladder(call.session, values)
    return await changed(call, request, ESCALATION, id, values, guarded=True)


@router.delete(
    "/escalations/{id}", name="escalations.remove", status_code=204, openapi_extra=STRUCTURE
)
async def remove_escalation(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a ladder away; refused while a policy or a deadline climbs it."""
    await configure.remove(call.session, ESCALATION, id, version_wanted(request), call.actor)
    return answer()


async def _added(call: Call, noun: Noun, body: In) -> Response:
    values = _plain(body.model_dump(mode="json", exclude_none=True))
    if noun is SLA_POLICY:
        keep_promises.check_policy(values)
    else:
        await keep_promises.check_ladder(call.session, values)
    id_ = call.key()
    call.entity = (noun.name, id_)
    told = await configure.add(call.session, noun, id_, values, call.actor)
    return answer(told, 201, {"ETag": etag(told["version"])})


@router.get("/deadline_templates", name="deadline_templates.list")
async def deadlines(call: Now) -> Response:
    """Return the deadlines of the law this house knows, each with an example from today."""
    return answer({"items": await keep_promises.deadlines(call.session, call.at)})


@router.put("/deadline_templates/{key}", name="deadline_templates.put", openapi_extra=STRUCTURE)
async def put_deadline(call: Now, key: str, body: DeadlineIn) -> Response:
    """Write a deadline of the law down, one of one's own or in place of a known one."""
    wish = keep_promises.Law(key, body.model_dump(mode="json"), call.key())
    return answer(await keep_promises.put_deadline(call.session, wish, call.actor, call.at))


@router.post("/calendars/{id}/import", name="calendars.import", openapi_extra=STRUCTURE)
async def import_days(call: Now, request: Request, id: UUID, body: ImportIn) -> Response:  # noqa: A002 - the name of the path
    """Read the days of rest of an iCalendar file; with ``keep`` the calendar closes on them."""
    version = version_wanted(request, required=body.keep)
    years = (call.at.year, (call.at + timedelta(days=3660)).year)
    wish = keep_promises.DaysFile(id, body.text, years, version, body.keep)
    told = await keep_promises.import_days(call.session, wish, call.actor)
    return answer(told)
