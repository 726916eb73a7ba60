// Chains of linear units, f = w_1 ... w_L x: the simplest networks of any depth.
#pragma once

#include "analysis/networks/network.hpp"
#include "analysis/networks/sample_growth.hpp"

namespace noisetrap {

/// Whether every layer has one linear unit, without biases, and the loss is the square.
bool is_chain(const Network&);

/// Weights that are equal in size stay so, the product having the sign of E x y, here taken to be positive:
/// w <- w (1 + l w^(L-2) x (y - w^L x)), so that a chain has one variable, and log w is a
/// walk whose steps have a mean and a variance that depend on w: those of log|1 + l w^(L-2) q|, q the mean of x (y - w^L x)
/// over a batch. The mean number of steps that it takes from one weight to a larger one, that walk taken in continuous
/// time; not a number where the law of a batch is not summed (SampleGrowth).
double chain_exit_time(const Network&, const DataSet&, Draws, double learning_rate, int batch, double from,
                       double to);

}  // namespace noisetrap
