// A process whose paths are families of walks, which split where they come far (engine/paths/family_block.hpp). The program
// puts the three numbers behind those of the model.
#pragma once

#include "engine/catalogue/formulation.hpp"
#include "engine/paths/family_block.hpp"

namespace noisetrap {

template <class Process>
struct InFamilies : Process {
    static constexpr bool is_family = true;
    double level, back, walks;
};

template <class Family>
struct FamiliesOf {
    static constexpr Formulation formulation = Family::formulation;
    template <class Real>
    using Process = InFamilies<typename Family::template Process<Real>>;
    static constexpr bool is_complete = true;
};

}  // namespace noisetrap
