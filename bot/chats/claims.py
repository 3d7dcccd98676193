"""Which process holds a row, and until when."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(minutes=2)


class DeliveryState(StrEnum):
    """Where a digest stands."""

    IDLE = "idle"
    """Nothing is to be sent: only of standing questions, whose rows outlive what is sent for them."""
    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Worker:
    """A sending process: its host, its number there, and a word that no other process has."""

    host: str
    pid: int
    nonce: str

    @classmethod
    def this(cls) -> Worker:
        """The process that runs."""
        return cls(socket.gethostname()[:40], os.getpid(), secrets.token_hex(4))

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}:{self.nonce}"

    def has_outlived(self, worker: str) -> bool:
        """Whether another worker, as written down, ran on this host and lives no more."""
        host, _, rest = worker.rpartition(":")[0].rpartition(":")
        if host != self.host or worker == str(self) or not rest.isdigit():
            return False
        if int(rest) == self.pid:
            return True  # an earlier process had our number, as in a container
        try:
            os.kill(int(rest), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False
