from dataclasses import dataclass
@dataclass
class Reply:
    text: str
    all_quoted: bool = False
def reply(text, html, *, html_only):
    return Reply(text.strip())
