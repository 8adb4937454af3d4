"""Whether a name is that of a pro, a client or a mission, and the refusal when nobody has heard of it."""

from __future__ import annotations

from ledger.errors import Refused
from ledger.store.database import Connection, translated
from ledger.store.log import LAST
from projections.statements import sql


def last_position(connection: Connection) -> int:
    """The last position of the log, 0 when it is empty."""
    with translated():
        row = connection.execute(sql("last_position")).fetchone()
    assert row is not None
    return int(row[0])


def accounts_of(connection: Connection, pro: str) -> list[str]:
    """All accounts of the person behind a pro, this one included. Refuses `unknown_pro`."""
    accounts = _accounts(connection, pro)
    if accounts is None:
        raise Refused("unknown_pro", f"no event mentions a pro {pro}; standing lists every pro", pro=pro)
    return accounts


def is_pro(connection: Connection, pro: str) -> bool:
    """Whether some event mentions this pro."""
    return _accounts(connection, pro) is not None


def _accounts(connection: Connection, pro: str) -> list[str] | None:
    with translated():
        row = connection.execute(sql("accounts_of"), {"pro": pro}).fetchone()
    return None if row is None else list(row[0])


def is_mission(connection: Connection, mission: str) -> bool:
    """Whether some event is about this mission."""
    with translated():
        asked = {"streams": [f"mission/{mission}"], "until": LAST}
        return bool(connection.execute(sql("stream_versions"), asked).fetchall())


def check_mission(connection: Connection, mission: str) -> None:
    """Refuse (`unknown_mission`) a mission without events."""
    if not is_mission(connection, mission):
        text = f"no event is about mission {mission}; events --type mission.requested lists the missions there are"
        raise Refused("unknown_mission", text, mission=mission)


def check_client(connection: Connection, client: str) -> None:
    """Refuse (`unknown_pro`, the contract's code for persons) a client for whom no mission was ever requested."""
    with translated():
        row = connection.execute(sql("is_client"), {"client": client}).fetchone()
    if row != (True,):
        raise Refused("unknown_pro", f"no event mentions client {client}; check its id", client=client)
