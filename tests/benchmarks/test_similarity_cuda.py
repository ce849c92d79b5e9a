"""The benchmark of a training on a GPU, on a processor, with a clock of its own."""

from dataclasses import replace

from benchmarks import bench_similarity_cuda as bench
from helpers.experiments.neural_similarity.networks import recipe_of
from helpers.experiments.neural_similarity.noise import PAPER, similarity_config
from helpers.experiments.neural_similarity.targets import SHOWN


def clock(*times):
    """A clock that shows each of `times` in turn."""
    left = iter(times)
    return lambda: next(left)


def test_it_is_the_training_of_the_papers_networks():
    config = similarity_config("neural_model", scale=PAPER)
    assert (config["epochs"], config["train"]) == (bench.EPOCHS, bench.IMAGES)
    assert (config["images"], SHOWN[config["shown"]]) == (bench.STIMULI, bench.SHOWN)
    change = {"epochs": 2, "learning_rate": bench.RECIPE.learning_rate}
    assert replace(recipe_of(config), **change) == bench.RECIPE
    assert (bench.RECIPE.width, bench.RECIPE.batch, bench.RECIPE.pairs) == (64, 64, 32)


def test_the_second_of_two_epochs_stands_for_all(monkeypatch):
    monkeypatch.setattr(bench, "RECIPE", replace(bench.RECIPE, width=2, batch=16, pairs=4))
    monkeypatch.setattr(bench, "IMAGES", 100)
    monkeypatch.setattr(bench, "STIMULI", 6)
    monkeypatch.setattr(bench, "SHOWN", (12, 18))
    trained, train = [], bench.train_jointly

    def watched(recipe, images, labels, *, target, checkpoint, on_epoch):
        def end(epoch):
            assert checkpoint.exists()  # it is part of what is timed
            on_epoch(epoch)

        shapes = tuple(images.shape), tuple(labels.shape), tuple(target.stimuli.shape)
        options = {"target": target, "checkpoint": checkpoint, "on_epoch": end}
        trained.append((shapes, train(recipe, images, labels, **options)))

    monkeypatch.setattr(bench, "train_jointly", watched)
    # A first epoch of 90 seconds would be too long; the second has 6.
    row = bench.training(device="cpu", clock=clock(100.0, 106.0))
    ((shapes, found),) = trained
    assert shapes == ((100, 1, 32, 32), (100,), (6, 1, 12, 18))
    assert len(found.epochs) == 2
    assert all(epoch.similarity_loss > 0 for epoch in found.epochs)
    assert row.seconds == {"ours": 240.0, "limit": 360.0}  # forty epochs
    assert (row.ratio, row.side, row.met) == (0.6667, "at most", True)
    assert not bench.training(device="cpu", clock=clock(0.0, 9.1)).met
