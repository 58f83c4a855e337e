"""What the doctor asks: the settings and files here, the DNS and the servers outside."""
