"""The cycle from nominations to the archive: phase changes, and tasks due by the clock."""
