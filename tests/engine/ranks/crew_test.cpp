#include "engine/ranks/crew.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>

#include "engine/device_error.hpp"
#include "engine/error.hpp"
#include "engine/ranks/packing.hpp"
#include "tests/engine/ranks/local_ranks.hpp"

using namespace noisetrap;

static std::vector<std::string> numbered(std::uint64_t count) {
    std::vector<std::string> tasks;
    for (std::uint64_t i = 0; i < count; ++i) tasks.push_back(packed(i));
    return tasks;
}

static std::string squared(const std::string& task) {
    const auto i = unpacked<std::uint64_t>(task);
    std::this_thread::sleep_for(std::chrono::microseconds(i % 3 * 300));  // some end before those before them
    return packed(i * i);
}

TEST_CASE("Results are taken in the order of their tasks, whoever has done them") {
    for (const int size : {1, 2, 3, 5})
        for (const std::uint64_t count : {0, 1, 2, 40}) {
            std::vector<std::uint64_t> taken, wanted;
            for (std::uint64_t i = 0; i < count; ++i) wanted.push_back(i * i);
            std::atomic<int> elsewhere = 0;
            with_ranks(
                size,
                [&](Crew& crew) {
                    crew.share(numbered(count), squared,
                               [&](std::uint64_t number, const std::string& result) {
                                   CHECK(number == taken.size());
                                   taken.push_back(unpacked<std::uint64_t>(result));
                               },
                               {});
                },
                [&](Crew& crew) {
                    crew.serve(
                        [&](const std::string& task) {
                            ++elsewhere;
                            return squared(task);
                        },
                        {});
                });
            CHECK(taken == wanted);
            CHECK((count < 40 || size == 1 || elsewhere > 0));
        }
}

TEST_CASE("A process alone does all tasks itself") {
    Crew alone;
    std::uint64_t sum = 0;
    alone.share(numbered(40), squared,
                [&](std::uint64_t, const std::string& result) { sum += unpacked<std::uint64_t>(result); },
                {});
    CHECK(sum == 20540);
}

TEST_CASE("While the first task takes long, only so many results wait behind it") {
    std::atomic<int> elsewhere = 0;
    int waiting = 0;
    with_ranks(
        2,
        [&](Crew& crew) {
            const auto first_is_slow = [&](const std::string& task) {
                if (unpacked<std::uint64_t>(task) > 0) return squared(task);
                while (elsewhere < 15) std::this_thread::yield();
                std::this_thread::sleep_for(std::chrono::milliseconds(20));  // time enough for more of them
                waiting = elsewhere;
                return squared(task);
            };
            crew.share(numbered(100), first_is_slow, [](std::uint64_t, const std::string&) {}, {});
        },
        [&](Crew& crew) {
            crew.serve([&](const std::string& task) { return ++elsewhere, squared(task); }, {});
        });
    CHECK(waiting == 15);  // eight tasks a rank, but for the first
}

TEST_CASE("Jobs follow each other on the same ranks") {
    std::uint64_t sum = 0;
    const auto add = [&](std::uint64_t, const std::string& result) {
        sum += unpacked<std::uint64_t>(result);
    };
    with_ranks(
        3,
        [&](Crew& crew) {
            for (int job = 0; job < 20; ++job) crew.share(numbered(4), squared, add, {});
        },
        [](Crew& crew) { crew.serve(squared, {}); });
    CHECK(sum == 20 * (0 + 1 + 4 + 9));
}

/// What rank 0 throws where the others end with a status and a sentence.
static void fails_elsewhere(int status) {
    const auto slow = [](const std::string&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        return std::string();
    };
    with_ranks(
        2,
        [&](Crew& crew) { crew.share(numbered(100000), slow, [](std::uint64_t, const std::string&) {}, {}); },
        [&](Crew& crew) { crew.fail(status, "the disk is full"); });
}

TEST_CASE("What ends another rank ends rank 0 by its sentence") {
    CHECK_THROWS_AS(fails_elsewhere(2), InputError);
    CHECK_THROWS_WITH(fails_elsewhere(2),
                      Catch::StartsWith("rank 1 on ") && Catch::EndsWith(": the disk is full"));
    CHECK_THROWS_AS(fails_elsewhere(3), DeviceError);
    CHECK_THROWS_AS(fails_elsewhere(130), Interrupted);
}

TEST_CASE("A rank with other input takes no task") {
    std::string why;
    const auto lead = [](Crew& crew) {
        crew.agree_on("model.a = 1");
        const auto never_done = [](std::uint64_t number, const std::string&) { CHECK(number == 0); };
        crew.share(numbered(2), squared, never_done, {});
    };
    const auto serve = [&](Crew& crew) {
        crew.agree_on("model.a = 2");
        try {
            crew.serve(squared, {});
        } catch (const InputError& e) {
            why = e.what();
            crew.fail(2, why);
        }
    };
    CHECK_THROWS_WITH(with_ranks(2, lead, serve), Catch::Contains("reads another configuration than rank 0"));
    CHECK(why.starts_with("reads another configuration"));
}

TEST_CASE("A request to stop ends rank 0 while it waits, and others are ended by it") {
    StopSource source;
    const auto lead = [&](Crew& crew) {
        const auto at_once = [&](const std::string&) {
            source.request_stop();
            return std::string();
        };
        crew.share(
            numbered(2), at_once, [](std::uint64_t, const std::string&) {}, source.token());
    };
    CHECK_THROWS_AS(with_ranks(2, lead, [](Crew& crew) { crew.serve(squared, {}); }), Interrupted);
}

TEST_CASE("Ranks that cannot be joined are no crew") {
    const auto make = []() -> std::unique_ptr<Ranks> { throw InputError("there is no MPI"); };
    CHECK_THROWS_WITH(Crew(make, [] {}), "there is no MPI");
}
