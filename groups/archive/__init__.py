"""What was read, and what it adds up to."""
