"""What is wrong with an issue: looked for, told, explained, mended."""
