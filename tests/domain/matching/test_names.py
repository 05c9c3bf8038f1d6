"""Names: families of spellings share a key, opposite sexes are never close, nicknames are known."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.matching.families import FAMILIES

from polyphony.domain.matching import nicknames
from polyphony.domain.matching.letters import readings
from polyphony.domain.matching.person_name import PersonName, person_name, shown_name
from polyphony.domain.matching.skeleton import skeletons
from polyphony.domain.matching.stems import family_skeletons, forms


def test_spellings_of_one_name_share_a_key_and_a_name_has_few_keys():
    assert len(FAMILIES) >= 60
    pairs = [(line[0], other) for line in FAMILIES for other in line[1:]]
    missed = [pair for pair in pairs if not _keys(pair[0]) & _keys(pair[1])]
    assert len(pairs) >= 280
    assert len(missed) <= len(pairs) // 100, missed
    names = {name for line in FAMILIES for name in line}
    assert sum(len(skeletons(name)) for name in names) / len(names) < 1.25


def test_names_of_different_families_seldom_share_a_key():
    heads = [line[0] for line in FAMILIES]
    shared = [pair for pair in itertools.combinations(heads, 2) if _keys(pair[0]) & _keys(pair[1])]
    assert len(shared) <= 12, shared


def _keys(name):
    return skeletons(name) | family_skeletons(name)


@pytest.mark.parametrize(
    ("woman", "man"),
    [
        ("Nováková", "Novák"),
        ("Novakova", "Novak"),
        ("Svobodová", "Svoboda"),
        ("Hájková", "Hájek"),
        ("Černá", "Černý"),
        ("Nowicka", "Nowicki"),
        ("Новицкая", "Novitskiy"),
        ("Ковальська", "Ковальський"),
        ("Иванова", "Ivanov"),
        ("Ivanovová", "Ivanov"),
    ],
)
def test_a_woman_and_a_man_of_one_family_share_a_form_of_the_surname(woman, man):
    assert set(forms(woman)) & set(forms(man))


def test_a_cyrillic_name_is_read_the_english_the_czech_and_the_polish_way():
    assert readings("Щерба") == ("shcherba", "scerba", "szczerba")
    assert readings("Жучков") == ("zhuchkov", "zuckov", "zuczkow")
    assert readings("Сергій") == ("serhiy", "serhij")
    assert readings("Łukáš Řehoř") == ("lukasrehor",)
    assert readings("…") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jan", "Honza"), ("Katarzyna", "Kasia"), ("Александр", "Саша"), ("Oleksandr", "Сашко")],
)
def test_who_is_called_so_in_papers_and_at_home_is_one(one, other):
    assert nicknames.alias(one, other)
    assert nicknames.alias(other, one)
    assert not nicknames.opposite(one, other)
    assert skeletons(other) <= nicknames.alias_skeletons(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Krystyna", "Krystian"),
        ("Александр", "Александра"),
        ("Jan", "Jana"),
        ("Michal", "Michaela"),
        ("Валентин", "Valentina"),
        ("Петр", "Petra"),
        ("Daniel", "Daniela"),
    ],
)
def test_opposite_sexes_are_told_from_the_names(one, other):
    assert nicknames.opposite(one, other)
    assert not nicknames.alias(one, other)


@pytest.mark.parametrize("name", ["Саша", "Saša", "Женя", "Валя", "Chris", "Alex"])
def test_a_name_of_both_sexes_is_opposite_to_nobody(name):
    assert nicknames.sex_of(name) is None


def test_titles_and_patronymics_are_no_part_of_the_name():
    assert person_name("Ing. Jan", "Novák, Ph.D.") == PersonName("jan", "novák")
    assert person_name("MUDr. Eva", "Malá - Nová") == PersonName("eva", "malá-nová")
    assert person_name("Иван Петрович", "Сидоров") == PersonName("иван", "сидоров", "петрович")
    assert person_name("pan", "") == PersonName("pan")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Jan Novák", PersonName("jan", "novák")),
        ("Novák Jan", PersonName("jan", "novák", ordered=False)),
        ("Novák, Jan", PersonName("jan", "novák")),
        ("Сидоров Иван Петрович", PersonName("иван", "сидоров", "петрович")),
        ("Олена Іванівна Коваль", PersonName("олена", "коваль", "іванівна")),
        ("Kasia", PersonName("kasia", ordered=False)),
        ("", PersonName(ordered=False)),
    ],
)
def test_a_display_name_is_taken_apart(text, read):
    assert shown_name(text) == read


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_a_bounded_number_of_keys_and_is_never_refused(text):
    assert len(skeletons(text)) <= 8
    assert len(readings(text)) <= 3
    name = shown_name(text)
    assert name == person_name(name.given, name.surname) or not name.ordered or name.patronymic
