"""What is nominated, and how the group chooses."""
