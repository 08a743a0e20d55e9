"""The auditor's side: reads hosts and cloud independently of what built them, and writes the evidence."""
