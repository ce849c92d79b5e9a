"""What a GPU runs, against the plain twins; the Triton kernel also in Triton's interpreter."""

import copy
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
import torch

from helpers import cerebellum
from helpers.cerebellum import PlainLearner, learners
from helpers.cerebellum.graph_learners import GraphLearner, GraphOnlineLearner, Replay
from helpers.cerebellum.learners import fastest_learner
from helpers.cerebellum.sparse_product import SparseActivity

gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
DEVICES = ["cpu", pytest.param("cuda", marks=gpu)]
LEARNERS = [
    pytest.param(GraphLearner, 7, "cpu", id="graph on the CPU"),
    pytest.param(GraphLearner, 7, "cuda", marks=gpu, id="graph"),
    pytest.param(GraphOnlineLearner, 1, "cuda", marks=gpu, id="one image at a time"),
]


def data(n, device="cpu"):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(n, 784, generator=generator)
    return x.to(device), torch.randint(10, (n,), generator=generator).to(device)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("n", [0, 1, 5])
@pytest.mark.parametrize("k", [1, 4, 50])
def test_sparse_activity(k, n, device):
    granule = cerebellum.build(d=784, m=301, k=k, beta=None).granule.to(device)
    x = data(n, device)[0].requires_grad_()
    found, expected = SparseActivity.apply(x, granule.synapses()), (x @ granule.matrix()).relu()
    torch.testing.assert_close(found, expected)
    upstream = torch.rand(n, 301, generator=torch.Generator().manual_seed(1)).to(device)
    gradients = (torch.autograd.grad((y * upstream).sum(), x)[0] for y in (found, expected))
    torch.testing.assert_close(*gradients)


def test_synapses_follow_the_weights():
    granule = cerebellum.build(d=784, m=30, k=4, beta=None, seed=0).granule
    before = granule.synapses()
    assert copy.deepcopy(granule).synapses() is before
    granule.load_state_dict(
        cerebellum.build(d=784, m=30, k=4, beta=None, seed=1).granule.state_dict()
    )
    for product in (
        granule.synapses().by_cell.to_dense().T,
        granule.synapses().by_pixel.to_dense(),
    ):
        torch.testing.assert_close(product, granule.matrix())
    assert granule.double().synapses().by_cell.dtype == torch.float64


def test_a_full_layer_has_no_list_of_synapses():
    granule = cerebellum.build(d=784, m=30, k=None, beta=None).granule
    with pytest.raises(ValueError, match="granule is fully connected; it may be sparse"):
        granule.synapses()


@gpu
@pytest.mark.parametrize("k", [None, 4])
def test_outputs_and_input_gradient(k):
    here = cerebellum.build(d=784, m=500, k=k, beta=0.9)
    there = copy.deepcopy(here).to("cuda")
    x, _ = data(9)
    found, expected = (
        (y := cells(given), torch.autograd.grad(y.square().sum(), given)[0])
        for cells, given in (
            (there, x.to("cuda").requires_grad_()),
            (here, x.clone().requires_grad_()),
        )
    )
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.cpu(), other)


