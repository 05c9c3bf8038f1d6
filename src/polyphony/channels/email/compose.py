"""Compose: the HTML an agent wrote, made safe by the allow-list of mails, and its plain words."""

from polyphony.channels.email.parse import html, visible
from polyphony.domain.errors import Invalid

HTML_MAX = 400_000


def compose(given: str) -> tuple[str, str]:
    """Return safe HTML and the text alternative; raise Invalid when it is too long to send."""
    if len(given) > HTML_MAX:
        raise Invalid("reply.too_long", {"field": "html", "max": HTML_MAX})
    safe = html.clean(given)
    return safe, visible.text(safe)
