"""One module a command: `arguments` declares its words, `call` runs it and returns the exit code.

Light to import: what a command needs is imported inside `call`, so that `duoce --help` answers at once.
"""
