// Data that are made: what refuses to make them, and which keys say something of them.
#include "analysis/networks/made_data.hpp"

#include <catch2/catch.hpp>

#include "analysis/networks/network_config.hpp"
#include "engine/error.hpp"

using namespace noisetrap;

static NetworkConfig config_of(const std::vector<std::string>& settings, StopToken stop = {}) {
    return network_config_from_text("", "test", settings, stop);
}

TEST_CASE("Data of more numbers than the memory holds are refused before they are made") {
    CHECK_THROWS_WITH(config_of({"data.set='teacher'", "data.samples=10000000", "data.dimension=10000"}),
                      Catch::Contains("1.6e+03 GB of memory are needed") &&
                          Catch::Contains("fewer samples, inputs or units"));
    CHECK_THROWS_WITH(config_of({"data.set='sequences'", "data.samples=10000000", "data.length=10000"}),
                      Catch::Contains("1.6e+03 GB of memory are needed"));
}

TEST_CASE("Whoever asks to stop while data are made is heard") {
    StopSource owner;
    owner.request_stop();
    CHECK_THROWS_AS(config_of({"data.set='teacher'"}, owner.token()), Interrupted);
    CHECK_THROWS_AS(config_of({"data.set='sequences'"}, owner.token()), Interrupted);
}

TEST_CASE("Keys that say nothing where they stand are refused, with what they need") {
    CHECK_THROWS_WITH(config_of({"data.units=3"}), Catch::Contains("data.units needs data.set = 'teacher'"));
    CHECK_THROWS_WITH(config_of({"data.set='sequences'", "data.bias=true"}),
                      Catch::Contains("data.bias needs data.set = 'teacher'"));
    CHECK_THROWS_WITH(config_of({"data.set='teacher'", "data.length=3"}),
                      Catch::Contains("data.length needs data.set = 'sequences'"));
    CHECK_THROWS_WITH(config_of({"data.samples=10"}),
                      Catch::Contains("data.samples needs data.set = 'sequences' or 'teacher'"));
    CHECK_THROWS_WITH(config_of({"point.split_unit=0"}),
                      Catch::Contains("point.split_unit needs point.at = 'file' or 'fitted'"));
    for (const char* key : {"starts", "seed"})
        CHECK_THROWS_WITH(config_of({std::string("point.") + key + "=2"}),
                          Catch::Contains("needs point.at = 'fitted'"));
    CHECK_THROWS_WITH(config_of({"point.components=[1]"}),
                      Catch::Contains("needs point.at = 'principal-components'"));
    CHECK_THROWS_WITH(config_of({"point.zeroed_unit=true"}), Catch::Contains("needs point.at = 'file'"));
    CHECK_THROWS_WITH(config_of({"point.recurrent_weight=0.5"}),
                      Catch::Contains("needs network.kind = 'recurrent' and point.at = 'zero'"));
    CHECK_THROWS_WITH(config_of({"network.inputs=1"}), Catch::Contains("needs network.kind = 'recurrent'"));
}
