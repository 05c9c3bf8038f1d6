"""One shape: the published schema is the one the types say, and every answer fits it."""

import json
from pathlib import Path

import pytest
from tests.channels.email.parse.shapes import faults

from polyphony.channels.email.parse import read_mail
from polyphony.channels.email.parse.schema import schema
from polyphony.channels.email.parse.shape import unreadable

ROOT = Path(__file__).parents[4]
MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))


def test_the_published_schema_is_generated_from_the_types() -> None:
    written = json.loads((ROOT / "docs/schema/read-email.json").read_text(encoding="utf-8"))
    assert written == schema()


@pytest.mark.parametrize("path", MAILS, ids=[path.stem for path in MAILS])
def test_every_captured_mail_fits_the_schema(path: Path) -> None:
    assert faults(read_mail(path.read_bytes()).to_json(), schema()) == []


def test_the_minimal_answer_fits_the_schema() -> None:
    assert faults(unreadable("x.eml").to_json(), schema()) == []


def test_the_checker_finds_faults() -> None:
    broken = unreadable("x.eml").to_json() | {"schema": 2, "subject": None}
    assert len(faults(broken, schema())) == 2
    assert faults({}, schema())


def test_the_keys_stand_in_the_order_of_the_reference() -> None:
    keys = list(unreadable("").to_json())
    assert keys == [
        "schema", "file", "message_id", "in_reply_to", "references", "from", "to", "cc", "reply_to",
        "subject", "date", "text", "html_safe", "text_reply", "attachments", "auto_submitted",
        "bounce", "defects", "language",
    ]  # fmt: skip
