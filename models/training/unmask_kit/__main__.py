"""`python -m unmask_kit STEP`: prepare, sheet, audit, train, evaluate, calibrate, export, all."""

from .cli import main

if __name__ == "__main__":
	main()
