"""For each rule, resources that it lets pass and resources that it refuses, in a file called like the rule.

`PASSING` lists resources; `FAILING` pairs a part of the violation with the resource that is refused.
"""
