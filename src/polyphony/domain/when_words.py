"""When, the words: how four languages name units, days, months and times of the day."""

# ruff: noqa: RUF001 - Russian words are written in Russian letters

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_LANGUAGES = ("en", "cs", "pl", "ru")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language, folded: lower case, without accents.

    ``parts`` are times of the day: their hour, and whether a small hour beside them is one after
    noon (3 in the afternoon).
    """

    within: Sequence[str]
    from_now: Sequence[str]
    on: Sequence[str]
    at: Sequence[str]
    this: Sequence[str]
    next: Sequence[str]
    joints: Sequence[str]
    units: dict[str, str]
    numbers: dict[str, int]
    spans: dict[str, tuple[float, str]]
    days: dict[str, int]
    weekdays: dict[str, int]
    months: dict[str, int]
    parts: dict[str, tuple[int, bool]]
    ends: dict[str, str]


def folded(text: str) -> str:
    """Return words as the vocabularies hold them: one blank between, no accents, no capitals."""
    plain = unicodedata.normalize("NFKD", text.lower()).replace("ł", "l")
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(kept.split()).strip(" .,!")


def _units(**names: str) -> dict[str, str]:
    """Return word → unit from ``unit="word word"``."""
    return {word: unit for unit, words in names.items() for word in words.split()}


def _numbered(first: int, words: str) -> dict[str, int]:
    """Number groups of words with one meaning (``a/b c/d``) from ``first`` on."""
    return {
        word.replace("_", " "): number
        for number, group in enumerate(words.split(), first)
        for word in group.split("/")
    }


_EN = Vocabulary(
    within=("in", "after", "within"),
    from_now=("from now", "later"),
    on=("on", "by", "until", "till"),
    at=("at", "by", "around", "in the"),
    this=("this",),
    next=("next",),
    joints=("and", "at"),
    units=_units(
        minute="m min mins minute minutes",
        hour="h hr hrs hour hours",
        day="d day days",
        workday="workday workdays",
        week="w wk week weeks",
        month="month months",
    ),
    numbers={"a": 1, "an": 1} | _numbered(
        1, "one two three four five six seven eight nine ten eleven twelve"
    ),
    spans={
        "half an hour": (30, "minutes"),
        "an hour and a half": (90, "minutes"),
        "a couple of hours": (2, "hours"),
        "a couple of days": (2, "days"),
        "a fortnight": (14, "days"),
    },
    days={"today": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "day after tomorrow": 2,
          "the day after tomorrow": 2},
    weekdays=_numbered(
        0,
        "monday/mon tuesday/tue/tues wednesday/wed thursday/thu/thurs friday/fri saturday/sat"
        " sunday/sun",
    ),
    months=_numbered(
        1,
        "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug"
        " september/sep/sept october/oct november/nov december/dec",
    ),
    parts={
        "morning": (9, False), "in the morning": (9, False), "noon": (12, False),
        "midday": (12, False), "lunch": (12, False), "afternoon": (14, True),
        "in the afternoon": (14, True), "evening": (18, True), "in the evening": (18, True),
        "night": (20, True), "tonight": (20, True), "at night": (20, True),
    },
    ends={
        "end of day": "day", "end of the day": "day", "eod": "day",
        "end of week": "week", "end of the week": "week", "eow": "week",
        "end of month": "month", "end of the month": "month", "eom": "month",
        "next week": "next_week", "next month": "next_month", "weekend": "weekend",
        "this weekend": "weekend", "next weekend": "weekend",
    },
)  # fmt: skip

_CS = Vocabulary(
    within=("za", "po"),
    from_now=("od ted", "pozdeji"),
    on=("v", "ve", "do", "na", "az v", "az ve"),
    at=("v", "ve", "o", "kolem", "do", "od"),
    this=("tento", "tuto", "toto", "tuhle", "tenhle"),
    next=("pristi", "dalsi"),
    joints=("a", "v", "ve"),
    units=_units(
        minute="m min minuta minutu minuty minut",
        hour="h hod hodina hodinu hodiny hodin",
        day="d den dny dni dnu",
        week="t tyden tydny tydnu",
        month="mesic mesice mesicu",
    ),
    numbers={"jeden": 1, "jednu": 1, "dva": 2, "dve": 2}
    | _numbered(3, "tri ctyri pet sest sedm osm devet deset jedenact dvanact"),
    spans={
        "pul hodiny": (30, "minut"), "pulhodinu": (30, "minut"), "ctvrt hodiny": (15, "minut"),
        "ctvrthodinu": (15, "minut"), "hodinu a pul": (90, "minut"),
        "pul druhe hodiny": (90, "minut"),
        "par hodin": (3, "hodin"), "par dni": (3, "dny"), "ctrnact dni": (14, "dny"),
        "pracovni den": (1, "workday"),
    },
    days={"dnes": 0, "dneska": 0, "zitra": 1, "pozitri": 2, "popozitri": 3},
    weekdays=_numbered(
        0,
        "pondeli/pondelek/po utery/uterek/ut streda/stredu/st ctvrtek/ct patek/pa sobota/sobotu/so"
        " nedele/nedeli/ne",
    ),
    months=_numbered(
        1,
        "ledna/leden/led unora/unor brezna/brezen dubna/duben kvetna/kveten cervna/cerven"
        " cervence/cervenec srpna/srpen zari rijna/rijen listopadu/listopad prosince/prosinec",
    ),
    parts={
        "rano": (9, False), "brzy rano": (7, False), "dopoledne": (10, False),
        "poledne": (12, False), "v poledne": (12, False), "odpoledne": (14, True),
        "vecer": (18, True), "v noci": (22, True),
    },
    ends={
        "konec dne": "day", "do konce dne": "day", "na konci dne": "day",
        "konec tydne": "week", "do konce tydne": "week", "na konci tydne": "week",
        "konec mesice": "month", "do konce mesice": "month", "na konci mesice": "month",
        "pristi tyden": "next_week", "dalsi tyden": "next_week", "pristi mesic": "next_month",
        "vikend": "weekend", "o vikendu": "weekend",
    },
)  # fmt: skip

_PL = Vocabulary(
    within=("za", "po"),
    from_now=("od teraz", "pozniej"),
    on=("w", "we", "na", "do", "od"),
    at=("o", "o godzinie", "o godz", "okolo", "kolo", "do", "od"),
    this=("ten", "te", "najblizszy", "najblizsza", "w ten", "w te"),
    next=("nastepny", "nastepna", "nastepne", "w nastepny", "przyszly", "przyszla", "kolejny"),
    joints=("i", "o"),
    units=_units(
        minute="m min minuta minute minuty minut",
        hour="h godz godzina godzine godziny godzin",
        day="d dzien dni",
        week="tydzien tygodnie tygodni tyg",
        month="miesiac miesiace miesiecy",
    ),
    numbers={"jeden": 1, "jedna": 1, "dwa": 2, "dwie": 2, "dwoch": 2}
    | _numbered(3, "trzy cztery piec szesc siedem osiem dziewiec dziesiec jedenascie dwanascie"),
    spans={
        "pol godziny": (30, "minut"), "kwadrans": (15, "minut"), "poltorej godziny": (90, "minut"),
        "pare godzin": (3, "godzin"), "kilka godzin": (3, "godzin"), "pare dni": (3, "dni"),
        "kilka dni": (3, "dni"),
    },
    days={"dzis": 0, "dzisiaj": 0, "jutro": 1, "pojutrze": 2},
    weekdays=_numbered(
        0,
        "poniedzialek/poniedzialku/pon/pn wtorek/wtorku/wt sroda/srode/sr czwartek/czwartku/czw"
        " piatek/piatku/pt sobota/sobote/sob niedziela/niedziele/niedz",
    ),
    months=_numbered(
        1,
        "stycznia/styczen lutego/luty marca/marzec kwietnia/kwiecien maja/maj czerwca/czerwiec"
        " lipca/lipiec sierpnia/sierpien wrzesnia/wrzesien pazdziernika/pazdziernik"
        " listopada/listopad grudnia/grudzien",
    ),
    parts={
        "rano": (9, False), "z rana": (9, False), "przed poludniem": (10, False),
        "w poludnie": (12, False), "poludnie": (12, False), "po poludniu": (14, True),
        "popoludniu": (14, True), "wieczorem": (18, True), "wieczor": (18, True),
        "w nocy": (22, True),
    },
    ends={
        "koniec dnia": "day", "do konca dnia": "day", "pod koniec dnia": "day",
        "koniec tygodnia": "week", "do konca tygodnia": "week", "pod koniec tygodnia": "week",
        "koniec miesiaca": "month", "do konca miesiaca": "month",
        "przyszly tydzien": "next_week", "w przyszlym tygodniu": "next_week",
        "nastepny tydzien": "next_week", "w przyszlym miesiacu": "next_month",
        "przyszly miesiac": "next_month", "weekend": "weekend", "w weekend": "weekend",
    },
)  # fmt: skip

_RU = Vocabulary(
    within=("через", "спустя"),
    from_now=("спустя", "позже"),
    on=("в", "во", "до", "на", "к"),
    at=("в", "во", "к", "около", "до", "с"),
    this=("этот", "эту", "это", "ближаишии", "ближаишую"),
    next=("следующии", "следующую", "следующее", "в следующии", "в следующую", "будущии"),
    joints=("и", "в"),
    units=_units(
        minute="м мин минута минуту минуты минут",
        hour="ч час часа часов часик",
        day="д день дня днеи сутки",
        week="неделя неделю недели недель нед",
        month="месяц месяца месяцев",
    ),
    numbers={"один": 1, "одну": 1, "два": 2, "две": 2, "пару": 2}
    | _numbered(3, "три четыре пять шесть семь восемь девять десять одиннадцать двенадцать"),
    spans={
        "полчаса": (30, "минут"), "пол часа": (30, "минут"), "четверть часа": (15, "минут"),
        "полтора часа": (90, "минут"), "пару часов": (2, "часа"), "пару днеи": (2, "дня"),
        "несколько часов": (3, "часа"), "несколько днеи": (3, "дня"),
    },
    days={"сегодня": 0, "завтра": 1, "послезавтра": 2},
    weekdays=_numbered(
        0,
        "понедельник/понедельника/пн вторник/вторника/вт среда/среду/среды/ср четверг/четверга/чт"
        " пятница/пятницу/пятницы/пт суббота/субботу/субботы/сб"
        " воскресенье/воскресенья/вс",
    ),
    months=_numbered(
        1,
        "января/январь февраля/февраль марта/март апреля/апрель мая/маи июня/июнь июля/июль"
        " августа/август сентября/сентябрь октября/октябрь ноября/ноябрь декабря/декабрь",
    ),
    parts={
        "утром": (9, False), "утра": (9, False), "с утра": (9, False), "днем": (14, True),
        "дня": (14, True), "в полдень": (12, False), "полдень": (12, False),
        "после обеда": (14, True), "вечером": (18, True), "вечера": (18, True),
        "ночью": (22, True),
    },
    ends={
        "конец дня": "day", "до конца дня": "day", "в конце дня": "day",
        "конец недели": "week", "до конца недели": "week", "в конце недели": "week",
        "конец месяца": "month", "до конца месяца": "month", "в конце месяца": "month",
        "следующая неделя": "next_week", "на следующеи неделе": "next_week",
        "на будущеи неделе": "next_week", "в следующем месяце": "next_month",
        "следующии месяц": "next_month", "выходные": "weekend", "в выходные": "weekend",
        "на выходных": "weekend",
    },
)  # fmt: skip

_BY_LANGUAGE = dict(zip(_LANGUAGES, (_EN, _CS, _PL, _RU), strict=True))


def vocabularies(language: str) -> list[Vocabulary]:
    """Return all vocabularies, the one of this language (``cs-CZ`` too) first."""
    own = language.partition("-")[0].lower()
    order = sorted(_LANGUAGES, key=lambda one: one != own)
    return [_BY_LANGUAGE[one] for one in order]
