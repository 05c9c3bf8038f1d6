"""Plain: names, levels and days of a configuration file, and what every thing of it is."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["en", "cs", "pl", "ru"]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*$")]
QueueName = Annotated[str, Field(min_length=1, max_length=410, pattern=r"^[^\r\n]+ / [^\r\n]+$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Frame = Annotated[str, Field(pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$")]
DATE = r"^\d{4}-\d{2}-\d{2}$"
RoleKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Level = Annotated[int, Field(ge=1, le=5)]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Wrong(ValueError):
    """What a thing of the file may not be, in a code of our own and a detail."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class Shape(BaseModel):
    """A thing of the file: names nobody knows are refused, what is missing has its default."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, str_max_length=100_000)
