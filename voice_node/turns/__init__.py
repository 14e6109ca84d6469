"""Whose turn it is to speak: voice activity, end of turn, interruption, playout, silence."""
