import numpy as np

from unmask_kit.studies.unlike import distances, learn


def test_material_unlike_the_training_set_is_further_away():
	rng = np.random.default_rng(3)
	label = np.arange(400) % 2
	known = learn(rng.normal(size=(400, 80)) + label[:, None], label)
	near, far = rng.normal(size=(50, 80)), 6 * rng.normal(size=(50, 80))
	assert distances(known, near)["mahalanobis"].max() < distances(known, far)["mahalanobis"].min()


def test_a_training_crop_is_its_own_neighbour():
	rng = np.random.default_rng(4)
	seen = rng.normal(size=(200, 70))
	known = learn(seen, np.arange(200) % 2)
	assert distances(known, seen)["nearest"].mean() < distances(known, rng.normal(size=(200, 70)))["nearest"].mean()
