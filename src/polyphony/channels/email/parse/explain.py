"""Why the answer is what it is: the header or rule that decided each of the main fields."""

from polyphony.channels.email.parse.read import Reading
from polyphony.channels.email.parse.shape import ReadMail


def explain(reading: Reading, mail: ReadMail) -> dict[str, str]:
    """Return the deciding header or rule of from, text, text_reply, auto_submitted and bounce."""
    return {
        "from": _author(mail),
        "text": reading.why.get("text", ""),
        "text_reply": reading.why.get("text_reply", ""),
        "auto_submitted": mail.auto_submitted.reason or "no sign of a machine",
        "bounce": reading.why.get("bounce", "no report about delivery"),
    }


def _author(mail: ReadMail) -> str:
    if mail.from_ is None:
        return "no From header"
    if "several_from" in mail.defects:
        return "From: the first of several authors that can be reached"
    return "From"
