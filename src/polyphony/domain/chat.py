"""Chat: what a visitor may send, how he proves who he is, when his answers go on by e-mail."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from polyphony.domain.errors import Invalid, NotAuthenticated
from polyphony.domain.fold import fold

TEXT_MAX = 10_000
FILE_MAX_BYTES = 25 * 1024 * 1024
FILES_MAX = 20
MESSAGES_PER_MINUTE = 20
SESSIONS_PER_HOUR = 60
TICKET_S = 30
RESUME = timedelta(days=30)
ABSENT = timedelta(seconds=120)
IDLE = timedelta(minutes=5)
READ_AFTER_S = 1  # how long a line must be visible before it counts as read; the widget keeps it

TOKEN_LIFE = timedelta(hours=1)
SKEW = timedelta(seconds=60)

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 3
CODES_PER_HOUR = 3
CODES_PER_DAY = 10
PROVED_NOW = 3
CONTROLLED = 2

ATTRIBUTES_MAX = 30
OPINION_MAX = 2_000
SOUGHT_MAX = 8
STEM = 4
LINK_LIFE = timedelta(hours=24)
LINKS_PER_HOUR = 10
TRANSCRIPTS_PER_HOUR = 3

_NAME_MAX = 200
_KEY_MAX = 200
_MAC_HEX = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+"
)
_HOST_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")


class How(StrEnum):
    """How a visitor proved who he is when his session began."""

    ANONYMOUS = "anonymous"
    HMAC = "hmac"
    JWT = "jwt"
    LINK = "link"


class Enforce(StrEnum):
    """Whom an account lets in: everybody, no unproved names, or nobody without proof."""

    OFF = "off"
    IDENTIFIED = "identified"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who stands at the widget.

    ``key`` is unique inside the account (empty: a newcomer, the flow draws one). ``email`` is only
    a claim unless ``email_proved``. ``assurance`` on the scale of levels 0 to 4.
    """

    key: str
    how: How
    assurance: int
    name: str = ""
    email: str = ""
    email_proved: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a visitor, checked.

    It goes on in ``case``, begins or goes on in the ``matter`` the widget drew an id for, or (with
    neither) goes on in the visitor's newest open chat.
    """

    cid: UUID
    text: str
    files: tuple[UUID, ...]
    case: UUID | None = None
    matter: UUID | None = None


def said(body: object) -> Said:
    """Check one line of a visitor; raise Invalid naming the field."""
    if not isinstance(body, Mapping):
        raise Invalid("chat.body")
    text = body.get("text", "")
    if not isinstance(text, str):
        raise Invalid("chat.text")
    text = clean(text)
    if len(text) > TEXT_MAX:
        raise Invalid("chat.text_too_long", {"max": TEXT_MAX, "length": len(text)})
    files = _ids(body.get("files", ()))
    if not text and not files:
        raise Invalid("chat.empty")
    case, matter = (
        None if body.get(name) is None else _id(body[name], f"chat.{name}")
        for name in ("case", "matter")
    )
    return Said(_id(body.get("cid"), "chat.cid"), text, files, case, matter)


def clean(text: str) -> str:
    """Return the text as NFC without U+0000 and surrounding white space."""
    return unicodedata.normalize("NFC", text.replace("\x00", "")).strip()


def label(value: object, longest: int = _NAME_MAX) -> str:
    """Return a display name: one line, printable, bounded; empty for anything but text."""
    if not isinstance(value, str):
        return ""
    kept = "".join(c if c.isprintable() else " " for c in clean(value)[: 4 * longest])
    return " ".join(kept.split())[:longest]


def address(value: object) -> str:
    """Return an e-mail address in the form identities use; raise Invalid when it is none."""
    text = clean(value).lower() if isinstance(value, str) else ""
    host = text.rpartition("@")[2]
    labels = host.split(".")
    fits = len(text) <= 254 and _ADDRESS.fullmatch(text) is not None
    if not fits or len(labels) < 2 or not all(_HOST_LABEL.fullmatch(part) for part in labels):
        raise Invalid("chat.address")
    return text


def algorithm(header: Mapping[str, object], keys: Sequence[str]) -> str:
    """Return the algorithm of a token when the account has a key for it; raise NotAuthenticated.

    ``keys`` are the algorithms the account can check. The name is compared exactly, so neither
    ``none`` nor the public key taken for a secret ever gets near a signature check.
    """
    wanted = header.get("alg")
    if wanted not in ("HS256", "RS256") or wanted not in keys or "crit" in header:
        raise NotAuthenticated("chat.token_algorithm")
    return str(wanted)


def visitor_of(
    claims: Mapping[str, object], audience: str, at: datetime, *, trusts_email: bool
) -> Visitor:
    """Read the claims of a token whose signature is right; raise NotAuthenticated with the reason.

    ``audience`` is the public key of the account; ``trusts_email`` = the account vouches that its
    tokens carry verified addresses only.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _KEY_MAX:
        raise NotAuthenticated("chat.token_subject")
    aud = claims.get("aud")
    audiences = aud if isinstance(aud, list) else [aud]
    if audience not in audiences:
        raise NotAuthenticated("chat.token_audience")
    _check_life(claims, at)
    email = _claimed(claims.get("email"))
    proved = bool(email) and trusts_email and claims.get("email_verified") is not False
    return Visitor(
        key=customer_key(subject),
        how=How.JWT,
        assurance=PROVED_NOW,
        name=label(claims.get("name")),
        email=email,
        email_proved=proved,
        language=language(claims.get("language")),
    )


