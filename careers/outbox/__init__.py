"""Transactional outbox: an email is stored with the change it tells of, and sent afterwards."""
