"""Everything around the product: the command line, one machine, the simulator, deployment."""
