-- What another layout left, and what stands behind a gap: it is packed anew.
DELETE FROM ledger.segment WHERE layout <> %(layout)s OR first > %(until)s
