"""The demo: a sample month with one small story per hard case, shipped with the package."""
