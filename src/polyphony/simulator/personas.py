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

_FIRST = {
    "cs": ("Eva", "Jan", "Tereza", "Petr", "Lucie", "Jiří", "Markéta", "Tomáš", "Žofie", "Ondřej"),
    "pl": ("Marek", "Kasia", "Paweł", "Agnieszka", "Łukasz", "Zofia", "Michał", "Joanna", "Bożena"),
    "ru": ("Ольга", "Иван", "Наталья", "Сергей", "Анна", "Дмитрий", "Екатерина", "Алексей"),
    "en": ("Tom", "Grace", "Oliver", "Emma", "Jack", "Sophie", "Harry", "Charlotte"),
}
_LAST = {
    "cs": ("Nováček", "Dvořák", "Říha", "Kučera", "Šimek", "Procházka", "Beneš", "Vlček"),
    "pl": ("Wójcik", "Kamiński", "Zając", "Szczepański", "Król", "Wróbel", "Duda", "Sikora"),
    "ru": ("Соколова", "Кузнецов", "Морозова", "Волков", "Лебедева", "Новиков", "Орлова"),
    "en": ("Baker", "Hughes", "Cooper", "Ward", "Turner", "Bennett", "Gray", "Palmer"),
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


def customer(draws: Draws, number: int, domain: str) -> Customer:
    """Make the customer with this number; the crowd has about 300 faces, so some come again."""
    face = int(draws.unit("face", number) * 300)
    persona = draws.weighted(
        [(PERSONAS[0], 3), (PERSONAS[1], 4), (PERSONAS[2], 2), (PERSONAS[3], 2)], "persona", face
    )
    first = draws.pick(_FIRST[persona.language], "first", face)
    last = draws.pick(_LAST[persona.language], "last", face)
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
    Colleague("karel", "Karel Tichý", "cs", (("lang.cs", 4),), 40, answers=False),
)
