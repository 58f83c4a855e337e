"""What receivers will make of our domain and our server, judged before they do."""
