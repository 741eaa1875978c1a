"""A server on this machine's loopback that nobody may ask: whatever connects to it was a fetch."""

from __future__ import annotations

import socket
import threading

_OWN = b"OWN"


class Canary:
    """Listens, and remembers the first line of whoever comes."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self._heard: list[str] = []
        self._own = threading.Semaphore(0)
        threading.Thread(target=self._listen, daemon=True).start()

    def heard(self) -> list[str]:
        """Return what was heard so far: visitors are let in one after the other, and the last is this call's own."""
        with socket.create_connection(self.socket.getsockname()) as visit:
            visit.sendall(_OWN)
        assert self._own.acquire(timeout=60)
        return list(self._heard)

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            with visitor:
                visitor.settimeout(0.5)
                try:
                    said = visitor.recv(1000)
                    if said == _OWN:
                        self._own.release()
                        continue
                    visitor.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                except OSError:
                    said = b""
            self._heard.append(said.partition(b"\r\n")[0].decode(errors="replace") or "a connection")

    def close(self) -> None:
        self.socket.close()
