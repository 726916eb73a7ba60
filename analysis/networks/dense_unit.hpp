// A hidden unit without weights that has several inputs and outputs, under noise that prefers no direction.
#pragma once

namespace noisetrap {

/// The top exponent over s^2 of dw = G^T v, dv = G w (Ito), w in R^d the weights of the inputs and v in R^k those of the
/// outputs, G a k x d matrix of white noise of variance s^2 per unit of time: the growth of log distance of a unit without
/// weights on d inputs and k outputs where there is no signal. -1/2, the trap of one axis, for d = k = 1; 0 for (2, 1) and
/// (2, 2); positive for all others.
///
/// With z = (|w|^2 + |v|^2)/(|w|^2 - |v|^2), which for d > k comes to lie above 1 and has the stationary density
/// (z - 1)^(k/2-1) (z + 1)^(d/2-1) e^(-(d-k)z/4), log(|w|^2 - |v|^2) is a pure drift, so that the exponent is
/// [(d - k) E z - (d + k)]/4; for d = k it is (d - 2)/2. By Tricomi's U, with a = k/2, b = (d + k)/2, x = (d - k)/2:
/// [2 x E - k]/2, E = a U(a + 1, b + 1, x)/U(a, b, x). Throws std::domain_error unless d and k are 1 to 10000.
double dense_unit_exponent(int inputs, int outputs);

}  // namespace noisetrap
