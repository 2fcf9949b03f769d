"""What the LangGraph server serves; ``langgraph.json`` points here."""
