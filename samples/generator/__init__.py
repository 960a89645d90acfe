"""Modules behind `samples/make.py`: an invented project, written the way five survey crews deliver it."""
