"""Perform: render one delivery and hand it over once, outside any transaction."""

import html
from dataclasses import dataclass
from datetime import datetime

from polyphony.domain import reference, reply, token
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.failure import Permanent, SendFailure, Temporary, Uncertain
from polyphony.domain.message import Outbound, Part
from polyphony.flows.deliver.claim import Job, opened
from polyphony.ports import Account, Channel, KeyRing, Outside, Rendered, Sent
from polyphony.store.letters import Before
from polyphony.store.messages import FileRow

REFERENCES_MAX = 20


@dataclass(frozen=True, slots=True)
class Result:
    """How one hand-over ended: ``sent`` or ``failure``; ``named`` is the id it left under."""

    job: Job
    began: datetime
    ended: datetime
    sent: Sent | None = None
    failure: SendFailure | None = None
    named: str = ""
    degraded: tuple[str, ...] = ()


async def perform(job: Job, outside: Outside) -> Result:
    """Render and send; whatever happens becomes a result, nothing is raised."""
    began = outside.now()
    try:
        channel = outside.channels[ChannelKind(job.account.kind)]
        account = opened(job.account, outside.keys)
        rendered = channel.render(await _outbound(job, outside), account)
    except (Invalid, NotFound) as refused:
        failure: SendFailure = Permanent(refused.code, str(refused.facts)[:500])
        return Result(job, began, outside.now(), failure=failure)
    except Exception as bug:  # noqa: BLE001 - nothing left us, so another try is harmless
        return Result(job, began, outside.now(), failure=Temporary("render", repr(bug)))
    return await _hand_over(job, outside, (channel, account, rendered), began)


async def _hand_over(
    job: Job, outside: Outside, ready: tuple[Channel, Account, Rendered], began: datetime
) -> Result:
    channel, account, rendered = ready
    named = rendered.envelope.get("message_id", "").strip("<>")
    sent: Sent | None = None
    failure: SendFailure | None = None
    try:
        sent = await channel.send(account, rendered, job.row.id)
    except SendFailure as known:
        failure = known
    except Exception as bug:  # noqa: BLE001 - it may have left us: nobody knows
        failure = Uncertain("broke_off", repr(bug))
    if sent is not None:
        named = sent.provider_id.strip("<>") or named
    return Result(job, began, outside.now(), sent, failure, named, rendered.degraded)


async def _outbound(job: Job, outside: Outside) -> Outbound:
    row, letter = job.row, job.letter
    to = Address(ChannelKind(letter.kind), row.to_address, letter.scope)
    mail = to.kind is ChannelKind.EMAIL
    before = [] if row.purpose == "forward" else job.before  # others' threads are not his
    answers = [one for one in before if one.kind == "in"]
    text, page = _words(job, answers[0] if answers and mail else None)
    ids = tuple(f"<{one.provider_key}>" for one in reversed(before))
    return Outbound(
        id=row.id,
        account=row.account_id,
        to=to,
        text=text,
        html=page,
        to_name=_named(job),
        subject=_subject(job) if mail else "",
        from_name=letter.author_name or job.account.name,
        references=ids[-REFERENCES_MAX:],
        in_reply_to=f"<{answers[0].provider_key}>" if answers else "",
        token=thread_token(outside.keys, job, to) if mail else "",
        parts=tuple([await _part(one, outside) for one in job.files]),
        purpose=row.purpose,
        language=letter.language or job.account.language,
        at=letter.message_at,
    )


def _named(job: Job) -> str:
    """Return the recipient's name for an answer of a person only: strangers choose their names.

    A machine's mail to a forged sender would carry their words to a victim under our name.
    """
    given = job.letter.to_name
    return given if job.row.purpose == "reply" and given != job.row.to_address else ""


async def _part(file: FileRow, outside: Outside) -> Part:
    data = await outside.files.get(file.sha256)
    return Part(
        *(file.media_type, file.name, data, file.sha256, len(data), file.inline, file.cid or "")
    )


def thread_token(keys: KeyRing, job: Job, to: Address) -> str:
    """Return the signed proof with which this recipient's answer joins the Case."""
    claim = token.claim(keys.deployment, job.letter.case_id, to)
    return token.write(job.letter.case_id, keys.mac(token.PURPOSE, claim))


def _subject(job: Job) -> str:
    if job.row.purpose in {"auto", "forward"}:
        return job.letter.subject
    return reply.reply_subject(job.letter.subject, reference.shown(job.letter.reference))


def _words(job: Job, original: Before | None) -> tuple[str, str | None]:
    """Return the text (and page) with the customer's own words below, as mail programs do."""
    letter = job.letter
    said = reply.signed(letter.text, letter.signature)
    shown = None if letter.html is None else letter.html + _signature(letter.signature)
    if original is None or job.row.purpose != "reply":
        return said, shown
    language = letter.language or job.account.language
    who = original.author_name or job.row.to_address
    text = reply.quoted(said, original.text, who, original.at, language)
    if shown is None:
        return text, None
    below = text[len(said.rstrip()) :].strip()
    line, _, quote = below.partition("\n")
    words = "\n".join(one.removeprefix("> ").removeprefix(">") for one in quote.splitlines())
    page = (
        f"{shown}<div>{html.escape(line)}</div>"
        f'<blockquote type="cite" style="white-space:pre-wrap">{html.escape(words)}</blockquote>'
    )
    return text, page


def _signature(text: str) -> str:
    if not text:
        return ""
    return f'<div style="white-space:pre-wrap">-- <br>{html.escape(text)}</div><br>'
