"""Small servers on loopback that answer as badly as a test wants."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


class Server:
    """Listens on loopback, and remembers the head of each request."""

    def __init__(self, handler: Callable[[socket.socket, str], None]) -> None:
        self.handler = handler
        self.requests: list[str] = []
        self.tls: ssl.SSLContext | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def url(self, path: str = "/", *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(2)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(connection):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
                head += piece
            request = head.decode("latin-1")
            self.requests.append(request)
            self.handler(connection, request)
            connection.close()


@contextlib.contextmanager
def serving(handler: Callable[[socket.socket, str], None]) -> Iterator[Server]:
    server = Server(handler)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def answer(
    body: bytes = b"", *, status: str = "200 OK", **headers: str
) -> Callable[[socket.socket, str], None]:
    """A handler that sends one whole answer."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"

    def handler(connection: socket.socket, request: str) -> None:
        connection.sendall(head + body)

    return handler
