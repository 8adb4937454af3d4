"""Questions about pros: their standing, what was decided about them and why, what waits for a person."""

from __future__ import annotations

from typing import Any

from ledger.instants import parse_us
from projections.archive import PostgresArchive
from projections.known import last_position
from projections.live.opened import Opened


class People(Opened):
    """What is known of pros, their missions and their recourse."""

    def standing(self, pro: str) -> dict[str, Any]:
        """One pro's standing with its anomalies."""
        from projections import reviews_reading, standing_reading

        policies = PostgresArchive(self.connection).published(cities=()).latest
        shown = standing_reading.standing(self.connection, pro, policies, now=self.clock())
        accounts = shown.get("accounts") or [pro]
        return shown | {"reviews": reviews_reading.reviews(self.connection, accounts, now=self.clock())}

    def standings(self, access_name: str | None = None) -> dict[str, Any]:
        """Every pro's standing, or of those with one access."""
        from projections import standing_reading

        return standing_reading.standings(self.connection, access_name, self.register(), now=self.clock())

    def check_client(self, client: str) -> None:
        """Refuse (`unknown_pro`) a client that nothing mentions."""
        from projections import known

        known.check_client(self.connection, client)

    def warnings(self, pro: str | None = None) -> dict[str, Any]:
        """Every warning, or one pro's."""
        from projections import warning_reading

        return warning_reading.warnings(self.connection, pro, now=self.clock())

    def why(self, pro: str) -> dict[str, Any]:
        """The account of the access decision."""
        from projections import why

        return why.why(self.connection, pro, now=self.clock())

    def reviews(self, pro: str | None = None) -> dict[str, Any]:
        """What rests on facts that no longer stand: of all pros, or of one."""
        from projections import reviews_reading

        return reviews_reading.listed(self.connection, pro, now=self.clock())

    def complaints(self, *, pro: str | None = None, year: int | None = None, only_open: bool = False) -> dict[str, Any]:
        """The complaints, in the order they were opened."""
        from projections import complaints_reading

        return complaints_reading.complaints(self.connection, pro=pro, year=year, only_open=only_open, now=self.clock())

    def complaint_statistics(self, year: int) -> dict[str, Any]:
        """The complaints of a year in numbers."""
        from projections import complaints_reading

        return complaints_reading.statistics(self.connection, year, now=self.clock())

    def contested(self, pro: str, time: str) -> str | None:
        """The id of the decision or warning that a complaint of this time would contest; None: none is recorded."""
        from ledger.pros.complaints import contested_by
        from projections.one_pro import book_of

        known = book_of(self.connection, pro, last_position(self.connection)).pro(pro)
        found = contested_by(known, parse_us(time), None)
        return found.id if found is not None and found.position not in known.voided else None

    def proposals(self, pro: str | None = None) -> dict[str, Any]:
        """The proposals that wait for a person."""
        from projections import proposal_reading

        return proposal_reading.proposals(self.connection, pro, now=self.clock())

    def has_key(self, person: str) -> bool:
        """Whether there is a key of this person, under which text about them is stored."""
        return PostgresArchive(self.connection).keys([person]).get(person) is not None

    def timeline(self, subject: str, kind: str | None = None, order: str = "recorded") -> dict[str, Any]:
        """Everything about a pro or a mission in order, and what each event changed."""
        from projections import timeline

        return timeline.timeline(self.connection, subject, kind, last_position(self.connection), order=order)

    def damage(self, *, pro: str | None = None, mission: str | None = None, incomplete: bool = False) -> dict[str, Any]:
        """Damage files, or only those that lack a document."""
        from projections import damage_reading

        return damage_reading.damage(self.connection, pro=pro, mission=mission, incomplete=incomplete)
