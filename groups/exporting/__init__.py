"""A group taken elsewhere, brought here, or begun again."""
