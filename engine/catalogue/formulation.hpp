#pragma once

namespace noisetrap {

enum class Formulation { sde, recursion };

}  // namespace noisetrap
