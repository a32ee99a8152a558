"""Applications: submission, spam checks, confirmation, the candidate's page, retention and erasure."""
