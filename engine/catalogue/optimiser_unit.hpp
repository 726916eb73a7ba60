// Included by the catalogue's own unit alone: what is known of an optimiser, from its type.
#pragma once

#include <cstring>
#include <type_traits>

#include "engine/catalogue/entry_unit.hpp"
#include "engine/catalogue/optimiser_facts.hpp"

namespace noisetrap {

template <class Optimiser>
std::vector<std::byte> bytes_of(const ParameterValues& values) {
    static_assert(std::is_trivially_copyable_v<Optimiser> && alignof(Optimiser) <= sizeof(double));
    const auto optimiser = with_parameters<Optimiser>(values);
    std::vector<std::byte> bytes(sizeof optimiser);
    std::memcpy(bytes.data(), &optimiser, sizeof optimiser);
    return bytes;
}

template <class Optimiser>
Law law_of_kicks([[maybe_unused]] const ParameterValues& values) {
    if constexpr (Optimiser::kicks) {
        return with_parameters<Optimiser>(values).law;
    } else {
        return Law::none;
    }
}

template <class Optimiser>
Cost cost_on_samples(const ParameterValues&, const ParameterValues& method) {
    return with_parameters<Optimiser>(method).cost({});
}

template <class Optimiser>
OptimiserFacts optimiser_facts_of(const char* type, const char* header) {
    return {{type, header}, Optimiser::name, Optimiser::equation, parameters_of<Optimiser>(),
            Optimiser::kicks, requires {requires Optimiser::linear;
}
, requires { Optimiser::deterministic; }
, Optimiser::differentiable, bytes_of<Optimiser>, law_of_kicks<Optimiser>, complaint_of<Optimiser>,
    cost_on_samples<Optimiser>
};  // namespace noisetrap
}

}  // namespace noisetrap
