"""Recordings of calls: the seal around each, the keys, and the folder they may lie in."""
