"""Score the mail reader against the development data named by POLYPHONY_DEV_DATA."""

import argparse
import hashlib
import json
import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from polyphony.channels.email.parse import Limits, ReadMail
from polyphony.channels.email.parse.html import clean
from polyphony.channels.email.parse.read import Reading
from polyphony.channels.email.parse.trim import reply
from polyphony.channels.email.parse.visible import text as visible_text

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data"
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_WORD = re.compile(r"\w+")
_REASONS = {
    "userunknown": "unknown_recipient",
    "hostunknown": "unknown_domain",
    "hasmoved": "moved",
    "notaccept": "no_mail_service",
    "mailboxfull": "mailbox_full",
    "systemfull": "mailbox_full",
    "suspend": "disabled",
    "filtered": "filtered",
    "mesgtoobig": "too_big",
    "exceedlimit": "too_big",
    "rejected": "sender_refused",
    "blocked": "sender_refused",
    "authfailure": "sender_refused",
    "requireptr": "sender_refused",
    "badreputation": "sender_refused",
    "securityerror": "sender_refused",
    "norelaying": "sender_refused",
    "spamdetected": "content_refused",
    "virusdetected": "content_refused",
    "contenterror": "content_refused",
    "policyviolation": "content_refused",
    "notcompliantrfc": "content_refused",
    "expired": "temporary",
    "networkerror": "temporary",
    "systemerror": "temporary",
    "toomanyconn": "temporary",
    "speeding": "temporary",
    "mailererror": "other",
    "onhold": "other",
    "undefined": "other",
    "syntaxerror": "other",
    "feedback": "feedback",
    "delivered": "delivered",
    "vacation": "vacation",
}


def data_folder() -> Path:
    """Return where the development data is; it may be absent."""
    return Path(os.environ.get("POLYPHONY_DEV_DATA") or DEFAULT)


def expected(name: str) -> Iterator[dict[str, Any]]:
    """Yield the known answers of one set."""
    path = data_folder() / name / "expected.jsonl"
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            yield json.loads(line)


def read(raw: bytes) -> ReadMail:
    """Read one mail with the bytes of its files kept."""
    return Reading(raw, Limits(), frozenset()).finish(keep=True, file="")


def _bag(text: str) -> Counter[str]:
    plain = _LINK.sub(" ", unicodedata.normalize("NFKC", text))
    return Counter(_WORD.findall(plain.lower()))


