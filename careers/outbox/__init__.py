"""Transactional outbox: an email is stored in the transaction of the change it is about, and sent afterwards."""
