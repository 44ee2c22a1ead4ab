"""When a group meets: its rule, and what an organiser changes of one meeting."""
