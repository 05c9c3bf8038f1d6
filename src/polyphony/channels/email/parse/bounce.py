"""Reports about delivery: is this one, about whom, and is the address dead or only busy (§8)."""

import re
from itertools import islice
from dataclasses import dataclass, field, replace

from polyphony.channels.email.parse import auto, reasons, reports, systems, tree, words
from polyphony.channels.email.parse.body import Assembler
from polyphony.channels.email.parse.envelope import Envelope, ids
from polyphony.channels.email.parse.reports import Recipient
from polyphony.channels.email.parse.shape import Bounce, Defects, Failure, Limits, Reason
from polyphony.channels.email.parse.tree import Part

_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
_READ_PARTS = {"message/disposition-notification", "message/global-disposition-notification"}
_ENCLOSED = {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
_DELIVERED = {"delivered", "relayed", "expanded"}
_ADDRESS = re.compile(r"\S+@\S+")
_BLANKS = re.compile(r"\s+")
_FOLDED = re.compile(r"[ \t]*\n(?![ \t]*\n)[ \t]*|[ \t]+")
_TEXT_MAX = 500
_HUMAN_MAX = 20_000
_OTHERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Original:
    """What the enclosed original says of itself."""

    message_id: str = ""
    to: str = ""


@dataclass(slots=True)
class Finding:
    """The report, the original it encloses, and the rule that recognised it."""

    report: Bounce | None = None
    original: Original = field(default_factory=Original)
    rule: str = "no report about delivery"


@dataclass(slots=True)
class _Case:
    """One mail under suspicion: its parts by kind and its words for people."""

    root: Part
    head: Envelope
    assembler: Assembler
    text: str
    parts: dict[str, Part]
    header: dict[str, bytes]

    def body(self, kinds: set[str]) -> str | None:
        for kind in kinds:
            if kind in self.parts:
                return self.assembler.text_of(self.parts[kind])
        return None


def find(root: Part, head: Envelope, text: str, assembler: Assembler) -> Finding:
    """Say what the mail reports about an earlier one, if anything."""
    parts: dict[str, Part] = {}
    for part in root.walk():
        parts.setdefault(part.media, part)
    header = {name: value for name, value in reversed(root.headers)}
    case = _Case(root, head, assembler, text, parts, header)
    if not _suspicious(case):
        return Finding()
    original = _original(case)
    for rule, name in _RULES:
        found = rule(case, original)
        if found is not None:
            return Finding(found, original, name)
    return Finding()


def _suspicious(case: _Case) -> bool:
    """Cheap signs; without one of them a mail is a person's and is not looked at further."""
    header = case.header
    if case.parts.keys() & (_STATUS_PARTS | _READ_PARTS | {"multipart/report", "message/feedback-report"}):
        return True
    if "x-failed-recipients" in header or "auto-submitted" in header or "x-autoreply" in header:
        return True
    if header.get("return-path", b"x").replace(b" ", b"") == b"<>" or "x-hmxmroriginalrecipient" in header:
        return True
    author = case.head.author
    named = f"{author.name} {author.address}" if author else ""
    return (
        systems.may_be_sender(named)
        or systems.may_be_subject(case.head.subject)
        or "notificationType" in case.text[:2000]
    )


def _report(failure: Failure, others: tuple[Failure, ...] = ()) -> Bounce:
    return Bounce(
        failure.is_bounce,
        failure.kind,
        failure.status,
        failure.recipient,
        failure.reason,
        failure.code,
        failure.text,
        failure.action,
        others[:_OTHERS_MAX],
    )


def _no_failure(reason: Reason, recipient: str = "", text: str = "") -> Failure:
    return Failure(
        is_bounce=False,
        kind=None,
        status=None,
        recipient=recipient or None,
        reason=reason,
        code=None,
        text=_short(text),
    )


def _short(text: str) -> str:
    return words.clean(_BLANKS.sub(" ", text[: _TEXT_MAX * 4]).strip())[:_TEXT_MAX]


def _by_status_part(case: _Case, original: Original) -> Bounce | None:
    """RFC 3464: the machine-readable part says it all, the words beside it help to judge."""
    body = case.body(_STATUS_PARTS)
    if body is None:
        return None
    rows = reports.recipients(body)
    human = _human(case.text)
    if not rows:
        return _by_words(case, original, human)
    failures = [_judged(row, human, original, alone=len(rows) == 1) for row in rows]
    bad = [one for one in failures if one.is_bounce]
    ordered = bad + [one for one in failures if not one.is_bounce]
    return _report(ordered[0], tuple(ordered[1:]))


def _judged(row: Recipient, human: str, original: Original, *, alone: bool) -> Failure:
    """Judge one recipient of a report."""
    near = _near(human, row.address) if human else ""
    said = row.diagnostic or near
    status = _status(row.status, said)
    if row.action in _DELIVERED or (status.startswith("2") and row.action != "failed"):
        return replace(_no_failure("delivered", row.address, said), status=status or None)
    code = reasons.code_in(said)
    reason = _reason(said, status, code)
    if reason in {"other", "temporary"} and near and said != near:
        second = reasons.by_words(_bare(near))
        reason = second if second is not None and _weak(row.diagnostic) else reason
    if reason == "other" and alone and (third := reasons.by_words(_bare(human[:3000]))) is not None:
        reason = third
    context = reasons.Context(f"{said}\n{near}", status, row.address, typed=True)
    reason = reasons.settle(reason, said, context)
    if row.action == "delayed":
        reason = reason if reason not in reasons.HARD else "temporary"
    return _failure(row, reason, status, code, said or human, original)


def _weak(diagnostic: str) -> bool:
    """A diagnosis without words of its own: empty, a bare code, `delivery failed`."""
    return len(re.sub(r"[\W\d_]+", "", diagnostic)) < 25 or reasons.by_words(_bare(diagnostic)) is None


def _failure(  # noqa: PLR0913, PLR0917 - the facts of one refusal
    row: Recipient, reason: Reason, status: str, code: str, said: str, original: Original
) -> Failure:
    action = row.action if row.action in {"failed", "delayed"} else "failed"
    return Failure(
        is_bounce=True,
        kind="hard" if reason in reasons.HARD else "soft",
        status=status or None,
        recipient=row.address or original.to or None,
        reason=reason,
        code=code or None,
        text=_short(said),
        action="delayed" if action == "delayed" else "failed",
    )


def _reason(said: str, status: str, code: str) -> Reason:
    return reasons.judge(_bare(said), status, code)


def _bare(text: str) -> str:
    """Addresses are not words of a server: `no-spam@…` says nothing."""
    plain = _ADDRESS.sub(" <> ", text[:8000])
    return _FOLDED.sub(" ", plain).strip()


def _status(given: str, said: str) -> str:
    """The report's status; a vague one (x.0.0) gives way to the one inside the SMTP text."""
    found = re.match(r"[245]\.\d{1,3}\.\d{1,3}", given)
    inside = reasons.status_in(said)
    if found is None:
        return inside
    if found.group()[1:] == ".0.0" and inside and inside[0] == found.group()[0]:
        return inside
    return found.group()


def _by_feedback(case: _Case, original: Original) -> Bounce | None:
    """ARF: somebody called our mail spam."""
    report_type = case.root.params.get("report-type", "").lower()
    body = case.body({"message/feedback-report"})
    found = body is not None or report_type == "feedback-report"
    found = found or "x-hmxmroriginalrecipient" in case.header
    found = found or systems.UNSUBSCRIBE.search(case.text[:300]) is not None
    if not found and case.root.media == "multipart/report" and not case.parts.keys() & (_STATUS_PARTS | _READ_PARTS):
        found = systems.FEEDBACK.search(case.head.subject + " " + case.text[:2000]) is not None
    if not found:
        return None
    recipient = ""
    for fields in reports.blocks(body or ""):
        recipient = recipient or reports.address(fields.get("original-rcpt-to", ""))
    return _report(_no_failure("feedback", recipient or original.to, case.text))


def _by_disposition(case: _Case, _original: Original) -> Bounce | None:
    """MDN: somebody's program says that our mail was read (or deleted unread)."""
    body = case.body(_READ_PARTS)
    if body is None:
        return None
    recipient = ""
    for fields in reports.blocks(body):
        recipient = recipient or reports.address(fields.get("final-recipient", ""))
    return _report(_no_failure("read", recipient, case.text))


def _by_notification(case: _Case, original: Original) -> Bounce | None:
    """JSON notes of mail services (SNS)."""
    found = reports.notification(case.text)
    if found is None:
        return None
    kind, rows = found
    if kind == "complaint":
        return _report(_no_failure("feedback", rows[0].address if rows else ""))
    if kind == "delivery":
        said = rows[0].diagnostic if rows else ""
        status = reasons.status_in(said) or None
        return _report(replace(_no_failure("delivered", rows[0].address if rows else "", said), status=status))
    failures = [_judged(row, "", original, alone=False) for row in rows]
    return _report(failures[0], tuple(failures[1:])) if failures else None


def _by_vacation(case: _Case, _original: Original) -> Bounce | None:
    """RFC 3834: an answering program, not a failure."""
    said = words.raw_text(case.header.get("auto-submitted", b""), words.Context(Defects())).lower()
    if "multipart/report" in case.parts or "x-failed-recipients" in case.header:
        return None
    author = case.head.author
    daemon = author is not None and systems.SENDER.search(f"{author.name} {author.address}")
    if daemon or systems.SUBJECT.search(case.head.subject):
        if not auto.VACATION.match(case.head.subject):
            return None
    replied = said.startswith("auto-replied") or "x-autoreply" in case.header
    precedence = case.header.get("precedence", b"").lower().replace(b"-", b"_").strip()
    replied = replied or "x-autorespond" in case.header or precedence == b"auto_reply"
    if not replied and auto.VACATION.match(case.head.subject):
        null = case.header.get("return-path", b"x").replace(b" ", b"") == b"<>"
        replied = null or bool(said) or "x-auto-response-suppress" in case.header
    if not replied:
        return None
    return _report(_no_failure("vacation", author.address if author else "", case.text))


def _by_text(case: _Case, original: Original) -> Bounce | None:
    """Reports in plain words: a daemon's sender or subject, a sentence of failure, an address."""
    author = case.head.author
    named = f"{author.name} {author.address}" if author else ""
    sender = systems.SENDER.search(named) is not None or not (author and author.address)
    null = case.header.get("return-path", b"x").replace(b" ", b"") == b"<>"
    subject = systems.SUBJECT.search(case.head.subject) is not None
    failed = "x-failed-recipients" in case.header
    daemon = re.search(r"(?i)mailer-?daemon|po+st_?master", named) is not None
    if daemon and reasons.core(case.text) and reasons.by_words(_bare(case.text[:3000])):
        return _by_words(case, original, _human(case.text))
    if not failed and sender + null + subject < 2 and not (sender and _enclosed_part(case)):
        if not (subject and systems.SENDER.search(named)):
            return None
    human = _human(case.text)
    if not failed and systems.SENTENCE.search(human[:5000]) is None and not subject:
        return None
    return _by_words(case, original, human)


def _by_words(case: _Case, original: Original, human: str) -> Bounce | None:
    rows = _rows(case, human, original)
    if not rows and (inner := _inner_report(case)):
        failures = [_judged(row, "", original, alone=False) for row in inner]
        return _report(failures[0], tuple(failures[1:]))
    if not rows:
        rows = [Recipient(address=original.to, diagnostic=human)]
    failures = []
    for row in rows:
        said = row.diagnostic
        status, code = _status("", said), reasons.code_in(said)
        reason = _reason(said, status, code)
        if reason == "other" and len(rows) == 1:
            reason = reasons.by_words(_bare(human[:6000])) or reason
            status, code = status or reasons.status_in(human), code or reasons.code_in(human)
        context = reasons.Context(said, status, row.address, typed=False)
        reason = reasons.settle(reason, said, context)
        if len(rows) == 1 and reason in reasons.HARD | {"other"} and _is_delay(case, human):
            reason, row.action = "temporary", "delayed"
        failures.append(_failure(row, reason, status, code, said, original))
    return _report(failures[0], tuple(failures[1:]))


def _inner_report(case: _Case) -> list[Recipient]:
    """A gateway may wrap the real report whole: look one level into the enclosed message."""
    part = _enclosed_part(case)
    if part is None:
        return []
    raw = case.assembler.bytes_of(part)[:_HUMAN_MAX * 10]
    context = words.Context(Defects())
    for inner in tree.grow(raw, Limits(), context).walk():
        if inner.media in _STATUS_PARTS:
            return reports.recipients(raw[inner.start : inner.end].decode("utf-8", "replace"))
    return []


def _is_delay(case: _Case, human: str) -> bool:
    subject = case.head.subject.lower()
    return ("delay" in subject or "warning" in subject) and systems.DELAYED.search(human) is not None


def _rows(case: _Case, human: str, original: Original) -> list[Recipient]:
    """Find the failed recipients in a plain report and the words said about each."""
    ours = {box.address.lower() for box in case.head.to if box.address}
    if case.head.author is not None:
        ours.add(case.head.author.address.lower())
    named = words.raw_text(case.header.get("x-failed-recipients", b""), words.Context(Defects()))
    wanted = [one.strip() for one in named.split(",") if "@" in one]
    hits: dict[str, int] = {}
    for hit in islice(systems.RECIPIENT.finditer(human), _OTHERS_MAX):
        if not systems.SESSION.match(hit.group().strip()):
            hits.setdefault(hit.group(1).rstrip("."), hit.start())
    found = {one: at for one, at in hits.items() if one.lower() not in ours}
    found = {one: found.get(one, 0) for one in wanted} or found
    if not found:
        for hit in systems.ANYWHERE.finditer(human):
            if hit.group(1).lower() not in ours and _failing_line(human, hit.start()):
                found = {hit.group(1): hit.start()}
                break
    if len(found) > 1:
        found = _told(found, human)
    if len(found) == 1:
        return [Recipient(address=next(iter(found)), diagnostic=human)]
    starts = sorted(found.values())
    out = []
    for address, at in sorted(found.items(), key=lambda item: item[1])[:_OTHERS_MAX]:
        after = next((one for one in starts if one > at), len(human))
        out.append(Recipient(address=address, diagnostic=_said(human, address, at, after)))
    return out


def _told(found: dict[str, int], human: str) -> dict[str, int]:
    """Of many addresses only those something was said about; all when nothing was said at all."""
    starts = sorted(found.values())
    told: dict[str, int] = {}
    for address, at in found.items():
        after = next((one for one in starts if one > at), len(human))
        piece = _said(human, address, at, after)
        if reasons.by_words(_bare(piece)) or reasons.code_in(piece):
            told[address] = at
    return told or dict(list(found.items())[:1])


def _said(human: str, address: str, at: int, after: int) -> str:
    """The words about one recipient: its own paragraph, else lines elsewhere that repeat it."""
    piece = human[at:after]
    if reasons.by_words(_bare(piece)):
        return piece
    lines = human.split("\n")
    hits = [
        "\n".join(lines[number : number + 3])
        for number, line in enumerate(lines[:2000])
        if address in line
    ]
    return "\n".join((piece, *hits[:20]))


def _failing_line(human: str, at: int) -> bool:
    start = human.rfind("\n", 0, at) + 1
    return not systems.SESSION.match(human[start : start + 60])


def _near(human: str, address: str) -> str:
    """The words after an address in the text for people, up to the next address."""
    at = human.find(address) if address else -1
    if at < 0:
        return human[:1500]
    start = at + len(address)
    stop = systems.RECIPIENT.search(human, start)
    return human[start : min(stop.start() if stop else len(human), start + 1500)].strip(" \n>:")


def _human(text: str) -> str:
    """The text for people without the returned original below it."""
    text = text[:_HUMAN_MAX]
    found = systems.ORIGINAL.search(text, 1)
    return text[: found.start()] if found is not None else text


def _enclosed_part(case: _Case) -> Part | None:
    return next((case.parts[kind] for kind in _ENCLOSED if kind in case.parts), None)


def _original(case: _Case) -> Original:
    """Read the headers of the enclosed original: as a part, else below its mark in the text."""
    part = _enclosed_part(case)
    raw = case.assembler.bytes_of(part)[: 64 * 1024] if part is not None else b""
    if not raw:
        cut = len(_human(case.text))
        raw = case.text[cut : cut + 64 * 1024].lstrip().encode("utf-8", "replace")
    if not raw:
        return Original()
    context = words.Context(Defects())
    fields: list[tuple[str, bytes]] = []
    for at in _starts(raw):
        fields, _ = tree.split(raw, at, len(raw), Limits(), context)
        if any(name in {"message-id", "from", "to", "subject"} for name, _ in fields):
            break
    found = ids([value for name, value in fields if name == "message-id"][:1], context)
    to = next((value for name, value in fields if name == "to"), b"")
    address = systems.ANYWHERE.search(to.decode("latin-1"))
    return Original(found[0] if found else "", address.group(1) if address else "")


def _starts(raw: bytes) -> list[int]:
    """Where the headers may begin: at once, or after the line and blank lines that announce them."""
    out = [0]
    for _ in range(3):
        stop = raw.find(b"\n", out[-1])
        if stop < 0:
            break
        while raw[stop + 1 : stop + 2] in {b"\n", b"\r"}:
            stop += 1
        out.append(stop + 1)
    return out


_RULES = (
    (_by_notification, "a mail service's JSON note"),
    (_by_feedback, "a feedback report (RFC 5965)"),
    (_by_status_part, "a delivery-status part (RFC 3464)"),
    (_by_disposition, "a disposition notification (RFC 8098)"),
    (_by_vacation, "an answering program (RFC 3834)"),
    (_by_text, "a mail system's plain words"),
)
