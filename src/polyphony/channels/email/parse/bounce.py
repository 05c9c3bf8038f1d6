"""Reports about delivery: is this one, about whom, and is the address dead or only busy (§8)."""

import re
from dataclasses import dataclass, field, replace

from polyphony.channels.email.parse import (
    auto,
    plainly,
    reasons,
    reports,
    suspect,
    systems,
    words,
)
from polyphony.channels.email.parse.body import Assembler
from polyphony.channels.email.parse.envelope import Envelope
from polyphony.channels.email.parse.reports import Recipient
from polyphony.channels.email.parse.shape import Bounce, Defects, Failure, Reason
from polyphony.channels.email.parse.suspect import READ_PARTS, STATUS_PARTS, Original, Suspect
from polyphony.channels.email.parse.tree import Part

_DELIVERED = {"delivered", "relayed", "expanded"}
_BLANKS = re.compile(r"\s+")
_TEXT_MAX = 500
_OTHERS_MAX = 200


@dataclass(slots=True)
class Finding:
    """The report, the original it encloses, and the rule that recognised it."""

    report: Bounce | None = None
    original: Original = field(default_factory=Original)
    rule: str = "no report about delivery"


def find(root: Part, head: Envelope, text: str, assembler: Assembler) -> Finding:
    """Say what the mail reports about an earlier one, if anything."""
    parts: dict[str, Part] = {}
    for part in root.walk():
        parts.setdefault(part.media, part)
    header = dict(reversed(root.headers))
    case = Suspect(root, head, assembler, text, parts, header)
    if not suspect.suspicious(case):
        return Finding()
    original = suspect.original(case)
    for rule, name in _RULES:
        found = rule(case, original)
        if found is not None:
            return Finding(found, original, name)
    return Finding()


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
        recipient=_label(recipient),
        reason=reason,
        code=None,
        text=_short(text),
    )


def _label(address: str) -> str | None:
    """An address as shown: reports are damaged like any mail."""
    return words.one_line(words.clean(address))[:998] or None


def _short(text: str) -> str:
    return words.clean(_BLANKS.sub(" ", text[: _TEXT_MAX * 4]).strip())[:_TEXT_MAX]


def _by_status_part(case: Suspect, original: Original) -> Bounce | None:
    """RFC 3464: the machine-readable part says it all, the words beside it help to judge."""
    body = case.body(STATUS_PARTS)
    if body is None:
        return None
    rows = reports.recipients(body)
    human = suspect.human(case.text)
    if not rows:
        return _by_words(case, original, human)
    failures = [_judged(row, human, original, alone=len(rows) == 1) for row in rows]
    bad = [one for one in failures if one.is_bounce]
    ordered = bad + [one for one in failures if not one.is_bounce]
    return _report(ordered[0], tuple(ordered[1:]))


def _judged(row: Recipient, human: str, original: Original, *, alone: bool) -> Failure:
    """Judge one recipient of a report."""
    near = plainly.near(human, row.address) if human else ""
    said = row.diagnostic or near
    status = _status(row.status, said)
    if row.action in _DELIVERED or (status.startswith("2") and row.action != "failed"):
        return replace(_no_failure("delivered", row.address, said), status=status or None)
    code = reasons.code_in(said)
    reason = _reason(said, status, code)
    if reason in {"other", "temporary"} and near and said != near:
        second = reasons.by_words(plainly.bare(near))
        reason = second if second is not None and _weak(row.diagnostic) else reason
    if (
        reason == "other"
        and alone
        and (third := reasons.by_words(plainly.bare(human[:3000]))) is not None
    ):
        reason = third
    context = reasons.Context(f"{said}\n{near}", status, row.address, typed=True)
    reason = reasons.settle(reason, said, context)
    if row.action == "delayed":
        reason = reason if reason not in reasons.HARD else "temporary"
    return _failure(row, reason, status, code, said or human, original)


def _weak(diagnostic: str) -> bool:
    """A diagnosis without words of its own: empty, a bare code, `delivery failed`."""
    return (
        len(re.sub(r"[\W\d_]+", "", diagnostic)) < 25
        or reasons.by_words(plainly.bare(diagnostic)) is None
    )


def _failure(
    row: Recipient, reason: Reason, status: str, code: str, said: str, original: Original
) -> Failure:
    action = row.action if row.action in {"failed", "delayed"} else "failed"
    return Failure(
        is_bounce=True,
        kind="hard" if reason in reasons.HARD else "soft",
        status=status or None,
        recipient=_label(row.address or original.to),
        reason=reason,
        code=code or None,
        text=_short(said),
        action="delayed" if action == "delayed" else "failed",
    )


def _reason(said: str, status: str, code: str) -> Reason:
    return reasons.judge(plainly.bare(said), status, code)


