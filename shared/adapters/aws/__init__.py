"""Amazon's services: queues, recordings, secrets, parameters, alerts. One file each."""
