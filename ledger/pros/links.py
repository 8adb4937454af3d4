"""Which accounts belong to one person. Mila: « chaque partenaire n'est autorisé à utiliser qu'un seul compte »."""

from __future__ import annotations

from ledger.pros.records import ProEvent


class Links:
    """The links recorded so far (`pro.accounts_linked`), by position; a void takes one back."""

    __slots__ = ("_groups", "_links")

    def __init__(self) -> None:
        self._links: dict[int, frozenset[str]] = {}
        self._groups: dict[str, tuple[str, ...]] = {}

    @classmethod
    def of(cls, accounts: tuple[str, ...]) -> Links:
        """The accounts of one person, where the links that made them one are known to somebody else."""
        links = cls()
        links._groups = dict.fromkeys(accounts, accounts)
        return links

    def group(self, account: str) -> tuple[str, ...]:
        """All accounts of the person, this one included, in order of name."""
        return self._groups.get(account) or (account,)

    def add(self, event: ProEvent) -> None:
        """Learn a link from its event."""
        self._links[event.position] = frozenset((event.account, *event.data["accounts"]))
        self._regroup()

    def take_back(self, position: int) -> tuple[str, ...]:
        """Forget the link recorded at a position; all accounts that were linked until now because of it."""
        accounts = self.group(min(self._links.pop(position)))
        self._regroup()
        return accounts

    def _regroup(self) -> None:
        """Links that share an account join; there are few of them."""
        groups: list[set[str]] = []
        for link in self._links.values():
            joined = [group for group in groups if group & link]
            groups = [group for group in groups if not group & link]
            groups.append(set(link).union(*joined))
        self._groups = {account: tuple(sorted(group)) for group in groups for account in group}
