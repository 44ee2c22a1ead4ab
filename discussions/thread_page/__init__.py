"""A thread as its page shows it: which part, in what order, in how few queries and bytes."""