def _covers(wanted: str, found: str) -> bool:
    want, have = _bag(wanted), _bag(found)
    total = sum(want.values())
    return total == 0 or sum((want & have).values()) >= 0.95 * total


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _digest(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()


def _name(text: str) -> str:
    return _flat(text).strip("\"'").lower()


def mail_faults(want: dict[str, Any], got: ReadMail) -> list[str]:
    """Return the fields of one development mail that are not as expected."""
    faults: list[str] = []
    author = got.from_
    simple = {
        "from_address": (author.address if author else "").lower(),
        "from_name": _name(author.name) if author else "",
        "subject": _flat(got.subject),
        "message_id": got.message_id,
        "date": got.date,
    }
    for key, have in simple.items():
        expect = want[key]
        if expect is None:
            continue
        expect = {"from_address": str.lower, "from_name": _name, "subject": _flat}.get(key, str)(
            expect
        )
        if expect != have:
            faults.append(f"{key}: {have!r} instead of {expect!r}")
    for key in ("to", "cc", "reply_to"):
        have_list = sorted(one.address.lower() for one in getattr(got, key) if one.address)
        if want[key] is not None and sorted(map(str.lower, want[key])) != have_list:
            faults.append(f"{key}: {have_list} instead of {want[key]}")
    faults += _body_faults(want, got)
    return faults + _file_faults(want, got)


def _body_faults(want: dict[str, Any], got: ReadMail) -> list[str]:
    if want["body"] is None:
        return []
    body = visible_text(clean(want["body"])) if want["body_is_html"] else want["body"]
    seen = (got.text, visible_text(got.html_safe or ""))
    if any(_covers(body, one) for one in seen):
        return []
    return [f"body: {got.text[:300]!r} instead of {body[:300]!r}"]


def _file_faults(want: dict[str, Any], got: ReadMail) -> list[str]:
    faults: list[str] = []
    left = list(got.attachments)
    for one in want["attachments"]:
        digests = {one.get("sha256"), one.get("text_sha256")} - {None}
        hit = next(
            (a for a in left if a.sha256 in digests or _text_digests(a.data) & digests), None
        )
        if hit is None:
            if one.get("text") and _covers(one["text"], got.text):
                continue
            faults.append(f"attachment missing: {one.get('filename')} {str(one)[:150]}")
            continue
        left.remove(hit)
        if one.get("filename") is not None and one["filename"] != hit.filename:
            faults.append(f"filename: {hit.filename!r} instead of {one['filename']!r}")
    return faults


def _text_digests(data: bytes) -> set[str]:
    return {_digest(data), _digest(data.decode("latin-1").encode())}


def judge_mail(*, loud: bool) -> tuple[int, int]:
    """Return how many development mails are right in every field, and of how many."""
    good = total = 0
    for one in expected("mail"):
        raw = (data_folder() / "mail" / one["file"]).read_bytes()
        faults = mail_faults(one["expect"], read(raw))
        total += 1
        good += not faults
        if faults and loud:
            print("MAIL", one["id"], *faults, sep="\n   ")
    return good, total


def bounce_counts(*, loud: bool) -> Counter[str]:
    """Count what the reader makes of the development bounces."""
    seen: Counter[str] = Counter()
    for one in expected("bounces"):
        raw = (data_folder() / "bounces" / one["file"]).read_bytes()
        got = read(raw)
        report = got.bounce
        seen["auto"] += got.auto_submitted.is_auto
        seen["mails"] += 1
        wanted = one["expect"]
        if wanted[0]["reason"] in {"feedback", "delivered", "vacation"}:
            _count_report(seen, got, wanted, one["id"], loud=loud)
            continue
        seen["bounces"] += 1
        seen["recognised"] += report is not None and report.is_bounce
        failures = (report, *report.others) if report is not None else ()
        note = _count_bounce(seen, failures, wanted)
        if note and loud:
            print("BOUNCE", one["id"], note, "want", _short(wanted))
            print(
                "      got",
                [(f.reason, f.kind, f.status, f.recipient, f.text[:150]) for f in failures],
            )
    return seen


def _short(wanted: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(w["reason"], w["hard"], w["status"], w["code"]) for w in wanted]


def _count_report(
    seen: Counter[str], got: ReadMail, wanted: list[dict[str, Any]], name: str, *, loud: bool
) -> None:
    seen["reports"] += 1
    report = got.bounce
    good = report is not None and not report.is_bounce and report.reason == wanted[0]["reason"]
    seen["reports_right"] += good
    seen["reports_hard"] += report is not None and report.kind == "hard"
    if not good and loud:
        print("REPORT", name, _short(wanted), report)


def _count_bounce(
    seen: Counter[str], failures: tuple[Any, ...], wanted: list[dict[str, Any]]
) -> str:
    hard = any(f.kind == "hard" for f in failures)
    want_hard = any(one["hard"] for one in wanted)
    right = bool(failures) and hard == want_hard
    seen["kind_right"] += right
    seen["soft"] += not want_hard
    seen["soft_called_hard"] += hard and not want_hard
    reason = bool(failures) and failures[0].reason == _REASONS[wanted[0]["reason"]]
    seen["reason_right"] += reason
    seen["rows"] += len(wanted)
    seen["rows_found"] += min(len(wanted), len(failures))
    status = wanted[0]["status"]
    if status and not re.fullmatch(r"[45]\.0\.9\d\d", status):
        seen["status_asked"] += 1
        seen["status_right"] += bool(failures) and failures[0].status == status
    return "" if right and reason else ("KIND" if not right else "reason")


def _unquoted(text: str) -> str:
    """The words the person wrote; two expected texts keep quoted lines, our rule does not."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(">"))


def judge_trim(*, loud: bool) -> tuple[int, int, int, int]:
    """Return exact trims, cases, own words kept and own words to keep."""
    folder = data_folder() / "trim"
    exact = cases = kept = words = 0
    for path in sorted((folder / "emails").glob("*.txt")):
        body = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        want = (folder / "trimmed" / path.name).read_text(encoding="utf-8")
        got = reply(body, None, html_only=False).text
        cases += 1
        exact += _flat(got) == _flat(want)
        own = _unquoted(want)
        kept += sum((_bag(own) & _bag(got)).values())
        words += sum(_bag(own).values())
        if _flat(got) != _flat(want) and loud:
            print("TRIM", path.name, "\n--- got\n", got, "\n--- want\n", want, sep="")
    return exact, cases, kept, words


def main() -> int:
    """Print the scores; exit 1 when the data is absent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=["mail", "trim", "bounces"])
    parser.add_argument("--loud", action="store_true", help="show every fault")
    options = parser.parse_args()
    if not data_folder().is_dir():
        print("no development data: set POLYPHONY_DEV_DATA")
        return 1
    if "mail" in options.sets:
        good, total = judge_mail(loud=options.loud)
        print(f"mail: {good} of {total} right in every field ({good / total:.1%})")
    if "trim" in options.sets:
        exact, cases, kept, words = judge_trim(loud=options.loud)
        kept_share = f"{kept / words:.2%}"
        print(f"trim: {exact} of {cases} exact ({exact / cases:.1%}), own words kept {kept_share}")
    if "bounces" in options.sets:
        print("bounces:", dict(bounce_counts(loud=options.loud)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
