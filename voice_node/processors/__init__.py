"""Pipecat processors of our own: the opt-out guard and the conversation."""
