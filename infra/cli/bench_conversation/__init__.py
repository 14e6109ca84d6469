"""The suite ``conversation`` of ``reauto bench``: everything that the conversation is held against."""
