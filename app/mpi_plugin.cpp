// The ranks of MPI (3.0 or later), for launch.cpp. Any MPI's compiler makes it, from this file and its header alone:
// mpicxx -std=c++20 -shared -fPIC -I SOURCES app/mpi_plugin.cpp -o libnoisetrap_mpi.so
#include "app/mpi_plugin.hpp"

#define OMPI_SKIP_MPICXX
#define MPICH_SKIP_MPICXX
#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

namespace {

/// MPI counts bytes in an int: a letter goes in parts. The tag says whether it is the last one.
constexpr std::uint64_t most_of_a_part = std::uint64_t{1} << 30;
enum Tag : int { last_part, another_follows };

struct Sent {
    std::string bytes;
    MPI_Request request;
};
struct Received {
    int from;
    std::string bytes;
};

std::deque<Sent> sent;
std::deque<Received> received;
std::vector<std::string> begun;  // parts of letters, of each rank

void forget_what_has_gone() {
    for (int gone = 1; !sent.empty() && gone;) {
        MPI_Test(&sent.front().request, &gone, MPI_STATUS_IGNORE);
        if (gone) sent.pop_front();
    }
}

void send(int to, const char* bytes, std::uint64_t size) {
    for (std::uint64_t at = 0; at == 0 || at < size; at += most_of_a_part) {
        const auto part = std::min(most_of_a_part, size - at);
        const int tag = at + part < size ? another_follows : last_part;
        sent.push_back({std::string(bytes + at, part), MPI_REQUEST_NULL});
        MPI_Isend(sent.back().bytes.data(), static_cast<int>(part), MPI_BYTE, to, tag, MPI_COMM_WORLD,
                  &sent.back().request);
    }
}

void receive_part(const MPI_Status& status) {
    int size = 0;
    MPI_Get_count(&status, MPI_BYTE, &size);
    auto& letter = begun[static_cast<std::size_t>(status.MPI_SOURCE)];
    const auto before = letter.size();
    letter.resize(before + static_cast<std::size_t>(size));
    MPI_Recv(letter.data() + before, size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    if (status.MPI_TAG == another_follows) return;
    received.push_back({status.MPI_SOURCE, std::move(letter)});
    letter.clear();
}

int arrived(int* from, std::uint64_t* size) {
    forget_what_has_gone();
    for (int there = 1; received.empty() && there;) {
        MPI_Status status;
        MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
        if (there) receive_part(status);
    }
    if (received.empty()) return 0;
    *from = received.front().from;
    *size = received.front().bytes.size();
    return 1;
}

void take(char* into) {
    std::memcpy(into, received.front().bytes.data(), received.front().bytes.size());
    received.pop_front();
}

void finish() {
    for (auto& letter : sent) MPI_Wait(&letter.request, MPI_STATUS_IGNORE);
    MPI_Finalize();
}

void abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

/// Those of this node whose processors overlap with those of this process. A launcher that binds its processes gives each
/// its own.
int sharing_processors() {
    MPI_Comm node;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    int neighbours = 1;
    MPI_Comm_size(node, &neighbours);
    cpu_set_t own;
    CPU_ZERO(&own);
    if (sched_getaffinity(0, sizeof own, &own) != 0) std::memset(&own, -1, sizeof own);
    std::vector<cpu_set_t> all(static_cast<std::size_t>(neighbours));
    MPI_Allgather(&own, sizeof own, MPI_BYTE, all.data(), sizeof own, MPI_BYTE, node);
    MPI_Comm_free(&node);
    return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const cpu_set_t& other) {
        cpu_set_t common;
        CPU_AND(&common, &own, &other);
        return CPU_COUNT(&common) > 0;
    }));
}

}  // namespace

const NoisetrapMpi* noisetrap_mpi_1() {
    static NoisetrapMpi mpi = {0, 1, 1, send, arrived, take, finish, abort};
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &mpi.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &mpi.size);
    begun.resize(static_cast<std::size_t>(mpi.size));
    mpi.sharing_processors = std::max(1, sharing_processors());
    return &mpi;
}
