"""Whether a name is that of a pro or a mission, and the refusal when nobody has heard of it."""

from __future__ import annotations

from ledger.errors import Refused
from ledger.store.database import Connection, translated
from projections.statements import sql


def is_pro(connection: Connection, pro: str) -> bool:
    """Whether some event mentions this pro."""
    with translated():
        return bool(connection.execute(sql("pro_standings"), {"pros": [pro]}).fetchall())


def is_mission(connection: Connection, mission: str) -> bool:
    """Whether some event is about this mission."""
    with translated():
        asked = {"streams": [f"mission/{mission}"], "until": 2**63 - 1}
        return bool(connection.execute(sql("stream_versions"), asked).fetchall())


def check_pro(connection: Connection, pro: str | None) -> None:
    """Refuse (`unknown_pro`) a name that no event mentions; None passes."""
    if pro is not None and not is_pro(connection, pro):
        raise Refused("unknown_pro", f"no event mentions {pro}; standing lists every pro", pro=pro)


def check_mission(connection: Connection, mission: str | None) -> None:
    """Refuse (`unknown_mission`) a mission without events; None passes."""
    if mission is not None and not is_mission(connection, mission):
        text = f"no event is about mission {mission}; billing and events list the missions there are"
        raise Refused("unknown_mission", text, mission=mission)
