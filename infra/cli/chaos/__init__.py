"""``reauto chaos``: faults by seed, and what became of them."""
