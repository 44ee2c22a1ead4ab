"""Sample threads for development: our own, and those of a file."""
