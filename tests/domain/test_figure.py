"""Figures of a Queue as boards mark them: sums of its cells, in the figure's own unit."""

import pytest

from polyphony.domain.board import Picture
from polyphony.domain.figure import value

NOW = 1_000_000
CHAT = Picture(
    {"waiting": 2, "offered": 1, "in_work": 4}, NOW - 9_000, 1, 2,
    {"entered": 10, "answered": 8, "answered_within": 6, "abandoned": 2, "wait_ms": 80_000},
    {"entered": 2, "answered": 2, "answered_within": 1},
)  # fmt: skip
MAIL = Picture({"waiting": 1, "wrap_up": 1}, NOW - 60_000, 0, 1, {"entered": 5, "answered": 2,
               "answered_within": 2, "accepted": 3, "declined": 1}, {})  # fmt: skip
PEOPLE = Picture({"online": 2, "break": 1, "ready": 1}, None, 0, 0, {}, {})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("waiting", 4),
        ("in_work", 5),
        ("breached", 1),
        ("due_soon", 3),
        ("longest", 60_000),
        ("service_level", 667),
        ("service_level_half", 500),
        ("abandon_pct", 133),
        ("offer_accept_pct", 750),
        ("answered", 10),
        ("entered", 15),
        ("asa", 8_000),
        ("ready", 1),
        ("online", 3),
        ("something_else", None),
    ],
)
def test_a_figure_adds_the_channels_of_a_queue_up(name: str, expected: int | None) -> None:
    assert value(name, [CHAT, MAIL], [PEOPLE], NOW) == expected


def test_what_was_not_counted_is_no_figure() -> None:
    assert value("service_level", [], [], NOW) is None
    assert value("longest", [PEOPLE], [], NOW) is None
    assert value("work_span", [CHAT], [], NOW) is None
