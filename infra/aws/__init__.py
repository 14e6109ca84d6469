"""What the deployed stack is built from."""
