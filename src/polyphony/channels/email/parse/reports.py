"""Machine-readable report parts: the fields of delivery-status, feedback and disposition parts."""

import json
import re
from dataclasses import dataclass, field

_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(.*)$")
_TYPED = re.compile(
    r"^\s*(?:rfc\s*822|utf-?8|smtp|x-?\w+|unknown|dns|system)\s*;\s*", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s<>@\"(),;:]{1,128}@[^\s<>@\"(),;:]{1,255}")
_RECIPIENTS = {"final-recipient", "original-recipient"}
_MAX_BLOCKS = 200
_LENIENT = json.JSONDecoder(strict=False)  # long lines were folded on the way

Fields = dict[str, str]


@dataclass(slots=True)
class Recipient:
    """What a report says about one recipient, before it is judged."""

    address: str = ""
    action: str = ""
    status: str = ""
    diagnostic: str = ""
    near: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Fields]:
    """Split a report part into its groups of fields; folded lines are joined."""
    out: list[Fields] = []
    current: Fields = {}
    last = ""
    for line in text.replace("\r", "").split("\n")[:20_000]:
        hit = _FIELD.match(line)
        if not line.strip():
            current, last = _closed(out, current), ""
        elif hit is None:
            if last:  # folded, or a line the program forgot to fold
                current[last] += " " + line.strip()
        else:
            last = hit.group(1).lower()
            if last in _RECIPIENTS and last in current:
                current = _closed(out, current)  # the empty line between recipients is missing
            current.setdefault(last, hit.group(2).strip())
    _closed(out, current)
    return out[:_MAX_BLOCKS]


def _closed(out: list[Fields], current: Fields) -> Fields:
    if current:
        out.append(current)
    return {}


def typed(value: str) -> str:
    """Return a typed field without its type: `rfc822; a@b` → `a@b`."""
    return _TYPED.sub("", value, count=1).strip()


def address(value: str) -> str:
    """Return the address in a recipient field, or what stands there."""
    found = _ADDRESS.search(value)
    return found.group().strip(".'") if found else typed(value).strip("<> ")


def recipients(text: str) -> list[Recipient]:
    """Return the recipients of a delivery-status part in order, merged when named twice."""
    out: list[Recipient] = []
    for fields in blocks(text):
        if not fields.keys() & {"final-recipient", "original-recipient", "x-actual-recipient"}:
            vague = not out or not fields.keys() & {"action", "status", "diagnostic-code"}
            if vague and fields.keys() >= {"status", "action"}:
                out.append(_one(fields))
            if vague:
                continue
        one = _one(fields)
        same = next((r for r in out if one.address and r.address == one.address), None)
        if same is None and not one.address and out:
            same = out[-1]
        if same is None:
            out.append(one)
        else:
            same.action = same.action or one.action
            same.status = same.status or one.status
            same.diagnostic = same.diagnostic or one.diagnostic
    return out


def _one(fields: Fields) -> Recipient:
    original = address(fields.get("original-recipient", ""))
    final = address(fields.get("final-recipient") or fields.get("x-actual-recipient", ""))
    diagnostic = typed(fields.get("diagnostic-code", ""))
    for extra in ("x-supplementary-info", "x-supplementary-information", "x-postfix-reason"):
        if not diagnostic and extra in fields:
            diagnostic = typed(fields[extra])
    return Recipient(
        address=original if "@" in original else final,
        action=fields.get("action", "").split(" ")[0].strip(" ;.").lower(),
        status=fields.get("status", "").split("(")[0].strip(),
        diagnostic=diagnostic,
    )


def notification(text: str) -> tuple[str, list[Recipient]] | None:
    """Read the JSON some providers send instead of a report: (bounce|delivery|complaint, rows)."""
    start = text.find("{")
    if start < 0 or "notificationType" not in text[:200_000]:
        return None
    try:
        found, _ = _LENIENT.raw_decode(text[start:])
        inner = found.get("Message") if isinstance(found, dict) else None
        found = _LENIENT.decode(inner) if isinstance(inner, str) else found
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    kind = str(found.get("notificationType", "")).lower()
    about = found.get(kind)
    return (kind, _rows(about)) if isinstance(about, dict) else None


def _rows(about: dict[str, object]) -> list[Recipient]:
    given = about.get("bouncedRecipients") or about.get("complainedRecipients")
    if given is None:
        given = about.get("recipients")
    out: list[Recipient] = []
    for one in given[:_MAX_BLOCKS] if isinstance(given, list) else []:
        said = one if isinstance(one, dict) else {"emailAddress": one}
        out.append(
            Recipient(
                address=str(said.get("emailAddress", "")),
                action=str(said.get("action", "")),
                status=str(said.get("status", "")),
                diagnostic=typed(
                    str(said.get("diagnosticCode") or about.get("smtpResponse") or "")
                ),
            )
        )
    return out
