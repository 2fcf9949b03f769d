"""Scripts for the server that plays the models, in which agents add to the demo what its built-in draft lacks."""

from pathlib import Path

REQUEST = "Create a bug tracking system with projects, issues, comments and labels"
"""What the scripts are written for."""

BUG_TRACKER = Path(__file__).with_name("bug_tracker.yaml")
"""An operation and a page, a domain rule with its tests, a field and a rounder look, with mistakes on the way."""
