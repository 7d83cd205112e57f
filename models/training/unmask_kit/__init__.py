"""Training kit of the Unmask classifier: prepare, train, evaluate, calibrate, export, audit. One command a step; see README.md."""
