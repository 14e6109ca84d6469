"""``reauto serve``: the system on one machine, until it is told to stop."""
