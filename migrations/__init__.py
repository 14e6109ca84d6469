"""Schema changes, in order, each with its way back."""
