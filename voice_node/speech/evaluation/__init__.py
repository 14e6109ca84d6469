"""How well speech works: words heard over bad lines, who answered, how loud the voices are. Reads no settings."""
