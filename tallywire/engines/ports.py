"""Loopback ports: choosing free ones, and saying who holds one that isn't."""

import socket

import psutil

from tallywire.engines.errors import EngineError

LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Return ports that are free now, all different: each is held until the last is found."""
    held = [socket.socket() for _ in range(count)]
    try:
        for sock in held:
            sock.bind((LOOPBACK, 0))
        return [int(sock.getsockname()[1]) for sock in held]
    finally:
        for sock in held:
            sock.close()


def is_free(port: int) -> bool:
    """Return whether a server could listen on a port now."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a closed server's lingering port is free
        try:
            sock.bind((LOOPBACK, port))
        except OSError:
            return False
    return not accepts(port)


def accepts(port: int) -> bool:
    """Return whether something accepts connections on a port."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def holder(port: int) -> str | None:
    """Return the name and id of the process that listens on a port; None: the system doesn't tell us."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens and connection.pid is not None:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return None  # other users' connections are hidden from us on some systems
    return None


def require_free(port: int, engine: str, variable: str) -> None:
    """Check that an engine can have its port.

    Raises:
        EngineError: Something holds it.
    """
    if not is_free(port):
        who = holder(port) or "another program"
        raise EngineError(
            f"Port {port}, meant for {engine}, is in use by {who}; stop it or set {variable} to a free port."
        )
