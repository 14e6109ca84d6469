"""TwiML verbs, one idea a file."""
