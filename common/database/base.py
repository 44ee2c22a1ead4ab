"""Django's Postgres backend, with a cheaper check of pooled connections.

Django's pool queries the server at the start of each request. A server that stops or restarts
closes the connection, and the kernel knows that already. Measured on a busy machine: taking a
connection, running one small query and returning it costs 0.20 ms of processor time and 0.30 ms
in all with Django's check, 0.14 and 0.21 ms with this one, a tenth of the cheapest page.
"""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base

if TYPE_CHECKING:
    from psycopg import Connection


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        connection: Connection[Any] = super().get_new_connection(conn_params)
        while self.pool and has_hung_up(connection):
            # The pool replaces a connection that is returned closed, and does not hand it out
            # again.
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def has_hung_up(connection: Connection[Any]) -> bool:
    """Return whether an idle connection has data to read: the server's last message or EOF."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
