"""Digest: the mail that gathers what somebody wanted to know and has not read at the desk."""
# ruff: noqa: RUF001 - Russian is one of the four languages

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from polyphony.domain import push
from polyphony.domain.reference import shown

WAITS = timedelta(minutes=10)
"""Whoever is at the desk reads a notice there: only what lies longer is mailed."""
EVERY = timedelta(hours=1)
"""Nobody gets more than one such mail in this time."""
REACHES = timedelta(days=1)
"""What is older is no news any more."""
LINES_MAX = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One notice; ``reference`` and ``link`` empty when it is about no Case."""

    kind: str
    from_name: str
    text: str
    reference: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    one: str
    many: str
    intro: str
    more: str
    end: str


_SAID: Mapping[str, _Words] = {
    "en": _Words(
        "One thing you have not read",
        "{count} things you have not read",
        "While you were away:",
        "… and {count} more.",
        "You get this because you chose notifications by e-mail. You can change that in your"
        " settings: {link}",
    ),
    "cs": _Words(
        "Jedna nepřečtená věc",
        "Nepřečtené: {count}",
        "Co se stalo, když jste tu nebyli:",
        "… a další: {count}.",
        "Tuto zprávu dostáváte, protože jste si zvolili oznámení e-mailem. Změnit to můžete ve"
        " svém nastavení: {link}",
    ),
    "pl": _Words(
        "Jedna nieprzeczytana rzecz",
        "Nieprzeczytane: {count}",
        "Podczas Twojej nieobecności:",
        "… i jeszcze: {count}.",
        "Dostajesz tę wiadomość, bo wybrano powiadomienia e-mailem. Możesz to zmienić w swoich"
        " ustawieniach: {link}",
    ),
    "ru": _Words(
        "Одно непрочитанное уведомление",
        "Непрочитанных уведомлений: {count}",
        "Пока вас не было:",
        "… и ещё: {count}.",
        "Вы получили это письмо, потому что выбрали уведомления по почте. Изменить это можно в"
        " ваших настройках: {link}",
    ),
}


def letter(language: str, lines: Sequence[Line], settings_link: str) -> tuple[str, str]:
    """Return subject and text; languages we do not speak are told in English."""
    words = _SAID.get(language, _SAID["en"])
    count = len(lines)
    subject = words.one if count == 1 else words.many.format(count=count)
    parts = [words.intro, *(_told(language, one) for one in lines[:LINES_MAX])]
    if count > LINES_MAX:
        parts.append(words.more.format(count=count - LINES_MAX))
    parts.append(words.end.format(link=settings_link))
    return subject, "\n\n".join(parts)


def _told(language: str, line: Line) -> str:
    head = push.title(line.kind, language, line.from_name)
    if line.reference:
        head = f"{head} – {shown(line.reference)}"
    return "\n".join(part for part in (head, line.text.strip(), line.link) if part)
