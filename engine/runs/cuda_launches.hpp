// Launches on the GPUs of this machine.
#pragma once

#include <memory>
#include <vector>

#include "engine/runs/backend.hpp"

namespace noisetrap {

std::unique_ptr<Launches> make_cuda_launches(const Simulation&, Wanted, std::vector<int> devices);

}  // namespace noisetrap
