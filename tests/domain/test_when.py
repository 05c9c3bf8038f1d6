"""When: words in four languages become moments; the zone, its odd days and any nonsense besides."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.when import FARTHEST, SUGGESTIONS_MAX, moments, usual, zone_of
from polyphony.domain.when_words import folded, vocabularies

PRAGUE = ZoneInfo("Europe/Prague")
NOW = datetime(2026, 11, 25, 10, 15, tzinfo=UTC)
"""A Wednesday, 11:15 in Prague."""

MEANT = [
    ("cs", "zítra 9", "26.11 09:00"),
    ("cs", "ZITRA V 9", "26.11 09:00"),
    ("cs", "za 2 hodiny", "25.11 13:15"),
    ("cs", "za hodinu", "25.11 12:15"),
    ("cs", "za půl hodiny", "25.11 11:45"),
    ("cs", "v pátek", "27.11 09:00"),
    ("cs", "ve středu v 8", "02.12 08:00"),
    ("cs", "příští pondělí", "30.11 09:00"),
    ("cs", "24.12.", "24.12 09:00"),
    ("cs", "24. prosince 10:00", "24.12 10:00"),
    ("cs", "za 3 dny v 10", "28.11 10:00"),
    ("cs", "pozítří ráno", "27.11 09:00"),
    ("cs", "dnes večer", "25.11 18:00"),
    ("cs", "konec dne", "25.11 17:00"),
    ("cs", "příští týden", "30.11 09:00"),
    ("cs", "zítra ve 3 odpoledne", "26.11 15:00"),
    ("pl", "w piątek", "27.11 09:00"),
    ("pl", "jutro rano", "26.11 09:00"),
    ("pl", "za dwie godziny", "25.11 13:15"),
    ("pl", "za pół godziny", "25.11 11:45"),
    ("pl", "pojutrze o 8:30", "27.11 08:30"),
    ("pl", "w następny wtorek o 10", "01.12 10:00"),
    ("pl", "1 grudnia", "01.12 09:00"),
    ("pl", "koniec tygodnia", "27.11 17:00"),
    ("pl", "za tydzień", "02.12 09:00"),
    ("ru", "через час", "25.11 12:15"),
    ("ru", "через полчаса", "25.11 11:45"),
    ("ru", "в понедельник 10:30", "30.11 10:30"),
    ("ru", "завтра в 9 утра", "26.11 09:00"),
    ("ru", "в пятницу вечером", "27.11 18:00"),
    ("ru", "через 2 недели", "09.12 09:00"),
    ("ru", "5 декабря", "05.12 09:00"),
    ("ru", "на следующей неделе", "30.11 09:00"),
    ("ru", "послезавтра", "27.11 09:00"),
    ("ru", "в 3 часа", "25.11 15:00"),
    ("en", "tomorrow 9", "26.11 09:00"),
    ("en", "tomorrow at 3", "26.11 15:00"),
    ("en", "next monday", "30.11 09:00"),
    ("en", "next friday", "04.12 09:00"),
    ("en", "in 3 days", "28.11 09:00"),
    ("en", "2h30m", "25.11 13:45"),
    ("en", "in an hour", "25.11 12:15"),
    ("en", "in a month", "25.12 09:00"),
    ("en", "in 2 workdays", "27.11 09:00"),
    ("en", "end of day", "25.11 17:00"),
    ("en", "friday 3pm", "27.11 15:00"),
    ("en", "12 am", "26.11 00:00"),
    ("en", "noon", "25.11 12:00"),
    ("en", "dec 5", "05.12 09:00"),
    ("en", "5th of december at 10", "05.12 10:00"),
    ("en", "2026-12-01", "01.12 09:00"),
    ("en", "2026-12-01T14:30", "01.12 14:30"),
]


def local(at, zone=PRAGUE):
    return at.astimezone(zone).strftime("%d.%m %H:%M")


@pytest.mark.parametrize(("language", "words", "meant"), MEANT)
def test_words_are_read_as_people_mean_them(language, words, meant):
    assert local(moments(words, NOW, PRAGUE, language)[0].at) == meant


@pytest.mark.parametrize(("language", "words", "meant"), MEANT)
def test_words_are_understood_whatever_language_the_screen_speaks(language, words, meant):
    other = "ru" if language != "ru" else "en"
    assert meant in [local(one.at) for one in moments(words, NOW, PRAGUE, other)]


@pytest.mark.parametrize(
    "words", ["", "   ", "soon", "for fun", "a", "24", "25:00", "31.2.", "13 pm", "yesterday",
              "2026-11-01", "9999-01-01", "0000-01-01", "in 0 days", "in 999 months", "💤"]
)  # fmt: skip
def test_nonsense_and_the_past_are_no_moment(words):
    assert moments(words, NOW, PRAGUE) == []


def test_what_can_be_meant_in_two_ways_is_proposed_in_both():
    assert [local(one.at) for one in moments("9.12", NOW, PRAGUE)] == ["09.12 09:00", "26.11 09:12"]
    assert [local(one.at) for one in moments("friday", NOW, PRAGUE)] == [
        "27.11 09:00",
        "04.12 09:00",
    ]
    assert [one.said for one in moments("3", NOW, PRAGUE)] == ["today", "tomorrow", "tomorrow"]


def test_tomorrow_is_tomorrow_where_the_person_is():
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    auckland = ZoneInfo("Pacific/Auckland")
    assert local(moments("tomorrow 9", late, auckland)[0].at, auckland) == "27.11 09:00"
    assert local(moments("tomorrow 9", late, ZoneInfo("UTC"))[0].at, UTC) == "26.11 09:00"


def test_the_night_the_clocks_go_forward_has_no_half_past_two():
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)
    found = [local(one.at) for one in moments("tomorrow 2:30 at night", before, PRAGUE)]
    assert found == []
    found = [local(one.at) for one in moments("28.3.2027 02:30", before, PRAGUE)]
    assert found == ["28.03 03:30"]
    [nine] = moments("tomorrow 9", before, PRAGUE)
    assert nine.at - before == timedelta(hours=19)


def test_the_night_the_clocks_go_back_means_the_first_half_past_two():
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    [half_past] = moments("25.10.2026 02:30", before, PRAGUE)
    assert half_past.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    [nine] = moments("tomorrow 9", before, PRAGUE)
    assert nine.at - before == timedelta(hours=20)
    [day] = moments("in 24 hours", before, PRAGUE)
    assert day.at - before == timedelta(hours=24)


@given(st.text(max_size=60), st.sampled_from(["en", "cs", "pl", "ru", "xx"]))
def test_any_words_give_only_moments_to_come(words, language):
    found = moments(words, NOW, PRAGUE, language)
    assert len(found) <= SUGGESTIONS_MAX
    assert len({one.at for one in found}) == len(found)
    assert all(NOW < one.at <= NOW + FARTHEST for one in found)


_WORDS = [
    word
    for known in vocabularies("en")
    for word in (*known.within, *known.on, *known.days, *known.weekdays, *known.parts, *known.units)
]


@given(
    st.lists(st.one_of(st.sampled_from(_WORDS), st.integers(0, 3000).map(str)), max_size=5),
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - a zone is added
    st.sampled_from(["Europe/Prague", "America/St_Johns", "Pacific/Apia", "UTC", "No/Where"]),
)
def test_known_words_in_any_order_and_zone_give_only_moments_to_come(words, now, zone):
    now = now.replace(tzinfo=UTC)
    found = moments(" ".join(words), now, zone_of(zone))
    assert all(now < one.at <= now + FARTHEST for one in found)


@given(st.integers(1, 200), st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - a zone is added
def test_hours_are_hours_through_every_change_of_clocks(many, now):
    now = now.replace(tzinfo=UTC, microsecond=0)
    [found] = moments(f"in {many} hours", now, PRAGUE)
    assert found.at - now == timedelta(hours=many)


@given(
    st.integers(0, 23), st.integers(0, 59),
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - a zone is added
)  # fmt: skip
def test_tomorrow_at_a_time_shows_that_time_unless_the_clocks_skip_it(hour, minute, now):
    now = now.replace(tzinfo=UTC)
    [found] = moments(f"tomorrow {hour:02}:{minute:02}", now, PRAGUE)
    shown = found.at.astimezone(PRAGUE)
    assert (shown.date() - now.astimezone(PRAGUE).date()).days == 1
    assert shown.minute == minute
    assert shown.hour == hour or (hour, shown.hour) == (2, 3)


def test_before_a_word_is_typed_the_usual_moments_are_proposed():
    assert [local(one.at) for one in usual(NOW, PRAGUE)] == [
        *("25.11 12:15", "25.11 14:15", "25.11 17:00", "26.11 09:00", "30.11 09:00"),
    ]
    evening = datetime(2026, 11, 29, 20, 3, 20, tzinfo=UTC)
    assert [local(one.at) for one in usual(evening, PRAGUE)] == [
        *("29.11 22:05", "30.11 00:05", "30.11 09:00"),
    ]


def test_folding_forgets_accents_capitals_and_blanks():
    assert folded("  ZÍTRA   Ráno. ") == "zitra rano"
    assert folded("Świętą środę, łódź") == "swieta srode, lodz"
    assert folded("Ёлка") == "елка"
