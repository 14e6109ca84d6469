"""What is noted while a call runs: its turns, the live feed, its usage, its latencies."""
