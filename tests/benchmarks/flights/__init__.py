"""A real year of scheduled services, 336,776 flights out of New York in 2013, replayed as missions.

An aircraft plays the pro, the airport of departure the city, a flight the mission, and the delay on arrival the stars.

    D=~/flights                                                       # any folder, about 400 MB
    python -m tests.benchmarks.flights.history $D/flights.ndjson --data $D
    python -m tests.benchmarks.flights.expected --data $D             # what DuckDB and a plain loop say
    mission-ledger import $D/flights.ndjson --database $D/ledger
    python -m tests.benchmarks.flights.check --database $D/ledger --data $D
    python -m tests.benchmarks.flights.kill $D/flights.ndjson --folder $D/killed --times 5

Run from the top of the repository. `--limit N`, the same for `history`, `expected` and `check`, keeps the first N
flights of the year.
"""
