"""A carrier without phones, and the people it rings."""
