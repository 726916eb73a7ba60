#include "analysis/diffusions/diffusions.hpp"

#include <stdexcept>

namespace noisetrap {

Diffusion diffusion_of(const std::string& model, const ParameterValues& parameters) {
    const auto entries = entries_of(model);
    if (entries.empty() || !entries.front()->drift)
        throw std::domain_error("'" + model + "' is not an SDE of the catalogue");
    return {entries.front()->drift(parameters), entries.front()->variance(parameters)};
}

}  // namespace noisetrap
