"""The long-lived process that holds the live calls."""
