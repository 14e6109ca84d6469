"""``reauto demo``: the whole road on one machine, with simulated people, measured and shown."""
