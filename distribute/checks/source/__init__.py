"""What is wrong with what the author wrote: links, words, pictures, translation."""
