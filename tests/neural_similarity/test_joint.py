import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch.nn.functional import cross_entropy

from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity import joint
from helpers.neural_similarity.joint import train_jointly
from helpers.neural_similarity.loss import LayerWeights, pair_similarities, similarity_loss
from helpers.neural_similarity.pairs import PairOrder
from helpers.neural_similarity.recipe import JointRecipe
from helpers.neural_similarity.similarity import similarity_matrix
from helpers.neural_similarity.target import Target
from helpers.training.augmentation import cropped_and_flipped

SMALL = JointRecipe(width=2, epochs=3, batch=8, pairs=2, validation=0.1, half_precision=False)


def pictures(n, *, seed=0, size=(16, 16)):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (n, 1, *size), generator=generator, dtype=torch.uint8)


def held_to_pixels(n=6):
    stimuli = pictures(n, seed=1, size=(12, 18))
    return Target("pixels", stimuli, similarity_matrix(stimuli.float()))


def train(recipe=SMALL, n=40, **options):
    images, labels = pictures(n), torch.arange(n) % 3
    return train_jointly(recipe, images, labels, classes=3, **options)


def same(one, other):
    mine, theirs = one.model.state_dict(), other.model.state_dict()
    return all(torch.equal(mine[name], theirs[name]) for name in mine)


def with_the_weights_of_each_epoch(recipe, folder, **options):
    """What came of a training, and the weights in the checkpoint behind each epoch."""
    path, weights = folder / "training.pt", []

    def read(epoch):
        weights.append(torch.load(path, weights_only=True)["network"])

    return train(recipe, checkpoint=path, on_epoch=read, **options), weights


def watched(monkeypatch):
    """A list that fills with whether a network trains, the images it is shown and its first map."""
    seen = []

    class Watched(GrayResNet):
        def features(self, images):
            maps = super().features(images)
            seen.append((self.training, images.detach(), maps[0].detach()))
            return maps

    monkeypatch.setattr(joint, "GrayResNet", Watched)
    return seen


