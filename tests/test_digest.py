import torch

from helpers.digest import digest_tensors


def test_a_digest_knows_values_shapes_types_and_order():
    one, other = torch.arange(6.0), torch.tensor([1, 0, 1], dtype=torch.uint8)
    lists = [
        [one, other],
        [other, one],
        [one],
        [one.view(2, 3), other],
        [one.view(2, 3).t(), other],
        [one + 1e-6, other],
        [one.view(torch.int32), other],
        [one, other.bool()],
        [],
    ]
    assert len({digest_tensors(each) for each in lists}) == len(lists)


def test_a_digest_does_not_know_how_a_tensor_lies_in_memory():
    maps = torch.randn(2, 3, 4, 4).bfloat16()
    last = maps.contiguous(memory_format=torch.channels_last).requires_grad_()
    assert digest_tensors([last]) == digest_tensors([maps])
