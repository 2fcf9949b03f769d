"""What is remembered by meaning: embedders, by name."""
