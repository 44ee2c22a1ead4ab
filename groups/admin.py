"""A window on groups, for operators."""
