"""One machine: embedded PostgreSQL and Redis, and the functions wired from ``template.yaml`` as AWS would."""
