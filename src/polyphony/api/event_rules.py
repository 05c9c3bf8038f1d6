"""Event rules: the set in force and how it fares, checked before it is saved, tried over 7 days."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.counter import RULES, Counter
from polyphony.api.desk import In, Json, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.domain import event_rule
from polyphony.domain.errors import Invalid
from polyphony.flows import rule_events, try_events
from polyphony.store import event_rules

router = APIRouter(prefix="/v1", route_class=Counter, tags=["configuration"])


class RulesIn(In):
    """A whole set, in the order rules act on one event."""

    rules: list[dict[str, object]] = Field(max_length=event_rule.RULES_MAX)


@router.get("/event_rules", name="event_rules.read", openapi_extra=RULES)
async def read(call: Now) -> Response:
    """Return the set in force and how each rule fared in the last 7 days."""
    version, lines = await event_rules.lines(call.session)
    found = await event_rules.standings(call.session, version)
    names = ("rule", "done", "errors", "loops", "last_at", "off_at", "detail")
    told: Json = {
        "version": version,
        "rules": lines,
        "standings": [{name: getattr(one, name) for name in names} for one in found],
    }
    return answer(told, headers={"ETag": etag(version)})


@router.put("/event_rules", name="event_rules.replace", openapi_extra=RULES)
async def replace(call: Now, request: Request, body: RulesIn) -> Response:
    """Put a set in force, whatever was switched off awake again; a blind write is refused."""
    expected = version_wanted(request, required=True)
    now, _ = await event_rules.lines(call.session)
    version = await rule_events.set_rules(
        call.session, body.rules, now if expected is None else expected, call.actor
    )
    _, lines = await event_rules.lines(call.session)
    return answer({"version": version, "rules": lines}, headers={"ETag": etag(version)})


@router.post("/event_rules/check", name="event_rules.check", openapi_extra=RULES)
async def check(call: Now, body: RulesIn) -> Response:
    """Return the first fault of every rule that has one; nothing is saved."""
    found = []
    for number, one in enumerate(body.rules, 1):
        try:
            await rule_events.checked(call.session, [one])
        except Invalid as wrong:
            found.append({"code": wrong.code, **wrong.facts, "number": number})
    return answer({"faults": found})


@router.post("/event_rules/dry_run", name="event_rules.dry_run", openapi_extra=RULES)
async def dry_run(call: Now, body: RulesIn) -> Response:
    """Tell what a set would have done over the events of the last 7 days the caller sees."""
    rules = event_rule.read(body.rules)
    return answer(await try_events.past(call.session, call.scope, rules, call.at))
