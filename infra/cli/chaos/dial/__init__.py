"""The dial suite: the whole control plane under faults, and the proof that the faults would be noticed."""
