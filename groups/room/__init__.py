"""What is shared while a group meets: agenda, questions, the live page."""
