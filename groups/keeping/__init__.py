"""What a meeting leaves, and how far its readers are: minutes, files, progress."""
