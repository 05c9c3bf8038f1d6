"""Macro: steps are read strictly; what is wrong is named; rights follow from the steps."""

from uuid import UUID, uuid4

import pytest

from polyphony.domain import macro
from polyphony.domain.errors import Invalid
from polyphony.domain.permission import Act

AGENT = str(UUID(int=7))


def test_every_kind_of_step_is_read():
    steps = macro.read([
        {"do": "tag", "add": [" late   bill "], "remove": ["new"]},
        {"do": "priority", "to": "high"},
        {"do": "queue", "queue_id": AGENT},
        {"do": "assign", "to": "me"},
        {"do": "note", "text": "seen"},
        {"do": "reply", "bodies": {"cs": "Ahoj", "en": "Hello"}},
        {"do": "solve", "disposition": "answered"},
    ])  # fmt: skip
    assert [one.do for one in steps] == [
        *("tag", "priority", "queue", "assign", "note", "reply", "solve"),
    ]
    assert steps[0].add == ("late bill",)
    assert steps[2].queue == UUID(int=7)
    assert steps[3].agent is None


@pytest.mark.parametrize(
    "step",
    [
        {"do": "dance"},
        {},
        {"do": "tag"},
        {"do": "tag", "add": [""]},
        {"do": "tag", "add": ["x" * 51]},
        {"do": "tag", "add": "bill"},
        {"do": "priority", "to": "huge"},
        {"do": "priority"},
        {"do": "queue", "queue_id": "x"},
        {"do": "assign", "to": "boss"},
        {"do": "note", "text": "  "},
        {"do": "note", "text": 5},
        {"do": "reply", "bodies": {}},
        {"do": "reply", "bodies": {"de": "Hallo"}},
        {"do": "reply", "bodies": {"en": ""}},
        {"do": "reply", "bodies": ["x"]},
        {"do": "snooze", "hours": 0},
        {"do": "snooze", "hours": True},
        {"do": "snooze", "hours": "2"},
        {"do": "note", "text": "a", "html": "b"},
    ],
)
def test_a_wrong_step_is_refused_by_its_number(step):
    with pytest.raises(Invalid, match=r"macro\.step") as refused:
        macro.read([{"do": "note", "text": "first"}, step])
    assert refused.value.facts["step"] == 2


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([], "macro.steps"),
        ([{"do": "note", "text": "x"}] * 21, "macro.steps"),
        ([{"do": "reply", "bodies": {"en": "x"}}] * 2, "macro.step_twice"),
        ([{"do": "solve"}, {"do": "note", "text": "x"}], "macro.step_order"),
        ([{"do": "solve"}, {"do": "snooze", "hours": 1}], "macro.step_order"),
    ],
)
def test_macros_that_contradict_themselves_are_refused(steps, code):
    with pytest.raises(Invalid) as refused:
        macro.read(steps)
    assert refused.value.code == code


def test_only_giving_work_to_somebody_else_needs_a_lead():
    assert macro.acts(macro.read([{"do": "assign", "to": "me"}])) == {Act.WRITE}
    assert macro.acts(macro.read([{"do": "assign", "to": str(uuid4())}])) == {
        *(Act.WRITE, Act.ASSIGN),
    }


@pytest.mark.parametrize(
    ("languages", "text"),
    [(("cs-CZ",), "Ahoj"), ((None, "en"), "Hello"), (("ru",), "Hello"), ((), "Hello")],
)
def test_an_answer_is_written_in_the_first_language_there_is(languages, text):
    step = macro.read([{"do": "reply", "bodies": {"cs": "Ahoj", "en": "Hello"}}])[0]
    assert step.body(*languages) == text
