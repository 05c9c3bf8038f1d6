"""The reader against the development data: floors of the design, with the known disagreements."""

import pytest
from tools.judge_mails import bounce_counts, data_folder, judge_mail, judge_trim

pytestmark = pytest.mark.skipif(
    not data_folder().is_dir(), reason="the development data is not here: set POLYPHONY_DEV_DATA"
)

# Where the expected answer is another parser's opinion and a person reading the mail would not
# share it: malformed-012 (a part that would swallow the next ones), -020 and -021 (HTML source
# shown as text), rfc-001 (a path as file name: ours is the last piece, by rule), rfc-008 (the hash
# of undecoded base64), thirdparty-015 (an enclosed message cut elsewhere).
DISAGREEMENTS = 6


def test_mails_are_right_in_every_field() -> None:
    good, total = judge_mail(loud=True)
    assert good >= 0.85 * total
    assert good >= total - DISAGREEMENTS


def test_replies_are_trimmed_exactly() -> None:
    exact, cases, kept, words = judge_trim(loud=True)
    assert exact >= 0.8 * cases
    assert kept >= 0.995 * words


def test_bounces_are_recognised_and_judged() -> None:
    seen = bounce_counts(loud=True)
    assert seen["recognised"] >= 0.95 * seen["bounces"]
    assert seen["kind_right"] >= 0.93 * seen["bounces"]
    assert seen["soft_called_hard"] <= 0.02 * seen["soft"]
    assert seen["reports_hard"] == 0
    assert seen["reports_right"] == seen["reports"]
    assert seen["auto"] == seen["mails"]
