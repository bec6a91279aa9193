"""What every address asks of a person: the table the sweep walks. An address that is missing here fails the build."""

from dataclasses import dataclass
from enum import Enum, auto

from accounts.permissions import Permission as P


class Open(Enum):
    """Addresses that ask for no permission of ours."""

    ANYBODY = auto()  # answers a stranger too
    SIGNED_IN = auto()  # any member of staff, for themselves


@dataclass(frozen=True)
class Access:
    """Who may open an address, and with which methods it does something."""

    needs: P | Open
    get: bool = True
    post: bool = False


def page(needs: P | Open) -> Access:
    return Access(needs)


def form(needs: P | Open) -> Access:
    return Access(needs, post=True)


def action(needs: P | Open) -> Access:
    return Access(needs, get=False, post=True)


TABLE: dict[str, Access] = {}
