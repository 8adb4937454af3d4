"""The second speed: the facts told again as columns, by machine code, for every pro at once.

The rules are those of `ledger/rules`, compiled as they are (`rules`). What they judge is kept as plain integers:
`missions` tells the events of each mission, `pros` keeps the figures and asks the rules, `bills` works out what each
mission bears. What is rare – an event that arrived late, a mission that changed hands, a person's decision, accounts
that were linked – is told in plain Python by the same code that rules on a new event (`odd`), so both speeds give the
same findings, figures and amounts; tests/compiled holds them to it.

Numba translates the functions once, in a process of its own (`building`); their machine code is kept (`machine_code`),
and a `Kernel` calls it without numba (`compiling`, `calling`). Nothing outside imports this package before a replay is
large enough (`speeds`).
"""
