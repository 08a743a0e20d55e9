"""What requests become: the plan in the words of departments and operators, before anything is touched."""
