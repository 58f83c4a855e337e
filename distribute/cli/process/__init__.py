"""This process: its time, its signals, its memory, its children."""
