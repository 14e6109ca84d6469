"""The suite ``voice``: our node and a plain Pipecat bot, called by the same people, with the same stub models."""
