"""How large a picture is shown, read from the first of its bytes; nothing is decoded."""
