"""Piper and Kokoro: voices with a model on this machine, each in a process of its own."""
