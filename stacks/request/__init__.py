"""What people ask for: typed models of the YAML files, with the position of every value."""
