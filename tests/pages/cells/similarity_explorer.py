# %% [markdown]
# # Alike

# %% tags=["parameters"]
profile = "smoke"

# %%
from helpers.data import load
from helpers.evaluation.corruptions import NEURAL_NOISE_STD, Corruption
from helpers.figures.targets import fields_of
from helpers.neural_similarity import similarity_matrix
from helpers.records import Record
from helpers.widgets import similarity_explorer


def run(target, alpha, right):
    metrics = {Corruption("noise_std", std).metric: right for std in NEURAL_NOISE_STD[1:]}
    config = {**fields_of(target, alpha=alpha), "seed": 0}
    return Record("neural_similarity/noise", config, {"test_acc": right, **metrics}, {}, {})


images = load("digits").test_images[:12]
pixels = similarity_matrix(images.float())
held = [run("none", 0, 20.0), run("neural_model", 2, 30.0), run("neural_model", 8, 60.0)]
similarity_explorer(images, {"pixels": pixels, "opposite": -pixels}, held)
