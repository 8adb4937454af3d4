"""The rules of the charters: small pure functions over integers, each beside its citation."""
