// The list of built-in kernels: `linear-sde` under Euler-Maruyama and `noisy-saddle` under sgd, in mixed precision,
// with what the first pages of the documentation ask of them: one noise or two, without the growth rate, or with it and
// its control variates.
// Included by core.cpp and core.cu, which say what KERNEL is; SLICE is 16 on a CPU and 1 on a GPU.
KERNEL(SdeFamily<LinearSde, EulerMaruyama, Discretised>, Mixed, SLICE, Feature::plain, Law::gaussian)
KERNEL(SdeFamily<LinearSde, EulerMaruyama, Discretised>, Mixed, SLICE, Feature::control, Law::gaussian)
KERNEL(SdeFamily<LinearSde, EulerMaruyama, Discretised>, Mixed, SLICE, Feature::scaled, Law::gaussian)
KERNEL(SdeFamily<LinearSde, EulerMaruyama, Discretised>, Mixed, SLICE,
       Feature::scaled | Feature::tangent | Feature::control, Law::gaussian)
KERNEL(SdeFamily<LinearSde, EulerMaruyama, Discretised>, Mixed, SLICE, Feature::scaled, Law::gaussian,
       Law::gaussian)
KERNEL(SdeFamily<LinearSde, EulerMaruyama, Discretised>, Mixed, SLICE,
       Feature::scaled | Feature::tangent | Feature::control, Law::gaussian, Law::gaussian)
KERNEL(RecursionFamily<NoisySaddle, Sgd>, Mixed, SLICE, Feature::plain, Law::gaussian)
KERNEL(RecursionFamily<NoisySaddle, Sgd>, Mixed, SLICE, Feature::control, Law::gaussian)
KERNEL(RecursionFamily<NoisySaddle, Sgd>, Mixed, SLICE, Feature::scaled, Law::gaussian)
KERNEL(RecursionFamily<NoisySaddle, Sgd>, Mixed, SLICE, Feature::scaled | Feature::tangent | Feature::control,
       Law::gaussian)
KERNEL(RecursionFamily<NoisySaddle, Sgd>, Mixed, SLICE, Feature::scaled, Law::gaussian, Law::gaussian)
KERNEL(RecursionFamily<NoisySaddle, Sgd>, Mixed, SLICE, Feature::scaled | Feature::tangent | Feature::control,
       Law::gaussian, Law::gaussian)
