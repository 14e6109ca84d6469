"""Models that are fetched once, checked by hash, and never at call time."""
