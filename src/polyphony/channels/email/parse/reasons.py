"""What a refusal means: from the words of the server, its status, its code (§8)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from polyphony.channels.email.parse.refusals import TABLES
from polyphony.channels.email.parse.shape import Reason

_COMPILED: tuple[tuple[Reason, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(words, re.IGNORECASE)) for reason, words in TABLES
)

# Signs that the address was looked up before any content was sent.
_LOOKED_UP = re.compile(
    r"rcpt|like recipient|\(000[0-9A-F]{5}\)|final delivery userid|not listed in|resolver\."
    r"|check if (?:the )?address is correct|address (?:could ?n[o']t be|not) found"
    r"|(?<![\d.])5\.1\.(?:0|1|2|3|6|10)(?!\d)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"(?<![\d.])55\d(?![\d.])", re.IGNORECASE)
_AFTER_DATA = re.compile(
    r"(?:in reply to|after|response to) (?:the )?(?:end of )?data\b|>>> data\s+<<< 5|\[data\]",
    re.IGNORECASE,
)
_AFTER_SENDER = re.compile(
    r"(?:after|in reply to|response to) (?:pipelined )?mail from", re.IGNORECASE
)
_GENERIC = re.compile(r"user (?:is )?unknown|unknown user|no such user", re.IGNORECASE)
# Mobile carriers that say "user unknown" when the owner's own filter refuses the sender; one that
# names the address in brackets means it.
_CARRIERS = re.compile(
    r"@(?:[a-z0-9-]+\.)*(?:ezweb\.ne\.jp|au\.com|docomo\.ne\.jp|softbank\.(?:ne\.)?jp|"
    r"i\.softbank\.jp|vodafone\.ne\.jp|disney\.ne\.jp|mineo\.jp|uqmobile\.jp)\b",
    re.IGNORECASE,
)
_BY_STATUS: dict[str, Reason] = {
    "1.1": "unknown_recipient",
    "1.2": "unknown_domain",
    "1.3": "unknown_recipient",
    "1.4": "unknown_recipient",
    "1.6": "moved",
    "1.7": "sender_refused",
    "1.8": "sender_refused",
    "1.9": "sender_refused",
    "1.10": "no_mail_service",
    "2.1": "disabled",
    "2.2": "mailbox_full",
    "2.3": "too_big",
    "3.1": "mailbox_full",
    "3.4": "too_big",
    "4.1": "temporary",
    "4.4": "unknown_domain",
    "4.6": "temporary",
    "4.7": "temporary",
    "6.0": "content_refused",
    "7.0": "sender_refused",
    "7.1": "sender_refused",
}
_BY_CODE: dict[str, Reason] = {
    "521": "no_mail_service",
    "525": "disabled",
    "530": "sender_refused",
    "535": "sender_refused",
    "551": "moved",
    "552": "mailbox_full",
    "556": "no_mail_service",
    "421": "temporary",
    "450": "temporary",
    "451": "temporary",
    "452": "mailbox_full",
}
HARD: frozenset[Reason] = frozenset(
    {"unknown_recipient", "unknown_domain", "moved", "no_mail_service"}
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.:/\[-])([2-5][0-5]\d)(?=[ -]|$|\))")


@lru_cache(maxsize=2048)
def by_words(text: str) -> Reason | None:
    """Return the reason the words of a server name, None when they say nothing."""
    for reason, words in _COMPILED:
        if words.search(text):
            return reason
    return None


def judge(text: str, status: str, code: str) -> Reason:
    """Return the reason of one failure from its words, then its status, then its code."""
    found = by_words(core(text)) or by_words(text[:2000]) if text else None
    if status.startswith("4") and found in {"filtered", "other"}:
        return "temporary"
    if status == "5.1.6" and found in {"unknown_recipient", "filtered", None}:
        return "moved"
    if found is not None and not (found == "temporary" and status.startswith("5.1.")):
        return found
    return _by_numbers(status, code) or found or _by_code(code)


def _by_numbers(status: str, code: str) -> Reason | None:
    """What the enhanced status says, when the words say nothing."""
    if status.startswith("4"):
        return "mailbox_full" if status[2:] == "2.2" or code == "452" else "temporary"
    if not status.startswith("5"):
        return None
    if (known := _BY_STATUS.get(status[2:])) is not None:
        return known
    return {"7": "sender_refused", "6": "content_refused"}.get(status[2:3])  # type: ignore[return-value]


def _by_code(code: str) -> Reason:
    if (known := _BY_CODE.get(code)) is not None:
        return known
    return "temporary" if code.startswith("4") else "other"


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around the words of a server: the report's text, status, recipient, form."""

    around: str
    status: str
    address: str
    typed: bool


def settle(reason: Reason, said: str, context: Context) -> Reason:
    """Call an address dead only on good evidence: a wrong "hard" costs a customer.

    A temporary status is never hard; a security status or an answer to MAIL FROM is about the
    sender; "user unknown" after DATA, from carriers with filters, or without a sign that the
    address was looked up is the owner's filter.
    """
    status = context.status
    if reason not in HARD:
        return reason
    if status.startswith("4"):
        return "temporary"
    if _AFTER_SENDER.search(context.around) or status in {"5.1.7", "5.1.8", "5.1.9"}:
        return "sender_refused"
    if reason != "unknown_recipient":
        return reason
    if status.startswith("5.7."):
        return "sender_refused"
    return reason if _dead(said, context) else "filtered"


def _dead(said: str, context: Context) -> bool:
    around, status, address = context.around, context.status, context.address.lower()
    if status == "5.1.1":
        return True
    if _CARRIERS.search(address):
        return f"<{address}>: user unknown" in around.lower()
    if _AFTER_DATA.search(around) and _GENERIC.search(said):
        return False
    if status == "5.2.1":
        return re.search(r"(?i)rcpt|like recipient", around) is not None
    if _LOOKED_UP.search(f"{around} {status}"):
        return True
    return context.typed and _ANSWERED.search(said) is not None


def core(text: str) -> str:
    """Return the words of the remote server in a report: from its answer code on."""
    found = _ANSWER.search(text[:6000])
    if found is None:
        return ""
    piece = text[found.start() : found.start() + 700]
    return piece.split("  ")[0] if "\n" not in piece else piece.split("\n\n")[0]


_ANSWER = re.compile(
    r"(?<![\d.:/\[-])[45][0-5]\d[ -](?![\d.]*\])|(?<![\d.\[])[45]\.\d{1,3}\.\d{1,3}\b"
)


def status_in(text: str) -> str:
    """Return the first RFC 3463 status of a failure in an SMTP text, or an empty string."""
    for found in _STATUS.finditer(text[:2000]):
        return found.group()
    return ""


def code_in(text: str) -> str:
    """Return the SMTP answer code in a text, or an empty string."""
    for found in _CODE.finditer(text[:2000]):
        if found.group(1)[0] in "45":
            return found.group(1)
    return ""
