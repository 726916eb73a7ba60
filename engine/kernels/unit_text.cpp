#include "engine/kernels/unit_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/kernels/compiler.hpp"

namespace noisetrap {
namespace {

const char* precision_word(const KernelSpec& spec) {
    if (spec.arithmetic == Arithmetic::fast) return "FastMixed";
    constexpr const char* words[] = {"Mixed", "Double", "Single"};
    return words[static_cast<int>(spec.precision)];
}

std::string feature_words(unsigned features) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < std::size(feature_names); ++i)
        if (features >> i & 1u) words.emplace_back(feature_names[i]);
    return words.empty() ? "Feature::plain" : fmt::format("{}", fmt::join(words, " | "));
}

}  // namespace

std::string kernel_arguments(const KernelSpec& spec) {
    std::string text = fmt::format("{}, {}, {}, {}", spec.process.family, precision_word(spec), spec.slice,
                                   feature_words(spec.features));
    for (const auto law : spec.laws) text += fmt::format(", {}", facts_of(law).in_cpp);
    return text;
}

std::string unit_text(const KernelSpec& spec) {
    std::string text =
        "// Written by noisetrap, to be compiled and loaded by it.\n#define NOISETRAP_KERNEL_UNIT\n";
    if (!spec.process.mark.empty()) text += fmt::format("// header {}\n", spec.process.mark);
    for (const auto& header : spec.process.headers) text += fmt::format("#include \"{}\"\n", header);
    text += fmt::format("#include \"engine/kernels/kernel_unit{}.hpp\"\n\n{}NOISETRAP_KERNEL({})\n",
                        is_device(spec.target) ? "_cuda" : "", spec.process.text, kernel_arguments(spec));
    return text;
}

}  // namespace noisetrap
