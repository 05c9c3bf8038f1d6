"""Wire: WebSocket connections whose text frames may be written without a task for each of them."""

from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

if TYPE_CHECKING:
    from websockets.http11 import Request

EXTENSION: Final = "polyphony.wire"
"""In the ASGI scope: ``Callable[[bytes], bool]``, writes one text frame or says that it cannot."""

_TEXT: Final = 0x81
_SHORT, _MIDDLE = 126, 1 << 16


class Wire(WebSocketsSansIOProtocol):
    """The server's side of a WebSocket; frames of the stream go from the fan to the transport.

    A frame of the server carries no mask: its bytes are the same for everybody who gets it, and
    one write does without waking a task, the ASGI stack and the protocol for every line.
    """

    def handle_connect(self, event: "Request") -> None:
        """Begin a connection, offering the application to write frames itself."""
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][EXTENSION] = self.write_text

    def write_text(self, data: bytes) -> bool:
        """Write one text frame at once; False when it must wait its turn, or there is no line."""
        if (
            not self.writable.is_set()
            or not self.handshake_complete
            or self.close_sent
            or self.disconnected
            or self.conn.extensions
            or self.transport.is_closing()
        ):
            return False
        self.transport.write(_head(len(data)) + data)
        return True


def _head(size: int) -> bytes:
    if size < _SHORT:
        return bytes((_TEXT, size))
    if size < _MIDDLE:
        return bytes((_TEXT, 126)) + size.to_bytes(2)
    return bytes((_TEXT, 127)) + size.to_bytes(8)
