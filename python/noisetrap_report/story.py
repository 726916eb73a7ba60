"""The order in which the page of `noisetrap reproduce` tells what it has: the argument in three figures, then a section
for each of its steps. What is named nowhere here still has a place, at the end."""

from typing import NamedTuple


class Step(NamedTuple):
    """Of the argument: a figure, what it shows, and two sentences."""
    figure: str
    title: str
    words: str


class Section(NamedTuple):
    """A figure that opens it, two sentences, and the claims behind them: by section, and the few that tell most, by the
    beginning of what they say and a part of their parameters. More figures and sweeps are folded away."""
    name: str
    title: str
    words: str
    figures: tuple = ()
    sweeps: tuple = ()
    claims: tuple = ()
    telling: tuple = ()


ARGUMENT = (
    Step("trap", "Attractive noise traps", """
        With weak noise every path leaves this saddle; under the same noise, twice as strong, every path sinks into it.
        Random factors of mean 1 keep the mean and shrink the typical path: 40 % up and 40 % down leave 0.84."""),
    Step("crossing", "From σ² = 2a on", """
        One number decides, the growth rate of log|*x*|: below zero is trapped. It is *a* − σ²/2 for the SDE, and nearly
        so for the steps themselves while they are short."""),
    Step("tail", "Held, but not still", """
        Diffusive noise kicks trapped paths out on excursions of every size, and the trap brings them back: they have a
        stationary law, with its peak at the saddle. Where the saddle repels, its tail is too heavy for a mean."""))

STORY = (
    Section("attractive-noise", "The mean stays, the paths do not", """
        Every step multiplies *x* by 1 + σ or by 1 − σ at equal odds, so that the mean never changes. All the same nearly
        all paths end near 0: ever fewer paths, ever farther out, hold the mean up.""",
            ("attractive", "trap"), (), ("attractive noise",),
            (("P(|x[n]| < |x[0]|)", "n = 10"), ("P(|x[n]| < |x[0]|)", "n = 1000"), ("E x[n]", ""), ("growth rate", ""))),
    Section("growth-rate", "One number decides", """
        A point *traps* where log|*x*| of almost every path falls, which is where the growth rate is negative; that is what
        the word means on these pages. The SDE traps from σ² = 2*a* on; steps of a size escape again once noise is so
        strong that they overshoot.""",
            ("growth", "crossing"), (), ("growth rate",),
            (("E log|1 + a + xi| per step: trapped", "gaussian"), ("E log|1 + a + xi| per step: overshoots", "gaussian"),
             ("SDE: a - sigma^2/2", "a = 0.3, sigma = 1, tau = 0, rho = 0"), ("10^6 steps", "a = 0.6"))),
    Section("window", "The trap is a window", """
        Each cell is a point of its own, simulated and decided with odds of error of one in a thousand; lines are theory.
        Noise above the lower edge traps, beyond the upper edge steps overshoot, and a steep saddle has no trap at all; the
        SDE knows the lower edge alone.""", (), ("a-sigma", "a-sigma-sde", "a-sigma-euler")),
    Section("stationary-law", "The law of trapped paths", """
        With diffusive noise the trap does not hold a path still: it lets go on excursions of every size and brings it back.
        The law that results is known in full, Student's *t* where the two noises are independent, and the simulation comes
        to rest in it.""",
            ("paths", "tail", "stationary_repulsive", "stationary_attractive"), ("rho-sigma",),
            ("stationary law", "both noises"),
            (("student-t: cdf at its 0.05", "a = 0.1"), ("tail: P(|x| > r)", "a = 0.1, sigma = 1, tau = 0.5, rho = 0,"),
             ("has stopped moving", "a = 0.1, sigma = 1, tau = 0.5, rho = 0"),
             ("Kesten tail exponent", "gaussian"))),
    Section("diffusive-noise", "Diffusive noise alone traps nothing", """
        Without attractive noise the displacement after *N* steps spreads like τ√*N*, evenly to both sides. It prefers no
        place, whatever its law.""",
            ("diffusive",), (), ("diffusive noise",),
            (("standard deviation", "gaussian, tau = 1, N = 4096"), ("standard deviation", "two-point, tau = 1, N = 4096"))),
    Section("which-noise", "Which noise traps", """
        Not the size of noise alone decides. Heavy tails and memory weaken a trap, noise that takes back what it gave deepens
        it, and with momentum the order of the samples makes it: the same four samples hold the paths when they are reshuffled,
        and let them go when they are drawn anew.""",
            ("kinds",), ("alpha-sigma", "correlation-sigma", "order-momentum", "ito-stratonovich"), ("which noise traps",),
            (("growth rate", "tails: normal"), ("growth rate", "tails: Student's t, ν = 3"),
             ("growth rate", "order, with momentum: samples reshuffled"),
             ("growth rate", "order, with momentum: samples drawn anew"))),
    Section("networks", "Real networks", """
        The same theory holds for a hidden unit of a network without weights, where gradient descent would wake it. Along the
        way out every sample has a curvature; from those numbers alone, and from nothing that was fitted, theory says from
        which learning rate on noise keeps the unit asleep and with which odds it wakes. Millions of steps of real networks
        on real data agree.""",
            ("networks",), (), ("networks",),
            (("a unit on one pixel", "l = 0.179497"), ("a unit on one pixel", "l = 0.249302"),
             ("a unit on one pixel", "l = 0.398883"), ("a recurrent unit", "l = 0.12,"))),
    Section("wells", "Between two wells", """
        In two coordinates the origin is a saddle between two wells. Attractive noise holds the paths at the saddle without
        changing the loss that they see; shaking smooths the loss until the saddle is none, and then it holds them too.""",
            ("double-well",)),
    Section("many-dimensions", "Many dimensions", """
        A saddle of many axes has an index, the number of directions that lead down. In a linear network all critical points
        are known, and searches find them on their exact marks: only the points of lowest loss have no way down. Which steps
        find the way out is not a matter of noise alone.""",
            ("index-loss", "odds-of-minima", "point-spectra", "hessian-spectrum", "in-and-out", "ways-out-surfaces",
             "two-views", "octopus")))

MAPS = Section("maps", "Batches, momentum, dimensions", """
    The same question over other planes: what a minibatch, momentum, a strong signal or more dimensions make of the trap. The
    rule *b* > *l*σ²/(2*a*) for batches holds while steps are short, and isotropic noise traps in few dimensions only.""",
               (), ("batch-rate", "momentum-sigma", "signal-rate", "collapse", "dimension-structure"))
