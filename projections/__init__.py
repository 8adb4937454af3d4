"""Read models folded from the log: standing, warnings, billing, and the ledger as commands use it."""

from os import environ

# NumPy's linear algebra, which nothing here uses, would start a thread that waits for work by turning in circles: a
# tenth of a second of a core at every large replay.
environ.setdefault("OPENBLAS_NUM_THREADS", "1")
