"""Words: what an answer says: variables filled, rich text made safe, the signature below."""

import html as markup
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain import template
from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Invalid
from polyphony.domain.template import in_language
from polyphony.flows import fill
from polyphony.ports import Outside
from polyphony.store import doors
from polyphony.store.database import Session


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes about which Case, and when; no person: the machine does."""

    case: UUID
    person: UUID | None
    at: datetime


async def words(
    session: Session, text: str, html: str | None, author: Author, kind: str, outside: Outside
) -> tuple[str, str | None]:
    """Return the text and the safe HTML of an answer.

    The text of a rich answer is derived from what really leaves. Raises Invalid
    ``reply.unresolved`` for variables without a value, ``reply.no_html`` where none is carried.
    """
    if html is None or not html.strip():
        return await fill.fill(session, text, author.case, author.person, author.at), None
    channel = outside.channels.get(ChannelKind(kind))
    if channel is None:
        raise Invalid("reply.no_html", {"field": "html"})
    if "{{" in html:
        known = await fill.values(session, author.case, author.person, author.at)
        found = template.resolve(html, {name: markup.escape(one) for name, one in known.items()})
        if found.missing:
            raise Invalid("reply.unresolved", {"field": "html", "names": list(found.missing)})
        html = found.text
    safe, plain = channel.compose(html)
    return plain, safe


async def signature(
    session: Session, author: Author, account: UUID, queue: UUID | None, languages: tuple[str, ...]
) -> str:
    """Return what stands below answers by this account and Queue; empty when nobody wrote one.

    A variable without a value leaves its place empty: a signature never stops an answer.
    """
    texts = await doors.signature(session, account, queue)
    text = in_language(texts, *languages)
    if "{{" not in text:
        return text
    known = await fill.values(session, author.case, author.person, author.at)
    found = template.resolve(text, known)
    empty = dict.fromkeys(found.missing, "\u200b")
    return template.resolve(found.text, empty).text.replace("\u200b", "").strip()
