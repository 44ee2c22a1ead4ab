"""What members are told, and where they read it."""
