"""Training kit of the Unmask classifier: prepare, train, evaluate, calibrate, export, audit. One command per step; see README.md."""
