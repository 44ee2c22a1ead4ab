"""What a comment points at: words of the abstract, or a place in the paper. Knows no database."""
