"""Reports, what moderators do about them, and what is said against that."""
