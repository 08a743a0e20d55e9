"""How an operator's machine reaches the cloud and its hosts: clouds.yaml, proxy, bastion, SSH."""