@pytest.mark.parametrize(("learner", "batch", "device"), LEARNERS)
@pytest.mark.parametrize(("k", "beta", "learns_bias"), [(None, None, True), (4, 0.9, False)])
def test_learners(learner, batch, device, k, beta, learns_bias, monkeypatch):
    m = 700  # not a whole number of blocks
    # Chunks of 64 images: the recorded steps are replayed several times, and some are left over.
    monkeypatch.setattr(GraphOnlineLearner, "AHEAD", 64 * m)
    x, labels = data(700, device)
    order = torch.randperm(700, generator=torch.Generator().manual_seed(4)).to(device)
    fast, plain = (
        cerebellum.build(d=784, m=m, k=k, beta=beta, bias=0.1, learns_bias=learns_bias).to(device)
        for _ in range(2)
    )
    start = plain.W.clone()
    plain = plain.double()
    fast_learner, plain_learner = learner(fast, 0.5 / m), PlainLearner(plain, 0.5 / m)
    for epoch in order.split([600, 100]):  # twice, so that state is carried over
        fast_learner.learn(x, labels, epoch, batch)
        plain_learner.learn(x.double(), labels, epoch, batch)
    # In single precision the signs of the first, tiny gradients differ now and then.
    assert (fast.W - plain.W).abs().max() < 5e-3 * (plain.W - start).abs().max()
    torch.testing.assert_close(fast.mu.double(), plain.mu, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(fast.bias.double(), plain.bias, rtol=1e-4, atol=1e-6)
    found, expected = fast_learner.mean_square.double(), plain_learner.mean_square
    torch.testing.assert_close(found, expected, rtol=1e-2, atol=1e-8)


@gpu
@pytest.mark.parametrize("k", [None, 4])
def test_the_same_single_images_give_the_same_model(k):
    x, labels = data(300, "cuda")
    order = torch.arange(300, device="cuda")
    one, two = (cerebellum.build(d=784, m=700, k=k, beta=0.9).to("cuda") for _ in range(2))
    for cells in (one, two):
        GraphOnlineLearner(cells, 1e-3).learn(x, labels, order, 1)
    assert torch.equal(one.W, two.W)


@pytest.mark.skipif(find_spec("triton") is None, reason="Triton is not there on this system")
def test_the_kernel_in_the_interpreter(tmp_path):
    # The interpreter has to be chosen before Triton is imported.
    environment = {**os.environ, "TRITON_INTERPRET": "1", "TRITON_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", INTERPRETED], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


INTERPRETED = """
import torch
from helpers import cerebellum
from helpers.cerebellum import PlainLearner
from helpers.cerebellum.graph_learners import GraphOnlineLearner

generator = torch.Generator().manual_seed(0)
x, labels = torch.rand(30, 784, generator=generator), torch.randint(10, (30,), generator=generator)
order = torch.randperm(30, generator=generator)
m = 600
GraphOnlineLearner.AHEAD = 20 * m  # twenty images ahead, then the ten that are left
for k, beta, learns_bias in ((4, 0.9, False), (None, None, True), (4, 0.9, True)):
    fast, plain = (
        cerebellum.build(d=784, m=m, k=k, beta=beta, bias=0.1, learns_bias=learns_bias)
        for _ in range(2)
    )
    fast_learner, plain_learner = GraphOnlineLearner(fast, 0.5 / m), PlainLearner(plain, 0.5 / m)
    for _ in range(2):
        fast_learner.learn(x, labels, order, 1)
        plain_learner.learn(x, labels, order, 1)
    for name in ("W", "mu", "bias"):
        found, expected = getattr(fast, name), getattr(plain, name)
        torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(fast_learner.mean_square, plain_learner.mean_square)
"""


def test_replay_calls_its_work_on_a_cpu():
    calls = []
    replay = Replay(lambda: calls.append(1), torch.device("cpu"))
    for _ in range(3):
        replay()
    assert len(calls) == 3


class OnGpu:
    """What :func:`fastest_learner` looks at of a model that lies on a GPU."""

    def __init__(self, dtype):
        self.granule = cerebellum.build(d=784, m=50, k=4, beta=None).granule
        self.W = self
        self.device, self.dtype = torch.device("cuda"), dtype


def test_the_fast_way_is_chosen_on_a_gpu(monkeypatch):
    monkeypatch.setattr(learners, "find_spec", lambda name: object())
    assert fastest_learner(OnGpu(torch.float32), 50) is GraphLearner
    assert fastest_learner(OnGpu(torch.float32), 1) is GraphOnlineLearner
    assert fastest_learner(OnGpu(torch.float64), 1) is GraphLearner
    monkeypatch.setattr(learners, "find_spec", lambda name: None)  # a system without Triton
    assert fastest_learner(OnGpu(torch.float32), 1) is GraphLearner


def test_the_online_learner_refuses_what_it_cannot_do():
    x, labels = data(5)
    cells = cerebellum.build(d=784, m=50, k=4, beta=None)
    with pytest.raises(ValueError, match="batch is 2; it may be 1"):
        GraphOnlineLearner(cells, 1e-3).learn(x, labels, torch.arange(5), 2)
    with pytest.raises(ValueError, match=r"W is torch.float64; it may be torch.float32"):
        GraphOnlineLearner(cells.double(), 1e-3).learn(x, labels, torch.arange(5), 1)
