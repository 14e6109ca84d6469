"""PostgreSQL for the doors that must open at once: psycopg and nothing else."""
