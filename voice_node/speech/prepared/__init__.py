"""Speech that is made ahead of need: kept in memory, in Redis and on disk, and joined so that no seam is heard."""
