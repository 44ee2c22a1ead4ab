"""What members are owed, each thing once."""
