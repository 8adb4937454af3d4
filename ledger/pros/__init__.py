"""A pro: the figures its missions add up to, and its access as findings and decisions leave it."""
