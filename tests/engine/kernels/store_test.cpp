// Kernels on demand: what is compiled, where it is kept, and what is never loaded.
#include "engine/kernels/store.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "engine/error.hpp"
#include "engine/input/config.hpp"
#include "engine/kernels/built_in.hpp"
#include "engine/kernels/fingerprint.hpp"
#include "engine/kernels/unit_text.hpp"
#include "engine/numbers/lanes.hpp"
#include "engine/runs/plan.hpp"
#include "tests/temporary_folder.hpp"

using namespace noisetrap;
namespace fs = std::filesystem;

namespace {

KernelSpec kernel_for(const std::string& model, const std::vector<std::string>& settings = {},
                      const std::string& target = cpu_target({})) {
    const auto s = config_from_text("model.name = '" + model + "'", "test", settings).simulation;
    return kernel_of(s, process_of(s, 0), target);
}

/// x at the end of some paths, by one kernel.
std::vector<double> ends(BlockFunction block, const Simulation& s) {
    const auto process = process_of(s, 0);
    std::vector<double> value(s.paths), log_abs(s.paths), growth(s.paths);
    Columns columns;
    columns[Column::value] = value.data();
    columns[Column::log_abs] = log_abs.data();
    columns[Column::log_growth] = growth.data();
    Monitor monitor;
    auto launch = launch_of(s, {0, 1, 0, s.paths}, static_cast<int>(s.paths), monitor);
    launch.columns = columns;
    block(launch, process.bytes.data(), 0);
    value.insert(value.end(), growth.begin(), growth.end());
    return value;
}

fs::path object_with(const fs::path& folder, const std::string& text) {
    const auto file = folder / "kernel.so";
    std::ofstream(file) << text;
    return file;
}

}  // namespace

TEST_CASE("The kernels of the first pages are built in", "[kernels]") {
    for (const std::string target : instruction_set_names) {
        const auto kernels = built_in_kernels(target);
        if (kernels.empty()) continue;  // another processor's
        for (const std::vector<std::string>& settings :
             {std::vector<std::string>{}, {"model.tau=0"}, {"observe.growth=false"}})
            for (const std::string model : {"linear-sde", "noisy-saddle"}) {
                const auto arguments = kernel_arguments(kernel_for(model, settings, target));
                INFO(target << ": " << arguments);
                CHECK(std::any_of(kernels.begin(), kernels.end(),
                                  [&](const auto& kernel) { return kernel.arguments == arguments; }));
            }
    }
}

TEST_CASE("A built-in kernel gives the bytes of the compiled one", "[kernels][bytes]") {
    for (const std::string model : {"linear-sde", "noisy-saddle"}) {
        auto s = config_from_text("model.name = '" + model + "'", "test",
                                  {"ensemble.paths=96", "integrator.steps=203"})
                     .simulation;
        const auto spec = kernel_of(s, process_of(s, 0), cpu_target({}));
        const auto function = [](void* address) { return reinterpret_cast<BlockFunction>(address); };
        const auto built_in = function(ready_kernels({&spec, 1}, {}).front());
        const auto compiled = function(compiled_kernel(spec));
        CHECK(built_in != compiled);
        CHECK(ends(built_in, s) == ends(compiled, s));
    }
}

TEST_CASE("A unit says what it is in the words of the headers", "[kernels]") {
    auto spec = kernel_for(
        "noisy-saddle",
        {"optimiser.name=adam", "observe.exit_radius=2", "model.law=two-point", "model.eta_law=gaussian"},
        "x86-64-v3");
    CHECK(kernel_arguments(spec) ==
          "RecursionFamily<NoisySaddle, Adam>, Mixed, 16, Feature::scaled | Feature::tangent | "
          "Feature::exits | "
          "Feature::control, Law::two_point, Law::gaussian");
    CHECK(unit_text(spec).find("#include \"models/noisy_saddle.hpp\"\n") != std::string::npos);
    spec.target = "sm_90";
    CHECK(unit_text(spec).find("kernel_unit_cuda.hpp") != std::string::npos);
}

