"""Real processes over a real database, Redis and carrier, which die in the middle of their work."""
