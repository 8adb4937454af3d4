"""Ruling on the batches of a large import by columns, with the machine code of the replay.

Missions are flat records (`courses`), placed all at once (`projections.compiled.placing`), as long as they take the
plain course of things; pros are the moves of their missions (`people`), judged anew with each batch
(`projections.compiled.continuing`), as long as nothing but such missions concerns them. From the first event that no
flat record can say – one that arrives late, contradicts, changes hands, is decided by a person – a mission is an
ordinary `MissionHistory`, and whoever it concerns an ordinary `Pro`, of the book, which is the definition.

Events are placed where they will stand if nothing is refused and nothing found; what is found moves those behind it on
(`positions`). tests/bulk hold both ways to the same rows of every table.
"""
