"""How fast Backdesk is and how much memory it takes, as ratios to named peers or limits. `make bench` runs it all."""
