"""``reauto evaluate conversation``: whole calls, played from scenario files and judged."""
