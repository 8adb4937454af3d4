"""The stories of the demo month: each function writes one, and its docstring says what it shows."""
