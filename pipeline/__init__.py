"""duoce 多测合一: the five surveys of a finished project become one checked, consolidated report."""

__version__ = "0.1.0"
