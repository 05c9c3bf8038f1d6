"""What a person likes: defaults, changes entry by entry, keys that are refused, quiet hours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.domain.preference import (
    DEFAULTS,
    NOTIFY,
    WAYS,
    complete,
    is_quiet,
    merged,
    wants,
)

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_who_has_set_nothing_gets_what_was_built() -> None:
    told = complete({})
    assert {key: told[key] for key in DEFAULTS} == dict(DEFAULTS)
    assert told["notify"]["mention"] == {"screen": True, "sound": True, "os": True, "email": False}


def test_no_kind_is_mailed_until_the_person_asks() -> None:
    assert not any(wants({}, kind, "email") for kind in NOTIFY)


def test_a_change_of_one_way_leaves_the_others() -> None:
    kept = merged({}, {"notify": {"offer": {"sound": False}}})
    kept = merged(kept, {"notify": {"offer": {"os": False}, "mention": {"email": True}}})
    assert not wants(kept, "offer", "sound")
    assert not wants(kept, "offer", "os")
    assert wants(kept, "offer", "screen")
    assert wants(kept, "mention", "email")


def test_null_takes_an_entry_back() -> None:
    kept = merged({}, {"keys": {"solve": "y"}, "panels": {"list": 400}})
    kept = merged(kept, {"keys": {"solve": None}, "panels": {"side": 300}})
    assert kept["keys"] == {}
    assert kept["panels"] == {"list": 400, "side": 300}


@pytest.mark.parametrize("combo", ["", "y", "Shift+E", "Mod+Shift+A", "g i", "F9", "Mod+Enter"])
def test_combinations_a_keyboard_can_make_are_kept(combo: str) -> None:
    assert merged({}, {"keys": {"solve": combo}})["keys"] == {"solve": combo}


@pytest.mark.parametrize("combo", ["Alt+s", "Mod+Alt+S", "[", "Mod+@", "a b c", " ", "jj", "\n"])
def test_combinations_that_write_letters_or_nothing_are_refused(combo: str) -> None:
    with pytest.raises(Invalid, match=r"settings\.key"):
        merged({}, {"keys": {"solve": combo}})


def test_one_combination_is_not_given_to_two_commands() -> None:
    with pytest.raises(Invalid, match=r"settings\.key_taken"):
        merged({"keys": {"solve": "y"}}, {"keys": {"note": "y"}})


def test_names_of_panels_and_commands_are_names() -> None:
    with pytest.raises(Invalid, match=r"settings\.name"):
        merged({}, {"panels": {"../etc": 300}})
    with pytest.raises(Invalid, match=r"settings\.too_many"):
        merged({}, {"panels": {f"p{number}": 300 for number in range(121)}})


@pytest.mark.parametrize(
    ("hour", "days", "quiet"),
    [
        (23, [], True),
        (6, [], True),
        (7, [], False),
        (12, [], False),
        (23, [0], True),
        (23, [1], False),
        (6, [6], True),  # Sunday's night reaches into Monday morning
        (6, [0], False),
    ],
)
def test_quiet_hours_cross_midnight(hour: int, days: list[int], *, quiet: bool) -> None:
    settings = {"quiet": {"from": "22:00", "to": "07:00", "days": days}}
    assert is_quiet(settings, MONDAY.replace(hour=hour)) is quiet


def test_quiet_hours_within_a_day_end_when_they_end() -> None:
    settings = {"quiet": {"from": "12:00", "to": "13:00", "days": []}}
    assert is_quiet(settings, MONDAY.replace(hour=12, minute=59))
    assert not is_quiet(settings, MONDAY.replace(hour=13))
    assert not is_quiet({"quiet": None}, MONDAY)


@given(
    st.dictionaries(
        st.sampled_from(sorted(NOTIFY)), st.dictionaries(st.sampled_from(WAYS), st.booleans())
    )
)
def test_what_was_said_last_of_a_way_is_what_counts(change: dict[str, dict[str, bool]]) -> None:
    kept = merged(merged({}, {"notify": {"offer": {"screen": False}}}), {"notify": change})
    for kind, ways in change.items():
        assert all(wants(kept, kind, way) is on for way, on in ways.items())
