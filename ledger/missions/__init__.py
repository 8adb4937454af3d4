"""A mission: its life cycle, judged in the order things happened, and what it contributes to a pro's figures."""
