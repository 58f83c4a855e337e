"""What a campaign knows of one person, and how that is erased."""
