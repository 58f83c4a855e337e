"""Who receives: subscribers, their languages, and their way out."""