def _status(given: str, said: str) -> str:
    """The report's status; a vague one (x.0.0) gives way to the one inside the SMTP text."""
    found = re.match(r"[245]\.\d{1,3}\.\d{1,3}", given)
    inside = reasons.status_in(said)
    if found is None:
        return inside
    if found.group()[1:] == ".0.0" and inside and inside[0] == found.group()[0]:
        return inside
    return found.group()


def _by_feedback(case: Suspect, original: Original) -> Bounce | None:
    """ARF: somebody called our mail spam."""
    report_type = case.root.params.get("report-type", "").lower()
    body = case.body({"message/feedback-report"})
    found = body is not None or report_type == "feedback-report"
    found = found or "x-hmxmroriginalrecipient" in case.header
    found = found or systems.UNSUBSCRIBE.search(case.text[:300]) is not None
    if (
        not found
        and case.root.media == "multipart/report"
        and not case.parts.keys() & (STATUS_PARTS | READ_PARTS)
    ):
        found = systems.FEEDBACK.search(case.head.subject + " " + case.text[:2000]) is not None
    if not found:
        return None
    recipient = ""
    for fields in reports.blocks(body or ""):
        recipient = recipient or reports.address(fields.get("original-rcpt-to", ""))
    return _report(_no_failure("feedback", recipient or original.to, case.text))


def _by_disposition(case: Suspect, _original: Original) -> Bounce | None:
    """MDN: somebody's program says that our mail was read (or deleted unread)."""
    body = case.body(READ_PARTS)
    if body is None:
        return None
    recipient = ""
    for fields in reports.blocks(body):
        recipient = recipient or reports.address(fields.get("final-recipient", ""))
    return _report(_no_failure("read", recipient, case.text))


def _by_notification(case: Suspect, original: Original) -> Bounce | None:
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
        return _report(
            replace(_no_failure("delivered", rows[0].address if rows else "", said), status=status)
        )
    failures = [_judged(row, "", original, alone=False) for row in rows]
    return _report(failures[0], tuple(failures[1:])) if failures else None


def _by_vacation(case: Suspect, _original: Original) -> Bounce | None:
    """RFC 3834: an answering program, not a failure."""
    said = words.raw_text(case.header.get("auto-submitted", b""), words.Context(Defects())).lower()
    if "multipart/report" in case.parts or "x-failed-recipients" in case.header:
        return None
    author = case.head.author
    daemon = author is not None and systems.SENDER.search(f"{author.name} {author.address}")
    failure = daemon or systems.SUBJECT.search(case.head.subject)
    if failure and not auto.VACATION.match(case.head.subject):
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


def _by_text(case: Suspect, original: Original) -> Bounce | None:
    """Reports in plain words: a daemon's sender or subject, a sentence of failure, an address."""
    author = case.head.author
    named = f"{author.name} {author.address}" if author else ""
    sender = systems.SENDER.search(named) is not None or not (author and author.address)
    null = case.header.get("return-path", b"x").replace(b" ", b"") == b"<>"
    subject = systems.SUBJECT.search(case.head.subject) is not None
    failed = "x-failed-recipients" in case.header
    daemon = re.search(r"(?i)mailer-?daemon|po+st_?master", named) is not None
    if daemon and reasons.core(case.text) and reasons.by_words(plainly.bare(case.text[:3000])):
        return _by_words(case, original, suspect.human(case.text))
    signs = sender + null + subject + (sender and suspect.enclosed_part(case) is not None)
    if not failed and signs < 2:
        return None
    human = suspect.human(case.text)
    if not failed and systems.SENTENCE.search(human[:5000]) is None and not subject:
        return None
    return _by_words(case, original, human)


def _by_words(case: Suspect, original: Original, human: str) -> Bounce | None:
    rows = plainly.rows(case, human)
    if not rows and (inner := suspect.inner_report(case)):
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
            reason = reasons.by_words(plainly.bare(human[:6000])) or reason
            status, code = status or reasons.status_in(human), code or reasons.code_in(human)
        context = reasons.Context(said, status, row.address, typed=False)
        reason = reasons.settle(reason, said, context)
        if len(rows) == 1 and reason in reasons.HARD | {"other"} and _is_delay(case, human):
            reason, row.action = "temporary", "delayed"
        failures.append(_failure(row, reason, status, code, said, original))
    return _report(failures[0], tuple(failures[1:]))


def _is_delay(case: Suspect, human: str) -> bool:
    subject = case.head.subject.lower()
    return ("delay" in subject or "warning" in subject) and systems.DELAYED.search(
        human
    ) is not None


_RULES = (
    (_by_notification, "a mail service's JSON note"),
    (_by_feedback, "a feedback report (RFC 5965)"),
    (_by_status_part, "a delivery-status part (RFC 3464)"),
    (_by_disposition, "a disposition notification (RFC 8098)"),
    (_by_vacation, "an answering program (RFC 3834)"),
    (_by_text, "a mail system's plain words"),
)
