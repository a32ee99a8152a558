"""Application forms: the fields and questions of each role's form."""
