"""The worker processes of one node behind one address: started from one warm process, watched, replaced, drained."""
