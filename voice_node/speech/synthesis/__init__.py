"""Text to speech: engines behind one port, failover between them, prepared audio and equal loudness."""
