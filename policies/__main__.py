"""What the engine starts beside `pulumi preview` and `pulumi up`: the policy pack, until the run ends."""

import sys

from policies.pack import serve

serve(engine=sys.argv[1])
