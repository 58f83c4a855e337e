"""A campaign carried out: pages of people, at a pace, one turn after the other."""
