"""From what a member typed to HTML that is safe to show. Knows no database."""
