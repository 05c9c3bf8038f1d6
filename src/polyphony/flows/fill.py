"""Fill: what the variables of texts say for a Case when one of us writes."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from polyphony.domain import template
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.template import Facts
from polyphony.store import knowledge
from polyphony.store.database import Session


async def values(
    session: Session, case: UUID, person: UUID | None, at: datetime
) -> Mapping[str, str]:
    """Return every variable with its value for a Case and a writer; unknown ones are empty.

    Where the machine writes there is no person, and no name of one.
    """
    drawn = await knowledge.drawn(session, case, person)
    if drawn is None:
        raise NotFound("case")
    return template.values(
        Facts(
            customer=drawn.customer,
            reference=drawn.reference,
            agent=drawn.agent,
            department=drawn.department,
            brand=drawn.brand,
            language=drawn.language,
            today=at.astimezone(_zone(drawn.zone)).date(),
        )
    )


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


async def fill(session: Session, text: str, case: UUID, person: UUID | None, at: datetime) -> str:
    """Replace the variables of a text that shall leave.

    Raises Invalid ``reply.unresolved`` with the names nobody has a value for.
    """
    if "{{" not in text:
        return text
    found = template.resolve(text, await values(session, case, person, at))
    if found.missing:
        raise Invalid("reply.unresolved", {"field": "text", "names": list(found.missing)})
    return found.text
