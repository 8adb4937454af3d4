"""The log as columns: what happened to which mission, as small integers, in stretches of some thousand events.

`layout` says which columns there are and makes them of entries, `packing` keeps them beside the log, `reading` gives
them back with one numbering of names over the whole log. They hold ids, times, enums and numbers and nothing else, so
nothing personal is in them.
"""
