"""The whole state of the house, from one database into another."""