def identified(user: Mapping[str, object], *, proved: bool) -> Visitor:
    """Read what a page says about its visitor; ``proved`` = the MAC of the id was right.

    Without proof the id sets nothing: name and address stay claims of a newcomer.
    """
    name, email = label(user.get("name")), _claimed(user.get("email"))
    if not proved:
        return Visitor("", How.ANONYMOUS, 0, name, email)
    subject = user.get("id")
    if not isinstance(subject, str) or not 0 < len(subject) <= _KEY_MAX:
        raise NotAuthenticated("chat.user_id")
    return Visitor(customer_key(subject), How.HMAC, CONTROLLED, name, email)


def mac_of(user: Mapping[str, object]) -> str | None:
    """Return the MAC a page gave (64 hex digits), None without one; raise when malformed."""
    given = user.get("hash")
    if given is None or given == "":
        return None
    if not isinstance(given, str) or not _MAC_HEX.fullmatch(given.lower()):
        raise NotAuthenticated("chat.user_hash")
    return given.lower()


def admit(visitor: Visitor, enforce: Enforce, *, named: bool) -> None:
    """Raise NotAuthenticated when the account lets nobody in like this.

    ``named`` = the page called the visitor by an id; off: it stays a claim.
    """
    if visitor.how is not How.ANONYMOUS or enforce is Enforce.OFF:
        return
    if named or enforce is Enforce.ALL:
        raise NotAuthenticated("chat.proof_needed", {"enforce": enforce.value})


def still_admitted(how: str, enforce: Enforce) -> bool:
    """Tell whether a session begun earlier may go on under what the account demands now."""
    return enforce is not Enforce.ALL or how in (How.HMAC, How.JWT)


def attributes(value: object) -> dict[str, str]:
    """Return what a page says of its visitor: at most 30 short lines; everything else is left."""
    if not isinstance(value, Mapping):
        return {}
    kept = {
        label(name, 60): label(str(one) if isinstance(one, int | float) else one)
        for name, one in list(value.items())[:ATTRIBUTES_MAX]
        if isinstance(one, str | int | float)
    }
    return {name: one for name, one in kept.items() if name and one}


