"""What the facts give when they are told again: findings, access and bills, beside what is recorded.

`streams` reads the events of some pros, `deriving` derives, `recorded` says what is recorded, `comparing` compares two
sets of consequences; `replaying` and `simulating` put the question together. Nothing is written anywhere. Another
engine takes the place of `deriving.derive` and of nothing else.
"""
