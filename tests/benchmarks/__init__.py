"""Checks against public data at full size: run by hand, never by `pytest`, and never failing on timing."""
