"""Who plays the customers and the colleagues: names, languages, habits, patience."""

from dataclasses import dataclass

from polyphony.simulator.draws import Draws


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of customer.

    ``patience_s`` is how long one waits for an answer in the chat, in story seconds; ``channels``
    are (kind, weight) pairs; ``asks_on`` is the share of answers followed by a question.
    """

    key: str
    language: str
    channels: tuple[tuple[str, float], ...]
    patience_s: float
    asks_on: float
    vip: bool = False


PERSONAS = (
    Persona("marek", "pl", (("email", 1.0),), 900, 0.35),
    Persona("eva", "cs", (("chat", 0.8), ("email", 0.2)), 240, 0.45),
    Persona("olga", "ru", (("email", 0.6), ("chat", 0.4)), 300, 0.3),
    Persona("tom", "en", (("chat", 0.5), ("email", 0.5)), 45, 0.25, vip=True),
)

# Women and men apart: in three of the languages the surname agrees with who bears it.
_WOMEN = {
    "cs": ("Eva", "Tereza", "Lucie", "Markéta", "Žofie", "Hana", "Kateřina"),
    "pl": ("Kasia", "Agnieszka", "Zofia", "Joanna", "Bożena", "Magda", "Ewa"),
    "ru": ("Ольга", "Наталья", "Анна", "Екатерина", "Мария", "Татьяна"),
    "en": ("Grace", "Emma", "Sophie", "Charlotte", "Alice"),
}
_MEN = {
    "cs": ("Jan", "Petr", "Jiří", "Tomáš", "Ondřej", "Pavel", "Lukáš"),
    "pl": ("Marek", "Paweł", "Łukasz", "Michał", "Tomasz", "Piotr"),
    "ru": ("Иван", "Сергей", "Дмитрий", "Алексей", "Михаил", "Андрей"),
    "en": ("Tom", "Oliver", "Jack", "Harry", "George"),
}
_LAST = {  # (of a woman, of a man)
    "cs": (
        *(("Nováčková", "Nováček"), ("Dvořáková", "Dvořák"), ("Říhová", "Říha")),
        *(("Kučerová", "Kučera"), ("Šimková", "Šimek"), ("Procházková", "Procházka")),
        *(("Benešová", "Beneš"), ("Vlčková", "Vlček"), ("Černá", "Černý")),
    ),
    "pl": (
        *(("Wójcik", "Wójcik"), ("Kamińska", "Kamiński"), ("Zając", "Zając")),
        *(("Szczepańska", "Szczepański"), ("Król", "Król"), ("Wróbel", "Wróbel")),
        *(("Duda", "Duda"), ("Sikorska", "Sikorski"), ("Wiśniewska", "Wiśniewski")),
    ),
    "ru": (
        *(("Соколова", "Соколов"), ("Кузнецова", "Кузнецов"), ("Морозова", "Морозов")),
        *(("Волкова", "Волков"), ("Лебедева", "Лебедев"), ("Новикова", "Новиков")),
        *(("Орлова", "Орлов"), ("Белова", "Белов")),
    ),
    "en": tuple(
        (name, name)
        for name in ("Baker", "Hughes", "Cooper", "Ward", "Turner", "Bennett", "Gray", "Palmer")
    ),
}
_PLAIN = str.maketrans(
    "áčďéěíňóřšťúůýžąćęłńśźżабвгдеёжзийклмнопрстуфхцчшщъыьэюя ",
    "acdeeinorstuuyzacelnszzabvgdeejziiklmnoprstufhccssxyxeua.",
)


@dataclass(frozen=True, slots=True)
class Customer:
    """One pretended person: a persona with a name and an address of its own."""

    key: str
    persona: Persona
    name: str
    email: str


def customer(draws: Draws, number: int, domain: str, faces: int = 300) -> Customer:
    """Make the customer with this number; the crowd has few ``faces``, so some come again.

    Without ``faces`` every number is a face of its own; the first ones are those of the crowd.
    """
    face = int(draws.unit("face", number) * faces) if faces else number
    persona = draws.weighted(
        [(PERSONAS[0], 3), (PERSONAS[1], 4), (PERSONAS[2], 2), (PERSONAS[3], 2)], "persona", face
    )
    man = draws.unit("sex", face) < 0.5
    first = draws.pick((_MEN if man else _WOMEN)[persona.language], "first", face)
    last = draws.pick(_LAST[persona.language], "last", face)[man]
    local = f"{first}.{last}".lower().translate(_PLAIN)
    return Customer(f"{persona.key}-{face}", persona, f"{first} {last}", f"{local}{face}@{domain}")


@dataclass(frozen=True, slots=True)
class Colleague:
    """One pretended agent: languages with levels, topics, speed; ``answers`` is False for two."""

    key: str
    name: str
    language: str
    skills: tuple[tuple[str, int], ...]
    median_s: float
    declines: float = 0.03
    answers: bool = True


COLLEAGUES = (
    Colleague("jana", "Jana Horáková", "cs", (("lang.cs", 5), ("lang.en", 3), ("billing", 4)), 25),
    Colleague("petr", "Petr Malý", "cs", (("lang.cs", 5), ("lang.ru", 3), ("technical", 4)), 30),
    Colleague("agata", "Agata Nowak", "pl", (("lang.pl", 5), ("lang.en", 4), ("billing", 3)), 25),
    Colleague("pawel", "Paweł Lis", "pl", (("lang.pl", 5), ("technical", 5)), 35),
    Colleague("irina", "Ирина Белова", "ru", (("lang.ru", 5), ("lang.cs", 4), ("billing", 4)), 30),
    Colleague("daniel", "Daniel Reed", "en", (("lang.en", 5), ("technical", 4)), 28),
    Colleague("sofia", "Sofia Marsh", "en", (("lang.en", 5), ("lang.pl", 3), ("billing", 5)), 22),
    Colleague(
        "lenka", "Lenka Šťastná", "cs", (("lang.cs", 5), ("lang.pl", 3), ("technical", 3)), 32
    ),
    Colleague("ondra", "Ondřej Hruška", "cs", (("lang.cs", 4), ("lang.en", 4), ("billing", 3)), 38),
    Colleague(
        "marta", "Marta Kaczmarek", "pl", (("lang.pl", 5), ("lang.ru", 4), ("billing", 5)), 24
    ),
    Colleague("viktor", "Виктор Ким", "ru", (("lang.ru", 5), ("lang.en", 3), ("technical", 4)), 34),
    Colleague("grace", "Grace Osei", "en", (("lang.en", 5), ("lang.cs", 3), ("billing", 3)), 26),
    Colleague("karel", "Karel Tichý", "cs", (("lang.cs", 4),), 40, answers=False),
    Colleague("zofia", "Zofia Mróz", "pl", (("lang.pl", 4),), 40, answers=False),
)
