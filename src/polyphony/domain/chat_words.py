"""What web chat writes to customers by mail, in four languages; never a word of a stranger."""
# ruff: noqa: RUF001 - Russian is one of the four languages

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from polyphony.domain.reference import shown

_CODE: Mapping[str, tuple[str, str]] = {
    "en": (
        "Your code: {code}",
        (
            "Your code is {code}.\n\n"
            "Type it into the chat window within 10 minutes. Whoever knows it can read the answers"
            " meant for you, so give it to nobody.\n\n"
            "If you asked for no code, ignore this message: nothing happens without it."
        ),
    ),
    "cs": (
        "Váš kód: {code}",
        (
            "Váš kód je {code}.\n\n"
            "Napište jej do okna chatu do 10 minut. Kdo jej zná, může číst odpovědi určené vám,"
            " proto jej nikomu nesdělujte.\n\n"
            "Pokud jste o kód nežádali, zprávu ignorujte: bez kódu se nic nestane."
        ),
    ),
    "pl": (
        "Twój kod: {code}",
        (
            "Twój kod to {code}.\n\n"
            "Wpisz go w oknie czatu w ciągu 10 minut. Kto go zna, może czytać odpowiedzi"
            " przeznaczone dla Ciebie, dlatego nikomu go nie podawaj.\n\n"
            "Jeśli to nie Ty prosisz o kod, zignoruj tę wiadomość: bez kodu nic się nie stanie."
        ),
    ),
    "ru": (
        "Ваш код: {code}",
        (
            "Ваш код: {code}.\n\n"
            "Введите его в окне чата в течение 10 минут. Тот, кто его знает, может читать ответы,"
            " предназначенные вам, поэтому никому его не сообщайте.\n\n"
            "Если вы не запрашивали код, не обращайте внимания на это письмо: без кода ничего не"
            " произойдёт."
        ),
    ),
}

_ON: Mapping[str, tuple[str, str, str]] = {
    "en": (
        "Our answer to your chat",
        "You had left the chat when we answered, so here is what we wrote:",
        "You can simply reply to this message.",
    ),
    "cs": (
        "Naše odpověď na váš chat",
        "Když jsme odpověděli, už jste v chatu nebyli. Toto jsme vám napsali:",
        "Na tuto zprávu můžete jednoduše odpovědět.",
    ),
    "pl": (
        "Nasza odpowiedź na Twój czat",
        "Gdy odpowiedzieliśmy, nie było Cię już na czacie. Oto, co napisaliśmy:",
        "Możesz po prostu odpowiedzieć na tę wiadomość.",
    ),
    "ru": (
        "Наш ответ на ваше обращение в чат",
        "Когда мы ответили, вас уже не было в чате. Вот что мы написали:",
        "Вы можете просто ответить на это письмо.",
    ),
}


def code_mail(language: str, code: str) -> tuple[str, str]:
    """Return subject and text of the mail with a code."""
    subject, text = _CODE.get(language, _CODE["en"])
    return subject.format(code=code), text.format(code=code)


def went_on(language: str, answers: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return subject and text of the mail that brings unread answers (author, text)."""
    subject, head, foot = _ON.get(language, _ON["en"])
    lines = [f"{author}:\n{text}" if author else text for author, text in answers]
    return subject, "\n\n".join([head, *lines, foot])


_TRANSCRIPT: Mapping[str, tuple[str, str, str, str, str]] = {
    "en": (
        "Your chat with us [{reference}]",
        "You asked for a copy of your chat. Here is what was said:",
        "You",
        "File",
        "You can simply reply to this message: your answer joins the same matter.",
    ),
    "cs": (
        "Váš chat s námi [{reference}]",
        "Požádali jste o kopii chatu. Toto v něm zaznělo:",
        "Vy",
        "Soubor",
        "Na tuto zprávu můžete jednoduše odpovědět: odpověď přijde ke stejnému případu.",
    ),
    "pl": (
        "Twój czat z nami [{reference}]",
        "Na Twoją prośbę przesyłamy kopię czatu. Oto jego treść:",
        "Ty",
        "Plik",
        "Możesz po prostu odpowiedzieć na tę wiadomość: odpowiedź trafi do tej samej sprawy.",
    ),
    "ru": (
        "Ваш чат с нами [{reference}]",
        "Вы просили прислать копию чата. Вот она:",
        "Вы",
        "Файл",
        "Вы можете просто ответить на это письмо: ответ попадёт в то же обращение.",
    ),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a transcript; ``author`` is empty for the customer himself, files are names."""

    at: datetime
    author: str
    text: str
    files: Sequence[str] = ()


def transcript(language: str, number: str, lines: Sequence[Spoken]) -> tuple[str, str]:
    """Return subject and text of the mail that brings a copy of a chat; times are in UTC."""
    subject, head, you, file, foot = _TRANSCRIPT.get(language, _TRANSCRIPT["en"])
    said = [
        "\n".join(
            [
                f"{one.author or you} · {one.at:%Y-%m-%d %H:%M} UTC",
                *([one.text] if one.text else []),
                *(f"[{file}: {name}]" for name in one.files),
            ]
        )
        for one in lines
    ]
    return subject.format(reference=shown(number)), "\n\n".join([head, *said, foot])


_HERE = {
    "en": "Here you go on with your request {reference}. What was said before is known to us.",
    "cs": "Zde pokračujete ve svém požadavku {reference}. Co už zaznělo, víme.",
    "pl": "Tutaj kontynuujesz swoją sprawę {reference}. To, co już padło, jest nam znane.",
    "ru": "Здесь вы продолжаете обращение {reference}. Всё сказанное раньше нам известно.",
}


def here(language: str, number: str) -> str:
    """Return what a customer reads first who goes on with a matter in a chat."""
    return _HERE.get(language, _HERE["en"]).format(reference=shown(number))


_VISITOR = {"en": "Visitor", "cs": "Návštěvník", "pl": "Gość", "ru": "Посетитель"}


def visitor(language: str, mark: str) -> str:
    """Return what a visitor is called who gave no name; ``mark`` keeps two of them apart."""
    return f"{_VISITOR.get(language, _VISITOR['en'])} {mark}"


_CLOSED: Mapping[str, tuple[str, str]] = {
    "en": ("We are closed now.", "We open again on {day} at {time}."),
    "cs": ("Teď máme zavřeno.", "Otevíráme zase {day} v {time}."),
    "pl": ("Teraz mamy zamknięte.", "Otwieramy ponownie {day} o {time}."),
    "ru": ("Сейчас мы закрыты.", "Снова открываемся {day} в {time}."),
}
_DAYS: Mapping[str, Sequence[str]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "cs": ("v pondělí", "v úterý", "ve středu", "ve čtvrtek", "v pátek", "v sobotu", "v neděli"),
    "pl": (
        *("w poniedziałek", "we wtorek", "w środę", "w czwartek", "w piątek", "w sobotę"),
        "w niedzielę",
    ),
    "ru": (
        *("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу"),
        "в воскресенье",
    ),
}


def closed_until(language: str, opens: datetime | None, zone: str) -> str:
    """Say that a Queue is closed and when it opens again, by its own clocks."""
    shut, again = _CLOSED.get(language[:2], _CLOSED["en"])
    if opens is None:
        return shut
    there = opens.astimezone(ZoneInfo(zone))
    name = _DAYS.get(language[:2], _DAYS["en"])[there.weekday()]
    day = f"{name} {there.day}. {there.month}." if language[:2] != "en" else f"{name}"
    return f"{shut} {again.format(day=day, time=f'{there.hour}:{there.minute:02}')}"
