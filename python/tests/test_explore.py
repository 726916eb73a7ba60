"""A model with sliders: what they do to it, without a browser."""

import builtins
import unittest
from unittest import mock

import noisetrap as nt

try:
    import ipywidgets
    import matplotlib  # noqa: F401
except ImportError as _missing:
    ipywidgets = None
    _why = f"{_missing.name} is not here"

FEW = {"paths": 2000, "t_end": 5}


class WithoutWidgets(unittest.TestCase):
    def test_a_sentence_says_what_to_install(self):
        real = builtins.__import__

        def without(name, *rest, **more):
            if name == "ipywidgets":
                raise ImportError("No module named 'ipywidgets'", name=name)
            return real(name, *rest, **more)

        with mock.patch.object(builtins, "__import__", without):
            with self.assertRaisesRegex(ImportError, "ipywidgets is missing.*pip install ipywidgets matplotlib"):
                nt.explore("linear-sde")


class Explorers(unittest.TestCase):
    def setUp(self):
        if ipywidgets is None:
            self.skipTest(_why)

    def explored(self, *arguments, **keywords):
        return nt.explore(*arguments, **{**FEW, **keywords})

    def test_a_slider_runs_the_model_anew(self):
        explorer = self.explored(nt.LinearSde(a=-0.1, sigma=1.0, tau=0.5))
        before, picture = explorer.run.growth_rate, explorer._picture.value
        explorer.sliders["sigma"].value = 1.5
        self.assertEqual(explorer.model, nt.LinearSde(a=-0.1, sigma=1.5, tau=0.5))
        self.assertLess(explorer.run.growth_rate.value, before.value)
        self.assertEqual(explorer.run.growth_rate,
                         nt.simulate(explorer.model, **FEW).growth_rate)
        self.assertNotEqual(explorer._picture.value, picture)
        self.assertTrue(bytes(picture).startswith(b"\x89PNG"))
        self.assertIn("trapped", explorer._words.value)

    def test_it_shows_itself_in_a_notebook(self):
        shown = self.explored(nt.LinearSde())._repr_mimebundle_()
        self.assertIn("application/vnd.jupyter.widget-view+json", shown)

    def test_sliders_reach_where_they_may(self):
        explorer = self.explored(nt.LinearSde(a=-0.2), ranges={"sigma": (0.5, 3)})
        ends = {name: (slider.min, slider.max) for name, slider in explorer.sliders.items()}
        self.assertEqual(ends["a"], (-0.4, 0.4))
        self.assertEqual(ends["sigma"], (0.5, 3))
        self.assertEqual(ends["tau"][0], 0)
        self.assertEqual(ends["rho"], (-1, 1))
        with self.assertRaisesRegex(TypeError, "has no parameter 'sigm'; it has a, sigma, tau, rho"):
            self.explored(nt.LinearSde(), ranges={"sigm": (0, 1)})

    def test_words_are_chosen_and_a_mistake_is_told(self):
        explorer = self.explored(nt.NoisySaddle(tau=0.01), t_end=None, steps=100)
        self.assertEqual(explorer.sliders["law"].options,
                         ("gaussian", "uniform", "two-point", "student-t", "stable"))
        explorer.sliders["rho"].value = 0.5
        explorer.sliders["eta_law"].value = "uniform"
        self.assertIsNone(explorer.run)
        self.assertIn("needs xi and eta of the same law", explorer._words.value)
        explorer.sliders["eta_law"].value = "gaussian"
        self.assertIsNotNone(explorer.run)


if __name__ == "__main__":
    unittest.main()
