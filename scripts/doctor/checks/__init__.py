"""One check a module: `CHECK`, and its place in the table as `ORDER`."""
