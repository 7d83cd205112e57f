"""The shape of the kit's code: packages in order, no import cycle, small functions, every step declares itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from unmask_kit.steps import STEPS, step_of

KIT = Path(__file__).parents[1] / "unmask_kit"
MODULES = {".".join(path.relative_to(KIT.parent).with_suffix("").parts): ast.parse(path.read_text()) for path in KIT.rglob("*.py")}
ORDER = ("workspace", "data", "make", "train", "measure", "ship", "studies", "everything", "cli")
"""No package imports a later one; `steps`, which finds modules by name, is not in the order."""
MOST_ARGUMENTS, MOST_LINES = 5, 80


def imported(module: str, tree: ast.Module) -> Iterator[str]:
	"""The modules of the kit that a module imports, at any level."""
	package = module.split(".")[:-1]
	for node in ast.walk(tree):
		if isinstance(node, ast.ImportFrom) and node.level:
			base = [*package[: len(package) - node.level + 1], *(node.module.split(".") if node.module else [])]
			for name in (".".join([*base, alias.name]) for alias in node.names):
				yield name if name in MODULES else ".".join(base)


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
	for module, tree in MODULES.items():
		for node in ast.walk(tree):
			if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
				yield f"{module}.{node.name}", node


def test_there_are_no_import_cycles() -> None:
	graph = {module: {name for name in imported(module, tree) if name != "unmask_kit"} for module, tree in MODULES.items()}
	TopologicalSorter(graph).prepare()


def test_every_import_finds_its_module() -> None:
	for module, tree in MODULES.items():
		for name in imported(module, tree):
			assert name in MODULES or f"{name}.__init__" in MODULES, f"{module} -> {name}"


def test_no_package_imports_a_later_one() -> None:
	upwards = []
	for module, tree in MODULES.items():
		for name in imported(module, tree):
			places = [ORDER.index(part) for part in (module.split(".")[1:] or [""])[:1] + (name.split(".")[1:] or [""])[:1] if part in ORDER]
			if len(places) == 2 and places[1] > places[0]:
				upwards.append(f"{module} -> {name}")
	assert not upwards


def test_functions_are_small() -> None:
	for name, node in functions():
		given = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if one.arg not in ("self", "cls")]
		assert len(given) <= MOST_ARGUMENTS, f"{name} has {len(given)} arguments"
		assert node.end_lineno - node.lineno < MOST_LINES, f"{name} is too long"


def test_checkpoints_are_read_as_data() -> None:
	for module, tree in MODULES.items():
		for node in ast.walk(tree):
			if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load":
				assert "weights_only=True" in ast.unparse(node), module


@pytest.mark.parametrize("name", list(STEPS))
def test_every_step_declares_itself(name: str) -> None:
	step = step_of(name)
	assert step.HELP and callable(step.arguments) and callable(step.run)
