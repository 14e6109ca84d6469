"""The ``reauto`` command."""
