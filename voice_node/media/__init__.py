"""The carrier's media stream: its messages, paced playout, the recording."""
