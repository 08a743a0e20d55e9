"""What `pulumi up` runs: the program of the selected stack, watched by the policy pack."""

import pulumi

from stacks import watched
from stacks.errors import GovcloudError
from stacks.programs import program_of

try:
    watched.require()
    program_of(pulumi.get_stack())()
except GovcloudError as error:
    raise pulumi.RunError(str(error)) from None
