"""The doors: one handler per trigger and trust boundary."""
