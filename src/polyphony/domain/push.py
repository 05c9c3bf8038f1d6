"""Push: what a device or a mail says about an Offer or a notice, in the person's language."""

from collections.abc import Mapping
from datetime import datetime

PUSHED = (
    *("mention", "help_raised", "whisper", "sla_warning", "delivery_failed", "snooze_over"),
    "escalation",
    *("presence_changed", "return_due", "alert", "taken_over"),
)
"""Kinds of notices that may be pushed; each person's own switch ``os`` decides."""
TEXT_MAX = 160
TTL_S = 600
"""How long a service keeps what is no Offer for a device that sleeps."""

_TITLES: Mapping[str, Mapping[str, str]] = {
    "offer": {
        "en": "New offer: {name}",
        "cs": "Nová nabídka: {name}",
        "pl": "Nowa propozycja: {name}",
        "ru": "Новое предложение: {name}",
    },
    "mention": {
        "en": "{name} mentions you",
        "cs": "{name} se o vás zmiňuje",
        "pl": "{name} wspomina o Tobie",
        "ru": "{name} упоминает вас",
    },
    "followed_reply": {
        "en": "{name} replied in a case you follow",
        "cs": "{name} odpovídá v případu, který sledujete",
        "pl": "{name} odpowiada w sprawie, którą obserwujesz",
        "ru": "{name} отвечает в обращении, за которым вы следите",
    },
    "job_done": {
        "en": "A job over many cases has ended",
        "cs": "Hromadná úloha skončila",
        "pl": "Zadanie zbiorcze się zakończyło",
        "ru": "Массовая задача завершена",
    },
    "help_raised": {
        "en": "{name} asks for help",
        "cs": "{name} žádá o pomoc",
        "pl": "{name} prosi o pomoc",
        "ru": "{name} просит помочь",
    },
    "whisper": {
        "en": "{name} advises you",
        "cs": "{name} vám radí",
        "pl": "{name} podpowiada",
        "ru": "{name} подсказывает вам",
    },
    "sla_warning": {
        "en": "An answer is due soon",
        "cs": "Blíží se termín odpovědi",
        "pl": "Zbliża się termin odpowiedzi",
        "ru": "Подходит срок ответа",
    },
    "delivery_failed": {
        "en": "A message was not delivered",
        "cs": "Zpráva nebyla doručena",
        "pl": "Wiadomość nie została dostarczona",
        "ru": "Сообщение не доставлено",
    },
    "escalation": {
        "en": "Escalation: {name}",
        "cs": "Eskalace: {name}",
        "pl": "Eskalacja: {name}",
        "ru": "Эскалация: {name}",
    },
    "snooze_over": {
        "en": "A snoozed case is back",
        "cs": "Odložený případ je zpět",
        "pl": "Odłożona sprawa wraca",
        "ru": "Отложенное обращение вернулось",
    },
    "presence_changed": {
        "en": "{name} changed your status",
        "cs": "{name} mění váš stav",
        "pl": "{name} zmienia Twój status",
        "ru": "{name} меняет ваш статус",
    },
    "return_due": {
        "en": "{name} is not back yet",
        "cs": "{name} ještě není zpět",
        "pl": "{name} jeszcze nie wraca",
        "ru": "{name} ещё не на месте",
    },
    "return_due_own": {
        "en": "You planned to be back by now",
        "cs": "Teď jste měli být zpět",
        "pl": "Planowany powrót już minął",
        "ru": "Вы планировали уже вернуться",
    },
    "rule_failed": {
        "en": "A rule or a process needs you",
        "cs": "Pravidlo nebo proces potřebuje váš zásah",
        "pl": "Reguła lub proces wymaga Twojej uwagi",
        "ru": "Правило или процесс требует вашего внимания",
    },
    "alert": {
        "en": "{name} needs you",
        "cs": "{name}: je třeba zasáhnout",
        "pl": "{name}: potrzebna reakcja",
        "ru": "{name}: нужно ваше внимание",
    },
    "taken_over": {
        "en": "{name} has taken over your case",
        "cs": "{name} přebírá váš případ",
        "pl": "{name} przejmuje Twoją sprawę",
        "ru": "{name} забирает ваше обращение",
    },
    "monitored": {
        "en": "{name} is reading along",
        "cs": "{name} čte s vámi",
        "pl": "{name} czyta razem z Tobą",
        "ru": "{name} читает ваше обращение",
    },
}
_OWN = frozenset({"return_due"})
"""Kinds that are about oneself when nobody is named."""


def title(kind: str, language: str, name: str) -> str:
    """Return the heading of a push; languages we do not speak are told in English."""
    words = _TITLES[f"{kind}_own" if kind in _OWN and not name.strip() else kind]
    return words.get(language, words["en"]).format(name=name.strip() or "?")


def ttl_s(until: datetime | None, at: datetime) -> int:
    """Return for how many seconds the service may keep it: an Offer only while it is open."""
    if until is None:
        return TTL_S
    return max(0, min(TTL_S, int((until - at).total_seconds())))
