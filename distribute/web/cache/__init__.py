"""What one run leaves for the next: it only saves time, and may vanish at any time."""
