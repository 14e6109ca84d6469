"""``reauto verify``: whether what we assume of a vendor holds on a real account."""
