"""What a sentence says happened to whom: each word for harm joined with its people, and which are part of which."""
