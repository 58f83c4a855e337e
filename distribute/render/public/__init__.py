"""The pages where people join, choose and leave: forms that need no JavaScript."""
