"""What the built-in analyst knows about common things."""