TEST_CASE("Another target, another feature or another header is another key", "[kernels]") {
    const auto spec = kernel_for("linear-sde");
    auto other = spec;
    other.target = "portable";
    CHECK(kernel_key(other) != kernel_key(spec));
    other = spec;
    other.features |= Feature::inside;
    CHECK(kernel_key(other) != kernel_key(spec));
    other = spec;
    other.process.mark = "1";
    CHECK(kernel_key(other) != kernel_key(spec));
    CHECK(kernel_key(spec) == kernel_key(kernel_for("linear-sde")));
}

TEST_CASE("What a cache has kept it finds again, whole and of an owner who is trusted alone", "[kernels]") {
    const TemporaryFolder folder;
    const std::string key = "0123456789abcdef0123456789abcdef";
    const KernelCache cache(folder.path / "cache");
    REQUIRE(cache.why_not_writable().empty());
    CHECK_FALSE(cache.find(key, ""));
    const auto place = cache.store(key, "compiler", object_with(folder.path, "an object"),
                                   "// target portable\nNOISETRAP_KERNEL(A, B)\n");
    CHECK(cache.find(key, "") == place);
    CHECK(cache.find(key, "compiler") == place);
    CHECK_FALSE(cache.find(key, "another"));
    REQUIRE(cache.list().size() == 1);
    CHECK((cache.list()[0].arguments == "A, B" && cache.list()[0].target == "portable"));

    SECTION("a damaged one is not loaded, and makes room for a whole one") {
        std::ofstream(place, std::ios::app) << "more";
        CHECK_FALSE(cache.find(key, ""));
        const auto anew = cache.store(key, "compiler", object_with(folder.path, "whole"), "");
        CHECK(cache.find(key, "") == anew);
        CHECK_FALSE(fs::exists(place));
    }
    SECTION("a truncated one is not loaded") {
        fs::resize_file(place, 3);
        CHECK_FALSE(cache.find(key, ""));
    }
    SECTION("where others can write nothing is loaded") {
        fs::permissions(place, fs::perms::others_write, fs::perm_options::add);
        CHECK_FALSE(cache.find(key, ""));
    }
    SECTION("a folder where others can write is not trusted") {
        fs::permissions(cache.folder(), fs::perms::group_write, fs::perm_options::add);
        CHECK(cache.why_not_trusted() == "others may write to it");
        CHECK_FALSE(cache.find(key, ""));
    }
    SECTION("cleaning takes every kernel away, and nothing else") {
        const auto letter = cache.folder() / "letter";
        std::ofstream(letter) << "of somebody else";
        CHECK(cache.clean() > 0);
        CHECK_FALSE(cache.find(key, ""));
        CHECK(fs::exists(letter));
    }
}

TEST_CASE("What must not compile says why in one line", "[kernels]") {
    const auto complaint = [](const std::string& code) -> std::string {
        try {
            compiled_symbol(
                "#include \"models/contract.hpp\"\n#include \"engine/numbers/elementary.hpp\"\n"
                "namespace noisetrap {\n" +
                    code + "\n}\n",
                "noisetrap_kernel_key", {}, {});
        } catch (const InputError& error) {
            const std::string said = error.what();
            return said.substr(0, said.find(" (all that it said"));
        }
        return "nothing";
    };
    CHECK_THAT(complaint("inline double f(double x) { return erf(x); }"),
               Catch::Contains("deleted function") && Catch::Contains("erf(double)"));
    const std::string optimiser =
        "struct Sign { static constexpr const char* name = \"sign\"; static constexpr int memory = 0; static "
        "constexpr bool kicks = false; ";
    CHECK_THAT(complaint(optimiser + "}; inline void f() { require_optimiser<Sign>(); }"),
               Catch::Contains("an optimiser needs the member `differentiable`"));
    CHECK_THAT(complaint(optimiser + "static constexpr bool diferentiable = false; };\n"
                                     "inline void f() { require_optimiser<Sign>(); }"),
               Catch::Contains("an optimiser needs the member `differentiable`"));
    CHECK_THAT(complaint("struct M { static constexpr const char* name = \"m\"; };\n"
                         "inline void f() { require_model<M>(); }"),
               Catch::Contains("a model needs the member template"));
}
