"""What is in input files, without any project: `duoce inspect`.

This module imports nothing, so that who only asks (`reading`) starts lightly: `facts` and `proposal` run in a worker.
"""
