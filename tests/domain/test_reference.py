"""Reference: speakable, unguessable in order, every slip of a digit found."""

import random
from itertools import pairwise

import pytest

from polyphony.domain.reference import check_digit, found_in, parse, reference, shown

KEY = bytes(range(100, 132))


def test_no_two_of_many_are_equal_and_all_are_right():
    some = [reference(2026, n, KEY) for n in range(100_000)]
    assert len(set(some)) == len(some)
    assert {len(one) for one in some} == {10}
    assert all(parse(one) == one for one in some[:2000])
    assert {one[:2] for one in some} == {"26"}


def test_the_last_of_the_first_ten_million_is_followed_by_twelve_digits():
    last, next_ = reference(2026, 10**7 - 1, KEY), reference(2026, 10**7, KEY)
    assert (len(last), len(next_)) == (10, 12)
    assert parse(next_) == next_


def test_neighbours_do_not_tell_their_distance():
    numbers = [int(reference(2026, n, KEY)[2:9]) for n in range(2000)]
    steps = [abs(a - b) for a, b in pairwise(numbers)]
    assert len(set(steps)) > 1900
    assert sum(steps) / len(steps) > 1_000_000
    other = reference(2026, 5, bytes(32))
    assert other != reference(2026, 5, KEY)


def test_every_wrong_digit_and_every_swap_of_neighbours_is_found():
    chance = random.Random(1)
    for _ in range(3000):
        right = reference(2026, chance.randrange(10**7), KEY)
        for place in range(10):
            for digit in set("0123456789") - {right[place]}:
                assert parse(right[:place] + digit + right[place + 1 :]) is None
        for place in range(9):
            a, b = right[place], right[place + 1]
            if a != b:
                assert parse(right[:place] + b + a + right[place + 2 :]) is None


@pytest.mark.parametrize(
    "typed", ["{0}", "#{0}", "{1}", " {1} ", "# {1}", "{2}", "{1}\u00a0", "{3}", "{4}"]
)
def test_people_may_type_spaces_dashes_and_a_sharp(typed):
    right = reference(2026, 7, KEY)
    forms = [
        right, shown(right), shown(right).replace(" ", "-"),
        shown(right).replace(" ", "\u00a0"), shown(right).replace(" ", "\u2013"),
    ]  # fmt: skip
    assert parse(typed.format(*forms)) == right


@pytest.mark.parametrize(
    "wrong", ["", "abc", "123", "١٢٣٤٥٦٧٨٩٠", "26 0412 735x", "1" * 11, "9" * 40]
)
def test_what_is_no_reference_is_none(wrong):
    assert parse(wrong) is None


def test_it_is_found_in_brackets_of_a_subject_only():
    right = reference(2026, 7, KEY)
    other = reference(2026, 8, KEY)
    assert found_in(f"Re: Parcel [{shown(right)}]") == right
    assert found_in(f"AW: [#{right}] x") == right
    assert found_in(f"[SPAM] Re: [0000000001] [{shown(other)}]") == other
    assert found_in(f"call me {right}") is None
    assert shown(right) == f"{right[:2]} {right[2:6]} {right[6:]}"
    assert check_digit("572") == "4"
