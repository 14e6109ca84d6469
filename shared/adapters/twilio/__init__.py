"""Twilio: placing calls, checking its signatures, answering in TwiML."""
