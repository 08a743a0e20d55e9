"""Configuring hosts with Ansible: inventory from the plan, the deployment's CA, the run and its progress."""
