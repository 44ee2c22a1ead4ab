"""Who does what, and whose turn it is."""
