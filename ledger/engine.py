"""The revision of the rules: what the engine finds, and how the figures that it judges are counted.

A new revision comes with a migration that writes into `ledger.engine` after which position of the log it judges. What
was found up to there was found by an older one. It is a fact like any other and is never found again under today's
rules: `verify` takes it as it is recorded.

Raise `ENGINE_REVISION` when the same events could make the engine write anything else than the released program did.
Beside its row, the migration keeps programs of the older revision that are still running from writing (0003 does so by
a constraint on what they write in the commit of every event).
"""

from __future__ import annotations

ENGINE_REVISION = 2
