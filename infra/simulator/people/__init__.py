"""The people the simulated carrier rings: they hear a line, read words, and speak when it falls silent."""
