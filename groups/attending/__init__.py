"""Who comes, who waits, who came, and what they thought."""
