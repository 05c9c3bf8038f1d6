"""Trust: what follows from who (or what machine) wrote, and when a machine of ours may answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from polyphony.domain.message import Automated

PER_CASE_DAY = 1
PER_ADDRESS_DAY = 5
BREAKER_TIMES = 10
BREAKER_FLOOR = 20
"""Below so many automatic answers an hour the breaker never trips: a quiet desk has no baseline."""

ACK_TEXT: Mapping[str, tuple[str, str]] = {
    "en": (
        "We have received your message",
        "Thank you. Your message has arrived and will be answered.\nIts number is {reference}.\n",
    ),
    "cs": (
        "Vaši zprávu jsme přijali",
        "Děkujeme. Vaše zpráva dorazila a někdo z nás na ni odpoví.\nJejí číslo je {reference}.\n",
    ),
    "pl": (
        "Otrzymaliśmy Twoją wiadomość",
        "Dziękujemy. Wiadomość do nas dotarła i ktoś na nią odpowie.\nJej numer to {reference}.\n",
    ),
    "ru": (
        "Мы получили ваше сообщение",
        "Спасибо. Ваше сообщение дошло, мы ответим.\nНомер: {reference}.\n",  # noqa: RUF001 - Russian
    ),
}
"""Subject and text of an acknowledgement; by rule nothing of the sender's words is in it."""

_ROBOTS = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply")


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a message may set off: work for people, a Case taken up again, an automatic answer."""

    makes_work: bool
    reopens: bool
    answerable: bool


def consequences(automated: Automated, sender: str) -> Consequences:
    """Say what follows; machines make no work, open nothing again and are never answered."""
    person = automated is Automated.NO
    return Consequences(person, person, person and "@" in sender and not is_robot(sender))


def is_robot(address: str) -> bool:
    """Tell whether an address is one that machines send from."""
    local = address.partition("@")[0].lower()
    return local.startswith(_ROBOTS)


def pretended(address: str) -> bool:
    """Tell whether an address belongs to the demo's world: names like these are never real."""
    return address.endswith((".demo.example", "@demo.example"))


@dataclass(frozen=True, slots=True)
class Answered:
    """Automatic answers so far.

    To this address within a day (for this Case, in all); by all of us within this hour and, on
    average, within an hour of the last days.
    """

    case_day: int = 0
    address_day: int = 0
    hour: int = 0
    hourly: float = 0.0


def may_acknowledge(so_far: Answered) -> str | None:
    """Return the reason why no acknowledgement may leave now, None when one may."""
    if so_far.case_day >= PER_CASE_DAY:
        return "case_limit"
    if so_far.address_day >= PER_ADDRESS_DAY:
        return "address_limit"
    if so_far.hour >= max(BREAKER_FLOOR, BREAKER_TIMES * so_far.hourly):
        return "breaker"
    return None


def acknowledgement(language: str | None, reference: str) -> tuple[str, str]:
    """Return subject and text in the customer's language, English when it is none of ours."""
    subject, text = ACK_TEXT.get((language or "en").split("-")[0], ACK_TEXT["en"])
    return f"{subject} [{reference}]", text.format(reference=reference)
