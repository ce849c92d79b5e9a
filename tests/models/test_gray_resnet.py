import subprocess
import sys

import pytest
import torch
from torchvision.models import resnet18, resnet34

from helpers.models.gray_resnet import GrayResNet, SkippingConvolution, layers_read


@pytest.mark.parametrize(("depth", "theirs"), [(18, resnet18), (34, resnet34)])
def test_behind_the_stem_it_is_torchvisions_network(depth, theirs):
    ours, plain = GrayResNet(depth).eval(), theirs(num_classes=10).eval()
    # Their stem has a stride and a pooling; from there on the same weights give the same scores.
    for section, name in zip(ours.sections, ("layer1", "layer2", "layer3", "layer4"), strict=True):
        section.load_state_dict(getattr(plain, name).state_dict())
    ours.scores.load_state_dict(plain.fc.state_dict())
    images = torch.rand(2, 1, 20, 24)
    x = ours.stem(5 * (images - 0.5))
    for name in ("layer1", "layer2", "layer3", "layer4"):
        x = getattr(plain, name)(x)
    torch.testing.assert_close(ours(images), plain.fc(plain.avgpool(x).flatten(1)))


def test_layers():
    assert layers_read(18) == (1, 5, 9, 13, 17)
    assert layers_read(34) == (1, 7, 15, 27, 33)
    maps = GrayResNet(width=4).features(torch.rand(3, 1, 36, 64))
    assert [tuple(each.shape[1:]) for each in maps] == [
        (4, 36, 64),
        (4, 36, 64),
        (8, 18, 32),
        (16, 9, 16),
        (32, 5, 8),
    ]


def test_skipping_before_a_convolution_is_a_stride():
    torch.manual_seed(0)
    skipping = SkippingConvolution(3, 5, 2)
    strided = torch.nn.Conv2d(3, 5, 1, 2, bias=False)
    strided.load_state_dict(skipping.state_dict())
    x = torch.rand(2, 3, 7, 8, requires_grad=True)
    found, wanted = skipping(x), strided(x)
    torch.testing.assert_close(found, wanted)
    ours, theirs = (
        torch.autograd.grad(y.square().sum(), (x, layer.weight))
        for y, layer in ((found, skipping), (wanted, strided))
    )
    torch.testing.assert_close(ours, theirs)


#: Every width up to SAFE, channels last, two threads: what oneDNN wrote past its workspace in.
LEARNS = """
import torch
from helpers.models.gray_resnet import SAFE, GrayResNet

torch.set_num_threads(2)
for width in (1, 2, 4, 8, SAFE - 1, SAFE):
    network = GrayResNet(width=width).to(memory_format=torch.channels_last)
    for _ in range(20):
        x = torch.rand(8, 1, 12, 12).contiguous(memory_format=torch.channels_last)
        network(x).square().mean().backward()
"""


def test_narrow_networks_learn_without_a_crash():
    done = subprocess.run([sys.executable, "-c", LEARNS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: GrayResNet(50), "depth is 50; it may be 18 or 34"),
        (lambda: GrayResNet("18"), "depth is '18'; it may be a whole number"),
        (lambda: GrayResNet(18.0), r"depth is 18\.0; it may be a whole"),
        (lambda: GrayResNet(width=0), "width is 0"),
        (lambda: GrayResNet(classes=1), "classes is 1"),
        (lambda: GrayResNet(width=2)(torch.rand(1, 3, 32, 32)), r"shape \(1, 3, 32, 32\)"),
        (lambda: layers_read(19), "depth is 19; it may be 18 or 34"),
        (lambda: layers_read("18"), "depth is '18'; it may be a whole number"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
