// Models of one's own that several threads read at once.
#include <catch2/catch.hpp>
#include <thread>

#include "engine/catalogue/catalogue.hpp"
#include "engine/input/config.hpp"

using namespace noisetrap;

static Config read(const std::string& equation) {
    return config_from_text("[model]\nparameters = {k = 1.0}\nequation = '" + equation + "'\n", "run.toml",
                            {});
}

TEST_CASE("A thread that reads a formula leaves the models of other threads alone") {
    const std::string decay = "dx = -k*x dt + k dW", growth = "dx = k*x dt + k*x dW";
    const auto ours = read(decay);
    std::string theirs;
    std::thread([&] { theirs = read(growth).simulation.entry->equation; }).join();
    CHECK(theirs == growth);
    CHECK(ours.simulation.entry->equation == decay);
    CHECK(entries_of(ours.simulation.entry->model).front() == ours.simulation.entry);
}
