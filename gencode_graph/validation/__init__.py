"""Checks: each judges a draft and returns findings and figures. One idea a file."""
