"""Sliders for k, beta and epsilon: train a small cerebellum and attack one image of it."""

import ipywidgets
import torch
from IPython.display import display

from helpers.attacks import fgsm, pgd
from helpers.figures import show_attack, to_svg
from helpers.page import for_a_page
from helpers.widgets.small_models import SmallModels

K = (1, 2, 4, 10, 50, 200, 784)
BETA = {"no LTD": None, "0.9": 0.9, "0.99": 0.99, "0.999": 0.999}
LOSS = {"squared error": "mse", "cross-entropy": "cross_entropy", "margin": "margin"}


class AttackExplorer:
    """Five controls and their answer; live wherever a kernel runs.

    Attributes:
        k, beta, eps, loss, image: the controls.
        answer: one sentence on whether the image was fooled, and on how many others were.
        picture: the image, the perturbation and the adversarial image.
    """

    def __init__(self, models: SmallModels, *, steps: int = 20, sample: int = 100) -> None:
        """Attack with PGD of `steps` steps; the sentence counts the first `sample` test images."""
        self.models, self.steps, self.sample = models, steps, sample
        wide = {"layout": {"width": "20rem"}, "style": {"description_width": "6rem"}}
        late = {
            "continuous_update": False
        } | wide  # a step of training or attack per drag, not more
        self.k = ipywidgets.SelectionSlider(options=K, value=4, description="inputs k", **late)
        self.beta = ipywidgets.SelectionSlider(
            options=list(BETA), value="0.99", description="LTD β", **late
        )
        self.eps = ipywidgets.FloatSlider(
            value=0.1, min=0, max=0.5, step=0.01, description="epsilon ε", **late
        )
        self.loss = ipywidgets.Dropdown(
            options=list(LOSS), value="squared error", description="attack on", **wide
        )
        self.image = ipywidgets.IntSlider(
            value=0, min=0, max=sample - 1, description="test image", **late
        )
        self.answer = ipywidgets.HTML()
        self.picture = ipywidgets.HTML()
        for control in self.controls:
            control.observe(lambda change: self.refresh(), names="value")
        self.refresh()

    @property
    def controls(self) -> tuple[ipywidgets.Widget, ...]:
        """The five controls, in their order on the screen."""
        return self.k, self.beta, self.eps, self.loss, self.image

    def refresh(self) -> None:
        """Answer the controls as they stand."""
        model = self.models.get(self.k.value, BETA[self.beta.value])
        images = self.models.test_images[: self.sample]
        labels = self.models.test_labels[: self.sample]
        loss, chosen = LOSS[self.loss.value], slice(self.image.value, self.image.value + 1)
        with torch.no_grad():
            before = model(images).argmax(1)
        single = fgsm(model, images, labels, self.eps.value, loss=loss)
        many = pgd(model, images, labels, self.eps.value, steps=self.steps, loss=loss)
        after = model(many.images[chosen]).argmax(1)
        right = {
            "untouched": (before == labels).sum(),
            "after FGSM": (~single.success).sum(),
            f"after {self.steps} steps of PGD": (~many.success).sum(),
        }
        counts = ", ".join(f"{name} {int(number)}" for name, number in right.items())
        setting = (
            f"k = {self.k.value}, LTD β: {self.beta.value}, ε = {self.eps.value:.2f}, "
            f"attack on {self.loss.value}"
        )
        self.answer.value = (
            f"<p>{setting}. Predicted <b>{before[chosen].item()}</b>, after the attack "
            f"<b>{after.item()}</b>; the label is {labels[chosen].item()}. "
            f"Right answers among {self.sample} test images: {counts}.</p>"
        )
        self.picture.value = to_svg(
            show_attack(
                images[chosen],
                many.images[chosen],
                labels[chosen],
                before[chosen],
                after,
                self.eps.value,
                classes=model.classes,
            )
        )

    def _ipython_display_(self) -> None:
        if for_a_page():
            display(ipywidgets.HTML(self.picture.value + self.answer.value))
            return
        controls = ipywidgets.VBox(self.controls)
        answer = ipywidgets.VBox([self.picture, self.answer])
        wrap = ipywidgets.Layout(flex_flow="row wrap")  # on a narrow screen the answer goes below
        display(ipywidgets.Box([controls, answer], layout=wrap))
