"""PostgreSQL: the tables, and one repository per room. Nothing here knows a rule."""
