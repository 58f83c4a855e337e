"""In whose hands a campaign is: one sender's on this machine, or many workers'."""
