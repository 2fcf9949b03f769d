"""The built-in analyst: a request in plain language -> AppSpec, by rules; pure, no network, no model."""
