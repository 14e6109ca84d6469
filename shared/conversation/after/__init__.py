"""What is made of a call behind it: evidence, mood, quality, a summary. None of it is on the way of a turn."""
