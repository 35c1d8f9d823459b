"""Sales files: a CSV or XLSX export of a till becomes events, through the same door as everything else."""
