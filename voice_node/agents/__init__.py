"""The LangGraph agents of a conversation, and the driver that runs them with or without a graph."""
