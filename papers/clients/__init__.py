"""What other services say of papers, as frozen records. No Django, no database."""
