"""Who did it, by whose word, and which organised groups, forces and states have a part in it."""
