"""Models that are formulas: the files of runs on the CUDA backend are those of the CPU, byte for byte.

    build/release/on_ptxhost python3 tests/gpu/formulas_test.py build/release/noisetrap

Two formulas in which much comes together. With NOISETRAP_TEN_FORMULAS=1 ten more, which between them have every form, law and
memory of a noise, both calculi, and functions of each kind; each compiles two kernels, for some seven seconds of a processor.
"""

import os
import unittest

from bytes_test import Case

FEW = {"ensemble.paths": 300, "integrator.steps": 37}
ONLY_X = "[observe]\ngrowth = false\nquantiles = []\n"


class FormulaCase(Case):
    def same(self, model, more=""):
        super().same(f"[model]\n{model}\n{more}", FEW)


class Formulas(FormulaCase):
    def test_a_stratonovich_equation_of_which_another_number_is_observed(self):
        self.same('equation = "dx = (f(x) + sin(2*t)) dt + s*x*cos(x) dW + 0.1 dV"\nparameters = {s = 0.3}',
                  '[functions]\nf = "tanh(u) - atan(2*u)"\n[integrator]\nscheme = "euler-heun"\n'
                  'calculus = "stratonovich"\n[observe]\nof = "exp(-x^2)"\ngrowth = false\nquantiles = []\n')

    def test_a_recursion_with_tails_and_memory(self):
        self.same('next = "x + (a + xi + y)*x + eta"\nparameters = {a = 0.1}',
                  "[noise]\nxi = {law = 'student-t', nu = 3, sd = 0.2}\n"
                  "eta = {law = 'stable', alpha = 1.5, scale = 0.1}\n"
                  "y = {process = 'correlated', correlation_time = 5, sd = 0.3}\n" + ONLY_X)


@unittest.skipUnless("NOISETRAP_TEN_FORMULAS" in os.environ, "ten more with NOISETRAP_TEN_FORMULAS=1")
class TenMore(FormulaCase):
    def test_one_variable_and_several_noises_with_its_growth_rate(self):
        self.same('equation = "dx = (mu*x - x^3) dt + zeta*x dW + tau*cos(x) dV + 0.1 dU"\n'
                  "parameters = {mu = 1.5, zeta = 1.0, tau = 0.3}", "[integrator]\ndt = 0.0078125")

    def test_a_drift_that_depends_on_time_and_a_function_of_one_s_own(self):
        self.same('equation = "dx = (f(x) + sin(2*t)) dt + exp(-x^2) dW"',
                  '[functions]\nf = "tanh(u) - atan(2*u)"\n' + ONLY_X)

    def test_a_stratonovich_equation(self):
        self.same('equation = "dx = a*x dt + sqrt(1 + x^2) dW"\nparameters = {a = -0.5}',
                  '[integrator]\nscheme = "heun"\ncalculus = "stratonovich"\n' + ONLY_X)

    def test_a_neuron_of_two_variables(self):
        self.same('equation = ["dv = (v - v^3/3 - w + 0.5) dt + s dW", "dw = (v + 0.7 - 0.8*w)/12.5 dt + 0.1*w dV"]\n'
                  "parameters = {s = 0.2}", ONLY_X)

    def test_the_energy_of_a_spring_under_baoab(self):
        self.same('equation = ["dx = v dt", "dv = (-x - 0.5*v) dt + 0.8*x dW"]',
                  '[integrator]\nscheme = "baoab"\n[observe]\nof = "(v^2 + x^2)/2"\ngrowth = false\nquantiles = []\n')

    def test_jumps_of_an_sde(self):
        self.same('equation = "dx = 0.3*x dt + 0.5*x dW + 0.5*x dN"',
                  "[noise]\ndN = {law = 'jumps', rate = 20.0}\n" + ONLY_X)

    def test_a_recursion_with_tails_of_two_kinds(self):
        self.same('next = "x + (a + xi)*x + eta"\nparameters = {a = 0.1}',
                  "[noise]\nxi = {law = 'student-t', nu = 3, sd = 0.5}\n"
                  "eta = {law = 'stable', alpha = 1.5, scale = 0.2}\n" + ONLY_X)

    def test_a_recursion_whose_noise_remembers(self):
        self.same('next = "x + (0.1 + xi)*x + eta"',
                  "[noise]\nxi = {process = 'correlated', correlation_time = 5, sd = 0.5}\n"
                  "eta = {process = 'anticorrelated', sd = 0.1}\n" + ONLY_X)

    def test_momentum_over_reshuffled_samples_that_switch(self):
        self.same('next = ["x = x + m*v + g(i)*x", "v = m*v + g(i)*x*(1 - s/2)"]\nparameters = {m = 0.7}',
                  '[functions]\ng = "0.05 + 0.5*cos(pi*u)"\n'
                  "[noise]\ni = {process = 'samples', samples = 4, reshuffled = 1}\n"
                  "s = {process = 'switching', up = 0.1, down = 0.2}\n" + ONLY_X)

    def test_a_loss_under_momentum(self):
        self.same('gradient = "c*pow(abs(x), 1.5) - (a + xi)*log(1 + x^2)"\nparameters = {a = 0.02, c = 0.1}',
                  "[noise]\nxi = {law = 'uniform', sd = 0.3}\n[optimiser]\nname = 'momentum'\nlearning_rate = 0.1\n" + ONLY_X)


if __name__ == "__main__":
    unittest.main()
