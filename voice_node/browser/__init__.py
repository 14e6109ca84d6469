"""The line to a browser: WebRTC instead of a carrier, for rehearsals."""
