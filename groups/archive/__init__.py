"""The archive of past meetings, and statistics about them."""
