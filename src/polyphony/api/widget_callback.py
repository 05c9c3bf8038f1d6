"""Widget callback: a visitor leaves the line and asks to be called or written to."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response

from polyphony.api.widget_context import WidgetContext
from polyphony.api.widget_door import JSON_BYTES, JSON_S, Visit, answer, read_body, read_json
from polyphony.domain import callback
from polyphony.domain.errors import Invalid
from polyphony.flows import call_back, chat

if TYPE_CHECKING:
    from polyphony.api.widget_cases import Matters


class Callbacks:
    """The handlers; one per process."""

    def __init__(self, context: WidgetContext, matters: "Matters") -> None:
        """Ask ``matters`` whose Case is whose."""
        self._on: Final = context
        self._matters: Final = matters

    async def options(self, request: Request, visit: Visit) -> Response:
        """GET callback: whether one may be left in a Case, at which times, and the live one."""
        case = chat.case_id(request.query_params.get("case"))
        await self._matters.owned(visit, case)
        async with self._on.database.reads() as session:
            return answer(await call_back.options(session, visit.who, case, self._on.now()))

    async def ask(self, request: Request, visit: Visit) -> Response:
        """POST callback: a number, a mail address, or here in the chat; now or in a window."""
        body = await read_json(request)
        if not isinstance(body, dict):
            raise Invalid("chat.body")
        case = chat.case_id(body.get("case"))
        await self._matters.owned(visit, case)
        wish = callback.read(body)
        async with self._on.database.transaction() as session:
            made = await call_back.ask(session, visit.who, case, wish, self._on.now())
        return answer(made, 201)

    async def withdraw(self, request: Request, visit: Visit) -> Response:
        """DELETE callback: the visitor waits in the line again, in his old place."""
        await read_body(request, JSON_BYTES, JSON_S)
        case = chat.case_id(request.query_params.get("case"))
        await self._matters.owned(visit, case)
        async with self._on.database.transaction() as session:
            await call_back.withdraw(session, visit.who, case, self._on.now())
        return Response(status_code=204)
