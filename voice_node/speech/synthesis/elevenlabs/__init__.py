"""ElevenLabs: speech over websockets of many contexts, and what the account has left."""
