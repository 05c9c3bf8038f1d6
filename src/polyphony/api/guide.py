"""Guide: the seven steps of the first set-up; progress is kept, the test shows its real stages."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field

from polyphony.api.counter import CONFIGURE, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.flows import guide
from polyphony.store import demo, staff

router = APIRouter(prefix="/v1", route_class=Counter, tags=["guide"])

StepName = Literal["account", "company", "data", "channel", "team", "test", "invite"]


class GuideIn(In):
    """One step done, skipped or opened again; or the guide closed."""

    step: StepName | None = None
    state: Literal["done", "skipped", "todo"] = "done"
    closed: bool | None = None


class CompanyIn(In):
    """The company: its name is the first brand, ``department`` the first department."""

    name: str = Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*$")
    zone: str = Field("UTC", max_length=60)
    language: Literal["en", "cs", "pl", "ru"] = "en"
    department: str = Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*$")
    always: bool = False


class TestIn(In):
    """What the test message says."""

    text: str = Field(min_length=1, max_length=2000)


async def _told(call: Call) -> Json:
    me = await staff.one(call.session, call.me)
    pretended = await demo.state(call.session) is not None
    if not call.desk.loopback:
        return await guide.told(call.session, me, demo=pretended)
    return await guide.told(call.session, me | {"has_password": True}, demo=pretended)


@router.get("/guide", name="guide.read", openapi_extra=CONFIGURE)
async def read(call: Now) -> Response:
    """Return the steps, whether the guide is open, and how far the test message has come."""
    return answer(await _told(call))


@router.patch("/guide", name="guide.note", openapi_extra=CONFIGURE)
async def note(call: Now, body: GuideIn) -> Response:
    """Keep that a step was done or skipped, or that the guide was closed."""
    await guide.note(call.session, body.step, body.state, closed=body.closed)
    return answer(await _told(call))


@router.post("/guide/company", name="guide.company", status_code=201, openapi_extra=CONFIGURE)
async def company(call: Now, body: CompanyIn) -> Response:
    """Make the company at once: brand, working hours, first department with its queue, chat."""
    wish = guide.Company(body.name, body.zone, body.language, body.department, body.always)
    made = await guide.found_company(call.session, wish, call.me, call.at, call.actor)
    return answer(made, 201)


@router.post("/guide/test", name="guide.test", status_code=202, openapi_extra=CONFIGURE)
async def test(call: Now, body: TestIn) -> Response:
    """Send a message to oneself by the first chat; its stages are told by the guide."""
    me = await staff.one(call.session, call.me)
    return answer(await guide.send_test(call.session, me, body.text, call.at), 202)
