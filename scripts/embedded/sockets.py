"""Asks a Unix socket whether somebody listens."""

import socket
from pathlib import Path


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def talk(path: Path, message: bytes) -> None:
    """Sends one message and waits until the other side hangs up."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        try:
            client.connect(str(path))
            client.sendall(message)
            while client.recv(4096):
                pass
        except OSError:
            return
