"""What `pulumi up` runs: the program of the selected stack."""

import pulumi

from stacks.errors import GovcloudError
from stacks.programs import program_of

try:
    program_of(pulumi.get_stack())()
except GovcloudError as error:
    raise pulumi.RunError(str(error)) from None
