"""Times the legacy application's network in PyTorch, for `npm run bench -- weights`.

Usage: python time_seed.py FILE.pt THREADS ROUNDS BATCH...     Prints {"torch": version, "ms": {BATCH: [milliseconds per frame, one number per round]}}.
"""

import json
import sys
import time

import torch

from seed_network import SeedNetwork


def main(path: str, threads: int, rounds: int, batches: list[int]) -> None:
    torch.set_num_threads(threads)
    network = SeedNetwork().eval()
    network.load_state_dict(torch.load(path))
    result = {}
    with torch.inference_mode():
        for batch in batches:
            pictures = torch.rand(batch, 3, 112, 112)
            network(pictures)  # the first run allocates
            times = []
            for _ in range(rounds):
                start = time.perf_counter()
                network(pictures)
                times.append((time.perf_counter() - start) / batch * 1000)
            result[batch] = times
    print(json.dumps({"torch": torch.__version__, "ms": result}))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:4]), list(map(int, sys.argv[4:])))
