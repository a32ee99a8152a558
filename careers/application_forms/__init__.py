"""What people who apply are asked: the fields and questions of each application form."""
