"""Sending invitations to the addresses that they are for."""