def score(value: object) -> int:
    """Return how many of five stars were given; raise Invalid for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise Invalid("chat.score", {"min": 1, "max": 5})
    return value


def opinion(value: object) -> str:
    """Return the words beside the stars, cut where they end to be an opinion."""
    return clean(value)[:OPINION_MAX] if isinstance(value, str) else ""


def customer_key(subject: str) -> str:
    """Return the address of a named customer inside his account."""
    return f"u:{subject}"


def newcomer_key(drawn: UUID) -> str:
    """Return the address of a visitor nobody named."""
    return f"a:{drawn}"


def language(value: object) -> str:
    """Return one of our four languages, empty when it is none of them."""
    two = value[:2].lower() if isinstance(value, str) else ""
    return two if two in ("en", "cs", "pl", "ru") else ""


class Then(StrEnum):
    """What follows when we look whether a visitor is still there."""

    NOTHING = "nothing"  # he has read everything, or nothing was said
    WAIT = "wait"  # he may still be there: look again at ``until``
    MAIL = "mail"  # the unread answers go to his proved address
    ASK = "ask"  # the address is only typed: mail a code first, never the content
    KEEP = "keep"  # no address: the answers wait in the widget


@dataclass(frozen=True, slots=True)
class Absence:
    """Facts of one Interaction: when the oldest unread answer left, when the visitor was seen.

    ``asked`` = a code went to the typed address after that answer, ask no second time.
    """

    unread_since: datetime | None
    seen_at: datetime
    proved: bool
    typed: bool
    asked: bool = False


def absence(facts: Absence, at: datetime) -> tuple[Then, datetime | None]:
    """Decide what follows now, and until when to wait (only with WAIT)."""
    if facts.unread_since is None:
        return Then.NOTHING, None
    until = max(facts.unread_since, facts.seen_at) + ABSENT
    if at < until:
        return Then.WAIT, until
    if facts.proved:
        return Then.MAIL, None
    if facts.typed and not facts.asked:
        return Then.ASK, None
    return Then.KEEP, None


def idle_at(last_in: datetime | None, last_out: datetime | None) -> datetime | None:
    """Return when a live chat becomes asynchronous; None while the customer waits for us."""
    if last_out is None or (last_in is not None and last_in > last_out):
        return None
    return last_out + IDLE


def code_refusal(tries: int, expires_at: datetime, used_at: datetime | None, at: datetime) -> str:
    """Say why a mailed code counts no more (snake_case), empty while it does."""
    if used_at is not None:
        return "used"
    if at >= expires_at:
        return "expired"
    return "locked" if tries >= CODE_TRIES else ""


def _check_life(claims: Mapping[str, object], at: datetime) -> None:
    ends = _moment(claims.get("exp"))
    if ends is None:
        raise NotAuthenticated("chat.token_expiry")
    if at >= ends + SKEW:
        raise NotAuthenticated("chat.token_expired")
    if ends > at + TOKEN_LIFE + SKEW:
        raise NotAuthenticated("chat.token_too_long", {"max_s": int(TOKEN_LIFE.total_seconds())})
    begins = _moment(claims.get("nbf", 0))
    if begins is None or at + SKEW < begins:
        raise NotAuthenticated("chat.token_not_yet")


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _claimed(value: object) -> str:
    try:
        return address(value)
    except Invalid:
        return ""


def _ids(value: object) -> tuple[UUID, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > FILES_MAX:
        raise Invalid("chat.files", {"max": FILES_MAX})
    return tuple(_id(one, "chat.files") for one in value)


def _id(value: object, code: str) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) else UUID("")
    except ValueError:
        raise Invalid(code) from None


def sought(text: str) -> list[str]:
    """Return the stems an article is looked for by: long words, folded, their ends cut off.

    ``elektroměru`` finds ``elektroměr``: of a word longer than five letters the last two go.
    """
    found = [one for one in re.findall(r"[^\W\d_]+", fold(text)) if len(one) >= STEM]
    stems = [one if len(one) <= STEM + 1 else one[: max(STEM, len(one) - 2)] for one in found]
    return list(dict.fromkeys(stems))[:SOUGHT_MAX]
