"""The suite ``db``: the control plane at millions of leads and calls, beside naive ways of doing the same."""
