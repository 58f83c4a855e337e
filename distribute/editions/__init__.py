"""Posts become editions and issues; every decision carries its reason."""
