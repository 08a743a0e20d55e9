"""What the plan makes of a stack, object by object, written down a second time.

The stacks translate the plan into resources; this package says independently what must come out. A mistake
or a trick on one side alone is a difference.
"""
