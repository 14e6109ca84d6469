"""The REST API: one FastAPI application behind one function."""