def test_the_learning_rate_is_the_papers():
    recipe, per_epoch = JointRecipe(), 774  # 49,500 images in steps of 64
    steps = 40 * per_epoch
    rates = [recipe.rate(epoch * per_epoch, steps) for epoch in range(40)]
    cycle = [0.1 * 0.3 ** (epoch // 4) for epoch in range(20)]
    assert rates == pytest.approx(cycle * 2)
    assert recipe.rate(4 * per_epoch - 1, steps) == pytest.approx(0.1)
    assert recipe.rate(steps - 1, steps) == pytest.approx(0.1 * 0.3**4)


@pytest.mark.parametrize("half", [True, False])
def test_a_training_that_was_killed_ends_with_the_same_weights(half, tmp_path):
    target, path = held_to_pixels(), tmp_path / "training.pt"
    recipe = replace(SMALL, half_precision=half)
    whole = train(recipe, target=target, seed=3)

    class KilledError(Exception):
        pass

    def kill(epoch):
        if epoch.number == 2:
            raise KilledError

    with pytest.raises(KilledError):
        train(recipe, target=target, seed=3, checkpoint=path, on_epoch=kill)
    again = train(recipe, target=target, seed=3, checkpoint=path)
    assert same(whole, again)
    assert repr(whole.epochs) == repr(again.epochs)


def test_the_weights_kept_are_those_of_the_best_epoch_on_images_held_out(tmp_path):
    # Half of the training at a rate so high that the network forgets what it knew.
    change = {"epochs": 6, "learning_rate": 0.05, "cycles": 1, "phases": 2, "decay": 30}
    recipe, target = JointRecipe(**{**vars(SMALL), **change}), held_to_pixels()
    found, weights = with_the_weights_of_each_epoch(recipe, tmp_path, target=target, seed=3)
    losses = [epoch.validation_loss for epoch in found.epochs]
    best = losses.index(min(losses))
    assert best not in (0, len(losses) - 1)
    assert found.kept.number == best + 1
    kept = found.model.state_dict()
    # Of all epochs' weights these and no others are the same.
    assert [all(torch.equal(kept[name], each[name]) for name in kept) for each in weights] == [
        number == best for number in range(len(losses))
    ]
    assert not found.model.training


def test_the_learning_rate_falls_in_training_and_starts_anew_with_each_cycle(tmp_path):
    change = {"epochs": 4, "cycles": 2, "phases": 2, "decay": 1e-9, "momentum": 0.0}
    found, weights = with_the_weights_of_each_epoch(
        JointRecipe(**{**vars(SMALL), **change}), tmp_path
    )
    names = dict(found.model.named_parameters())
    moved = [
        max((after[name] - before[name]).abs().max().item() for name in names)
        for before, after in pairwise(weights)
    ]
    # A rate of next to nothing in the second and fourth epoch, the whole rate in the third.
    assert moved[0] < 1e-6 < 1e-3 < moved[1]
    assert moved[2] < 1e-6


def test_training_images_are_shifted_and_flipped_and_those_held_out_are_not(monkeypatch):
    # One bright pixel, with a less bright one on its right.
    images = torch.zeros(40, 1, 16, 16, dtype=torch.uint8)
    images[:, 0, 8, 7], images[:, 0, 8, 8] = 255, 128
    seen = watched(monkeypatch)
    train_jointly(SMALL, images, torch.arange(40) % 3, classes=3)
    shown = torch.cat([x for training, x, _ in seen if training])
    held = torch.cat([x for training, x, _ in seen if not training])
    assert len(shown) == 3 * 36
    spots = [divmod(spot, 16) for spot in shown.flatten(1).argmax(1).tolist()]
    flipped = [
        bool(x[0, row, column - 1] > 0) for x, (row, column) in zip(shown, spots, strict=True)
    ]
    assert {row for row, _ in spots} == set(range(4, 13))
    for mirrored, columns in ((False, range(3, 12)), (True, range(4, 13))):
        places = {
            column for (_, column), flip in zip(spots, flipped, strict=True) if flip == mirrored
        }
        assert places == set(columns)
    assert 0.35 < sum(flipped) / len(flipped) < 0.65
    assert torch.equal(held, (images[:12] / 255).float())


def test_two_steps_are_those_of_equation_7_with_momentum():
    images, labels, target = pictures(40), torch.arange(40) % 3, held_to_pixels()
    generator = torch.Generator().manual_seed(3)
    shuffle = torch.randperm(40, generator=generator)
    learnt = shuffle[4:]  # a tenth is held out
    order = learnt[torch.randperm(36, generator=generator)]
    torch.manual_seed(3)
    network, layer_weights = GrayResNet(width=2, classes=3).train(), LayerWeights()
    parameters = [*network.parameters(), *layer_weights.parameters()]
    velocities = [torch.zeros_like(each) for each in parameters]
    pairs, totals = PairOrder(6, 2, seed=3), []
    for step, rows in enumerate(order.split(18)):
        scores = network(cropped_and_flipped(images[rows] / 255, generator))
        first, second = pairs.step(step)
        maps = network.features(target.stimuli[torch.cat([first, second])] / 255)
        found = layer_weights(pair_similarities(maps))
        task = cross_entropy(scores, labels[rows])
        apart = similarity_loss(found, target.similarity[first, second])
        totals.append((task.item(), apart.item()))
        gradients = torch.autograd.grad(task + 5 * apart, parameters)
        with torch.no_grad():
            for weight, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
                velocity.mul_(0.7).add_(gradient)
                weight.sub_(0.02 * velocity)

    change = {"epochs": 1, "batch": 18, "alpha": 5, "momentum": 0.7, "learning_rate": 0.02}
    recipe = JointRecipe(**{**vars(SMALL), **change, "phases": 1})
    found = train(recipe, target=target, seed=3)
    for name, wanted in network.state_dict().items():
        torch.testing.assert_close(found.model.state_dict()[name], wanted, atol=1e-5, rtol=1e-4)
    (epoch,) = found.epochs
    gamma = layer_weights.gamma.tolist()
    assert epoch.gamma == pytest.approx(gamma, abs=1e-6)
    assert max(gamma) - min(gamma) > 1e-4
    tasks, aparts = zip(*totals, strict=True)
    assert epoch.task_loss == pytest.approx(sum(tasks) / 2, rel=1e-4)
    assert epoch.similarity_loss == pytest.approx(sum(aparts) / 2, rel=1e-4)


def test_a_target_changes_what_is_learnt_and_its_weight_how_much():
    alone, held = train(), train(target=held_to_pixels())
    without = train(JointRecipe(**{**vars(SMALL), "alpha": 0.0}), target=held_to_pixels())
    assert not same(alone, held)
    # At alpha 0 no gradient of the second loss is left; batches of stimuli still move statistics.
    for name, parameter in alone.model.named_parameters():
        assert torch.equal(parameter, dict(without.model.named_parameters())[name])
    assert math.isnan(alone.epochs[0].similarity_loss)
    assert held.epochs[0].similarity_loss > 0


def test_it_learns_both():
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(120) % 3
    # The class is which third of the picture is bright.
    images = torch.randint(0, 60, (120, 1, 12, 12), generator=generator)
    for row, label in enumerate(labels.tolist()):
        images[row, :, 4 * label : 4 * label + 4] += 150
    stimuli = pictures(12, seed=1, size=(12, 12))
    group = 2.0 * (torch.arange(12) % 2) - 1
    similarity = 0.6 * group[:, None] * group + 0.4 * torch.eye(12)
    target = Target("groups", stimuli, similarity)
    recipe = JointRecipe(
        width=4, epochs=8, batch=8, pairs=8, alpha=5, learning_rate=0.03, half_precision=False
    )
    found = train_jointly(recipe, images.byte(), labels, target=target, classes=3)
    first, last = found.epochs[0], found.epochs[-1]
    assert last.task_loss < 0.6 * first.task_loss
    assert last.similarity_loss < 0.5 * first.similarity_loss
    assert sum(last.gamma) == pytest.approx(1, abs=1e-5)


def test_a_blur_stays_before_the_network():
    found = train(JointRecipe(**{**vars(SMALL), "epochs": 1}), blur=1.5)
    checker = (torch.arange(16)[:, None] + torch.arange(16)) % 2
    gray = torch.full((1, 1, 16, 16), 0.5)
    torch.testing.assert_close(
        found.model(checker.float()[None, None]), found.model(gray), atol=1e-3, rtol=0
    )


@pytest.mark.parametrize(("half", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_images_stimuli_and_images_held_out_are_seen_in_one_precision(half, dtype, monkeypatch):
    seen = watched(monkeypatch)
    recipe = replace(SMALL, epochs=1, half_precision=half)
    train(recipe, target=held_to_pixels())
    kinds = {(training, tuple(images.shape[2:])) for training, images, _ in seen}
    assert kinds == {(True, (16, 16)), (True, (12, 18)), (False, (16, 16))}
    assert {first.dtype for _, _, first in seen} == {dtype}


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: train(n=5), "images are 5, of which 0 would be held out"),
        (lambda: train(seed=-1), "seed is -1"),
        (
            lambda: train_jointly(SMALL, torch.rand(9, 1, 8, 8), torch.zeros(9).long()),
            "images are torch.float32",
        ),
        (
            lambda: train_jointly(SMALL, pictures(9), torch.full((9,), 12)),
            "labels span 12 to 12",
        ),
        (lambda: JointRecipe(epochs=0), "epochs is 0"),
        (lambda: JointRecipe(pairs=1), "pairs is 1"),
        (lambda: JointRecipe(alpha=-1), "alpha is -1"),
        (lambda: JointRecipe(learning_rate=0), "learning_rate is 0"),
        (lambda: JointRecipe(momentum=1), "momentum is 1"),
        (lambda: SMALL.rate(5, 5), "step is 5"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()


def test_a_checkpoint_of_another_training_is_refused(tmp_path):
    path = tmp_path / "training.pt"
    train(checkpoint=path)
    with pytest.raises(ValueError, match="belongs to another training"):
        train(checkpoint=path, seed=1)
    with pytest.raises(ValueError, match="belongs to another training"):
        train(checkpoint=path, n=41)  # other images
    with pytest.raises(ValueError, match="belongs to another training"):
        train_jointly(SMALL, pictures(40), torch.arange(40) % 2, classes=3, checkpoint=path)
    held = tmp_path / "held.pt"
    target = held_to_pixels()
    train(checkpoint=held, target=target)
    with pytest.raises(ValueError, match="belongs to another training"):
        train(checkpoint=held, target=Target("pixels", target.stimuli, torch.eye(6)))
    path.write_bytes(b"torn")
    with pytest.raises(ValueError, match="cannot be read"):
        train(checkpoint=path)
    torch.save([1, 2], path)
    with pytest.raises(ValueError, match=r"belongs to another training \(list\)"):
        train(checkpoint=path)


def test_labels_may_be_short_whole_numbers():
    long = train_jointly(SMALL, pictures(40), torch.arange(40) % 2, classes=2)
    short = train_jointly(SMALL, pictures(40), (torch.arange(40) % 2).int(), classes=2)
    assert same(long, short)


def test_a_training_that_explodes_says_so():
    with pytest.raises(ValueError, match="the loss of epoch 1 is"):
        train(JointRecipe(**{**vars(SMALL), "learning_rate": 1e20}))
