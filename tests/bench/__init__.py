"""How long things take on this machine: `make bench`."""
