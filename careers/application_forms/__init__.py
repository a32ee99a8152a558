"""Application forms: which fields and questions each role's form asks for."""
