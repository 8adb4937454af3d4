"""Bills of plain missions, many at a time as columns: the same lines as `billed_missions` tells one by one, sooner.

A mission is plain when it was requested, then accepted, then completed, each once, and after that at most its duration
was changed; nothing of it was declared wrong and its bill was not adjusted. Most missions of any month are. Whatever is
not plain, or would not fit 64 bits on the way, is left to the one-by-one computation, which defines what is right; a
property test holds the two together. Integers only: an instant is microseconds, an amount minor units.

`facts` reads the events, `sessions` finds the plain missions, `amounts` and `closings` are the rules of
`ledger.billing` over columns, `entries` makes what a close freezes of them.
"""
