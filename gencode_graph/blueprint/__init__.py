"""The built-in generator: a request becomes an AppSpec, an AppSpec becomes files. No model, no network."""
