"""Configuration: departments, skills, calendars, rules."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from polyphony.api.counter import RULES, STRUCTURE, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.domain import rule
from polyphony.domain.holiday import holidays
from polyphony.domain.service_hours import to_datetime, to_ms
from polyphony.flows import configure
from polyphony.store import calendars as calendars_store
from polyphony.store import configuration
from polyphony.store.configuration import CALENDAR, DEPARTMENT, SKILL, Noun

router = APIRouter(prefix="/v1", route_class=Counter, tags=["configuration"])

Name = Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*$")
MaybeName = Field(None, min_length=1, max_length=200, pattern=r"^[^\r\n]*$")


class DepartmentIn(In):
    """A department; without a calendar it works round the clock."""

    name: str = Name
    calendar_id: UUID | None = None
    visibility: Literal["open", "sealed"] = "open"


class DepartmentChange(In):
    """Changes of a department."""

    name: str | None = MaybeName
    calendar_id: UUID | None = None
    triage_queue: UUID | None = None
    visibility: Literal["open", "sealed"] | None = None


Language = Literal["en", "cs", "pl", "ru"]
Signature = dict[Language, Annotated[str, Field(max_length=4000)]]
ImportedDays = dict[
    Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")], Annotated[str, Field(max_length=120)]
]
HolidayKey = Annotated[str, Field(pattern="^[a-z_]{1,40}$")]


class SkillIn(In):
    """Something that can be known; names per language."""

    key: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_.-]+$")
    kind: Literal["language", "topic", "product", "legal", "channel"]
    name: dict[Language, str] = Field(default_factory=dict)


class SkillChange(In):
    """Changes of a skill."""

    kind: Literal["language", "topic", "product", "legal", "channel"] | None = None
    name: dict[Language, str] | None = None


class HolidaysIn(In):
    """Of which country, in which year."""

    country: str = Field(pattern="^[A-Z]{2}$")
    year: int = Field(ge=2020, le=2100)


class CalendarIn(In):
    """Working hours: frames per ISO weekday, exceptions per date."""

    name: str = Name
    zone: str = Field("UTC", max_length=60)
    always: bool = False
    frames: dict[str, list[list[str]]] = Field(default_factory=dict)
    exceptions: dict[str, list[list[str]]] = Field(default_factory=dict)
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    worked: list[HolidayKey] = Field([], max_length=40)
    imported: ImportedDays = Field(default_factory=dict, max_length=2000)


class CalendarChange(In):
    """Changes of working hours."""

    name: str | None = MaybeName
    zone: str | None = Field(None, max_length=60)
    always: bool | None = None
    frames: dict[str, list[list[str]]] | None = None
    exceptions: dict[str, list[list[str]]] | None = None
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    worked: list[HolidayKey] | None = Field(None, max_length=40)
    imported: ImportedDays | None = Field(None, max_length=2000)


class RulesIn(In):
    """A whole rule set, in the order it is asked."""

    rules: list[dict[str, object]] = Field(max_length=500)


class TryIn(In):
    """Facts to try the rules in force with."""

    facts: dict[str, object]


async def listed(call: Call, noun: Noun) -> Response:
    """Answer with all rows of a kind."""
    return answer({"items": await configuration.all_of(call.session, noun)})


async def added(call: Call, noun: Noun, body: In) -> Response:
    """Add one thing and answer with it."""
    id_ = call.key()
    call.entity = (noun.name, id_)
    told = await configure.add(
        call.session, noun, id_, body.model_dump(exclude_none=True), call.actor
    )
    return answer(told, 201, {"ETag": etag(told["version"])})


async def changed(
    call: Call, request: Request, noun: Noun, id_: UUID, values: Json, *, guarded: bool = False
) -> Response:
    """Change one thing and answer with it; ``guarded``: a blind write is refused."""
    version = version_wanted(request, required=guarded)
    call.facts["fields"] = sorted(values)
    told = await configure.change(call.session, noun, id_, values, version, call.actor)
    return answer(told, headers={"ETag": etag(told["version"])})


def given(body: In) -> Json:
    """Return the fields somebody sent: null clears, missing leaves."""
    return body.model_dump(include=body.model_fields_set)


@router.get("/departments", name="departments.list")
async def departments(call: Now) -> Response:
    """Return all departments."""
    return await listed(call, DEPARTMENT)


@router.post("/departments", name="departments.add", status_code=201, openapi_extra=STRUCTURE)
async def add_department(call: Now, body: DepartmentIn) -> Response:
    """Add a department; it gets a triage queue, and the caller becomes its first member."""
    ids = (call.key(), call.key(), call.key())
    call.entity = ("department", ids[0])
    told = await configure.add_department(
        call.session, ids, body.model_dump(exclude_none=True), call.actor
    )
    return answer(told, 201, {"ETag": etag(told["version"])})


@router.patch("/departments/{id}", name="departments.change", openapi_extra=STRUCTURE)
async def change_department(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: DepartmentChange,
) -> Response:
    """Change a department."""
    return await changed(call, request, DEPARTMENT, id, given(body))


@router.get("/skills", name="skills.list")
async def skills(call: Now) -> Response:
    """Return all skills."""
    return await listed(call, SKILL)


@router.post("/skills", name="skills.add", status_code=201, openapi_extra=STRUCTURE)
async def add_skill(call: Now, body: SkillIn) -> Response:
    """Add a skill."""
    return await added(call, SKILL, body)


@router.patch("/skills/{id}", name="skills.change", openapi_extra=STRUCTURE)
async def change_skill(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: SkillChange,
) -> Response:
    """Change a skill."""
    return await changed(call, request, SKILL, id, given(body))


@router.get("/calendars", name="calendars.list")
async def calendars(call: Now) -> Response:
    """Return all calendars, whether each is open now and when it opens next."""
    items = await configuration.all_of(call.session, CALENDAR)
    hours = await calendars_store.hours(call.session)
    now = to_ms(call.at)
    for one in items:
        mine = hours[UUID(str(one["id"]))]
        opens = None if mine.is_open(now) else mine.opens(now)
        one["open"] = mine.is_open(now)
        one["opens_at"] = None if opens is None else to_datetime(opens)
    return answer({"items": items})


@router.get("/holidays", name="holidays.list")
async def holidays_of(call: Now, asked: Annotated[HolidaysIn, Query()]) -> Response:  # noqa: ARG001 - signed-in people only
    """Return the public days of rest of a country in a year: date and key."""
    days = holidays(asked.country, asked.year)
    return answer({"items": [{"date": day, "key": name} for day, name in days.items()]})


@router.post("/calendars", name="calendars.add", status_code=201, openapi_extra=STRUCTURE)
async def add_calendar(call: Now, body: CalendarIn) -> Response:
    """Add working hours."""
    configure.check_hours(body.model_dump())
    return await added(call, CALENDAR, body)


@router.patch("/calendars/{id}", name="calendars.change", openapi_extra=STRUCTURE)
async def change_calendar(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: CalendarChange,
) -> Response:
    """Change working hours; a blind write is refused."""
    configure.check_hours(body.model_dump(exclude_none=True))
    return await changed(call, request, CALENDAR, id, given(body), guarded=True)


@router.delete("/calendars/{id}", name="calendars.remove", status_code=204, openapi_extra=STRUCTURE)
async def remove_calendar(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take working hours away; refused while a department or queue works by them."""
    await configure.remove(call.session, CALENDAR, id, version_wanted(request), call.actor)
    return answer()


@router.get("/rules", name="rules.read", openapi_extra=RULES)
async def rules(call: Now) -> Response:
    """Return the rule set in force."""
    version, lines = await configuration.rules(call.session)
    return answer({"version": version, "rules": lines}, headers={"ETag": etag(version)})


@router.put("/rules", name="rules.replace", openapi_extra=RULES)
async def replace_rules(call: Now, request: Request, body: RulesIn) -> Response:
    """Put a new rule set in force; a blind write is refused."""
    expected = version_wanted(request, required=True)
    now, _ = await configuration.rules(call.session)
    version = await configure.set_rules(
        call.session, body.rules, now if expected is None else expected, call.actor
    )
    return answer({"version": version, "rules": body.rules}, headers={"ETag": etag(version)})


@router.post("/rules/try", name="rules.try", openapi_extra=RULES)
async def try_rules(call: Now, body: TryIn) -> Response:
    """Tell what the rules in force would do with some facts; nothing is changed."""
    version, lines = await configuration.rules(call.session)
    compiled = rule.compile_rules(version, lines)
    choice = await configure.try_rules(call.session, compiled, body.facts)
    return answer(choice)
