"""What an SMTP answer means for the mail: the error classes, decided from code and text alone."""

import re

from polyphony.domain.failure import AccountBroken, Permanent, SendFailure, Temporary, TooFast

ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# 5.1.7 and 5.1.8 speak of our own address, 5.1.4 and 5.1.5 of nothing lasting.
DEAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
NOBODY = re.compile(
    r"user unknown|unknown (?:user|recipient|mailbox|address)|no such (?:user|recipient|mailbox|"
    r"address|person|account)|(?:user|recipient|mailbox|address|account) (?:does not exist|"
    r"doesn'?t exist|not found|is unknown|unknown)|invalid (?:recipient|mailbox|user)|"
    r"no mailbox here",
    re.IGNORECASE,
)
FULL = re.compile(r"over ?quota|quota exceeded|(?:mailbox|storage) (?:is )?full", re.IGNORECASE)
HURRY = re.compile(
    r"too many|rate.?limit|throttl|too fast|too quickly|slow down|quota of messages|"
    r"(?:sending|message|submission) limit",
    re.IGNORECASE,
)
WAIT = re.compile(r"(?:in|after|for|wait)\s+(\d{1,5})\s*(s\b|sec|min)", re.IGNORECASE)
WAIT_BY_DEFAULT_S = 60.0
SIGN_IN = frozenset({530, 534, 535, 538})


def failure(stage: str, code: int, text: str) -> SendFailure:
    """Return the class of a refusal.

    ``stage`` is where the server said it: greeting, sign_in, sender, recipient, data or verdict.
    """
    found = ENHANCED.search(text)
    status = ".".join(found.groups()) if found else ""
    detail = f"{code} {text}".replace("\n", " ")
    if stage == "sign_in" and code >= 500:
        return AccountBroken("sign_in_refused", detail)
    if code < 500:
        return _later(code, text, status, detail)
    if code in SIGN_IN and stage != "recipient":
        return AccountBroken("sign_in_refused", detail)
    if stage in {"greeting", "sender"} and code != 552:
        return _own_end(stage, status, detail)
    return _never(code, text, status, detail)


def _later(code: int, text: str, status: str, detail: str) -> SendFailure:
    if not 400 <= code < 500:
        return Temporary("smtp_nonsense", detail)
    if (code == 421 and not status.startswith("4.3")) or HURRY.search(text) or status == "4.7.28":
        asked = WAIT.search(text)
        seconds = float(asked[1]) * (60 if asked[2].lower() == "min" else 1) if asked else 0.0
        return TooFast("too_fast", seconds or WAIT_BY_DEFAULT_S, detail)
    return Temporary("smtp_later", detail)


def _own_end(stage: str, status: str, detail: str) -> SendFailure:
    if stage == "greeting":
        return AccountBroken("server_refuses_us", detail)
    if status in {"5.7.0", "5.7.1", "5.7.8", "5.7.60", "5.7.57"}:
        return AccountBroken("sender_refused", detail)
    return Permanent("sender_refused", detail)


def _never(code: int, text: str, status: str, detail: str) -> SendFailure:
    if status == "5.2.2" or (not status and FULL.search(text)):
        return Temporary("mailbox_full", detail)
    if code == 552 or status in {"5.3.4", "5.2.3"}:
        return Permanent("too_big", detail)
    if status in DEAD_ADDRESS or (not status and NOBODY.search(text)):
        return Permanent("address_unknown", detail, address_bad=True)
    if status.startswith("5.7") or HURRY.search(text):
        return Permanent("refused_by_policy", detail)
    return Permanent("refused", detail)
