"""What is wrong with the style sheets of mails, and with what mail programs make of it."""
