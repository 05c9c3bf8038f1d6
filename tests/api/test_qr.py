"""The QR code of a second factor: its squares are those of the text, inside a white border."""

import re

import segno

from polyphony.api.qr import QUIET, drawing


def test_the_path_draws_every_dark_square_and_no_other() -> None:
    uri = "otpauth://totp/Polyphony:jana@desk.example?secret=ABCDEFGH234567&issuer=Polyphony"
    drawn = drawing(uri)
    found = {
        (int(x) - QUIET, int(y) - QUIET)
        for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", str(drawn["path"]))
    }
    rows = segno.make(uri, error="m", micro=False).matrix
    assert found == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    assert drawn["size"] == len(rows) + 2 * QUIET
