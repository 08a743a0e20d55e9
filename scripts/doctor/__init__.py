"""What the landing zone needs of a cloud and of this machine, asked before anything is touched."""
