// What the program asks of MPI. It is compiled into a library of its own (mpi_plugin.cpp), which the program loads where
// a launcher has started it: so it runs where there is no MPI, and one program suits every MPI.
#pragma once

#include <cstdint>

extern "C" {

struct NoisetrapMpi {
    int rank, size;
    /// Processes that may use processors of this one, itself included.
    int sharing_processors;
    /// Copies the bytes and returns at once.
    void (*send)(int to, const char* bytes, std::uint64_t size);
    /// 1 where a letter has arrived, which take() then copies; else 0.
    int (*arrived)(int* from, std::uint64_t* size);
    void (*take)(char* into);
    void (*finish)();
    void (*abort)(int status);
};

/// Begins MPI; it and all functions above are called by one thread. The number counts versions of this interface.
const NoisetrapMpi* noisetrap_mpi_1();
}
