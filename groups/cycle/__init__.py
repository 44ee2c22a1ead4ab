"""From nominations to the archive: the changes of phase, and what is due by the clock."""
