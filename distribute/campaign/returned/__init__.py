"""What comes back: delivery reports, complaints, and what readers write to leave or join."""
