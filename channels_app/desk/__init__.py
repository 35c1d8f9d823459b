"""The socket of the people who answer: tells their pages what changed, and nothing else."""
