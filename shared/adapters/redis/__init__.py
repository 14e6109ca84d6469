"""Redis: who has room for a call, what is being said, and commands to live calls. All of it may be lost at any time."""
