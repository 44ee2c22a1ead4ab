"""What members type, and its limits."""
