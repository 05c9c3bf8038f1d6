"""Forms: questions are read strictly, answers fit their type, what is missing is known."""

import pytest

from polyphony.domain import form
from polyphony.domain.errors import Invalid
from polyphony.domain.form import Field, FieldType

FORM = form.fields(
    [
        {"key": "amount", "label": "Amount", "type": "number", "required": True},
        {"key": "kind", "label": "Kind", "type": "choice", "options": ["car", "house"]},
        {"key": "from", "label": "From", "type": "date"},
        {"key": "signed", "label": "Signed", "type": "check", "required": True},
        {"key": "why", "label": "Why"},
    ]
)


@pytest.mark.parametrize(
    "raw",
    [
        {"key": "A", "label": "x"},
        {"key": "a", "label": " "},
        {"key": "a", "label": "x", "type": "colour"},
        {"key": "a", "label": "x", "type": "choice"},
        {"key": "a", "label": "x", "type": "choice", "options": ["one", "one"]},
        {"key": "a", "label": "x", "options": ["one"]},
        {"key": "a", "label": "x", "required": "yes"},
        {"key": "a", "label": "x", "colour": "red"},
        "amount",
    ],
)
def test_a_question_that_is_wrong_is_refused_by_its_number(raw):
    with pytest.raises(Invalid) as refused:
        form.fields([{"key": "fine", "label": "Fine"}, raw])
    assert refused.value.code == "form.field"
    assert refused.value.facts["field"] == 2


def test_two_questions_of_one_key_and_too_many_are_refused():
    one = {"key": "a", "label": "x"}
    with pytest.raises(Invalid, match=r"form\.field_twice"):
        form.fields([one, one])
    with pytest.raises(Invalid, match=r"form\.fields"):
        form.fields([{"key": f"a{n}", "label": "x"} for n in range(41)])


def test_answers_are_read_by_their_type_and_taken_back_by_nothing():
    given = {"amount": 5.0, "kind": "car", "from": "2026-11-22", "signed": True, "why": " so "}
    assert form.answers(FORM, given) == {**given, "amount": 5, "why": "so"}
    assert form.answers(FORM, {"why": "", "amount": None}) == {"why": None, "amount": None}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("amount", "5"),
        ("amount", True),
        ("amount", 10**16),
        ("amount", float("nan")),
        ("kind", "boat"),
        ("from", "22.11.2026"),
        ("from", "2026-02-30"),
        ("signed", "yes"),
        ("why", 5),
        ("why", "x" * 4001),
    ],
)
def test_an_answer_that_does_not_fit_names_its_question(key, value):
    with pytest.raises(Invalid) as refused:
        form.answers(FORM, {key: value})
    assert refused.value.facts["field"] == key


def test_an_answer_to_nothing_is_refused():
    with pytest.raises(Invalid, match=r"form\.unknown"):
        form.answers(FORM, {"colour": "red"})


def test_required_questions_are_missing_until_answered_and_a_check_until_ticked():
    assert form.missing(FORM, {}) == ["amount", "signed"]
    assert form.missing(FORM, {"amount": 0, "signed": False}) == ["signed"]
    assert form.missing(FORM, {"amount": 0, "signed": True}) == []


def test_questions_come_back_from_what_is_kept():
    assert form.fields(form.as_json(FORM)) == FORM
    assert FORM[1] == Field("kind", "Kind", FieldType.CHOICE, options=("car", "house"))
