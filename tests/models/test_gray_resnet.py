import pytest
import torch
from torchvision.models import resnet18, resnet34

from helpers.models.gray_resnet import GrayResNet, layers_read


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
