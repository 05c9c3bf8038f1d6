"""The bench of the reader: reproducible mails, both sides really read them."""

import pytest

from polyphony.app.bench.read import floor, mails, measured
from polyphony.channels.email.parse import read_mail


@pytest.mark.parametrize("kind", ["plain", "mixed"])
def test_the_same_seed_gives_the_same_mails(kind: str) -> None:
    assert mails(7, 5, kind) == mails(7, 5, kind)
    assert mails(7, 5, kind) != mails(8, 5, kind)


def test_plain_mails_have_the_size_of_the_design() -> None:
    batch = mails(1, 50, "plain")
    assert 2_500 <= sum(map(len, batch)) / len(batch) <= 3_100
    assert all(read_mail(raw).defects == () for raw in batch)
    assert all(read_mail(raw).html_safe for raw in batch)


def test_mixed_mails_carry_files_and_old_charsets() -> None:
    batch = [read_mail(raw) for raw in mails(1, 20, "mixed")]
    assert all(len(mail.attachments) == 1 and mail.language for mail in batch)


def test_floor_and_measured_return_cpu_seconds() -> None:
    batch = mails(1, 20, "plain")
    assert 0 < floor(batch) < 5
    assert 0 < measured(batch) < 5


def test_a_reader_that_understands_nothing_is_not_measured() -> None:
    with pytest.raises(AssertionError):
        measured([b""])
