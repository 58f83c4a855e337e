"""What is wrong with the finished mail: its sizes, its header, its HTML and its text."""
