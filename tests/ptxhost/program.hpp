// A PTX module as a program for this machine: functions of blocks of instructions, each of which is a handler
// with the places of its operands in the register file.
//
// lanes threads of a CUDA block are executed together, one instruction for all of them at a time: a register is
// an array of lanes numbers, and the loops over lanes vectorise.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ptxhost {

constexpr int lanes = 64;    // threads of a block that are executed together
using Mask = std::uint64_t;  // bit l: lane l

/// Something that this machine does not know. It is said by name and never guessed, and ends the program.
struct Unsupported : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What a device would report: a number of CUDA's errors, and where it happened.
struct Fault : std::runtime_error {
    int code;
    Fault(int error, const std::string& what) : std::runtime_error(what), code(error) {}
};

class Machine;
struct Instruction;
struct Function;
using Handler = void (*)(Machine&, const Instruction&);

struct Instruction {
    Handler for_all = nullptr, for_some = nullptr;  // with every lane active, or with the active ones alone
    std::uint32_t to[4] = {}, from[4] = {};         // places in the register file, in bytes
    std::int64_t offset = 0;                        // of an address
    int count = 1;                                  // numbers of a vector
    const Function* callee = nullptr;
    std::vector<std::uint32_t> copies;  // of a call: (from, to, bytes) of arguments, then of results
    std::uint32_t arguments = 0;        // how many of them are arguments
    std::uint32_t line = 0;             // in the text of the function
};

/// Ends with a branch to `target` by `predicate`, or goes on to `next`. Lanes that part ways meet again at `meet`, the
/// nearest block that every way leads through.
struct Block {
    std::vector<Instruction> instructions;
    std::uint32_t predicate = 0;
    bool branches = false, always_branches = false, negated = false, returns = false;
    int target = -1, next = -1, meet = -1;
};

struct Function {
    std::string name;
    std::string_view text;
    std::vector<Block> blocks;
    struct Parameter {
        std::uint32_t offset, size;  // in local memory
    };
    std::vector<Parameter> parameters, results;
    bool loaded = false;
};

/// Addresses: each space is a window of its own, so that a generic address says where it points. None is an
/// address of this process: the host cannot use a device pointer by mistake, nor a kernel a host pointer.
constexpr std::uint64_t local_window = 0x0100'0000'0000, global_window = 0x0200'0000'0000;

/// Sets `next` of the last block, and `meet` of all.
void find_meeting_points(Function&);

/// The text of a fat binary's PTX, cut into functions. `place` puts a variable's bytes into global memory.
struct Module {
    using Place = std::uint64_t (*)(const std::string& name, const std::vector<unsigned char>& bytes);
    Module(std::string ptx, Place place);
    std::string text;
    std::unordered_map<std::string, std::string_view> functions;
    std::unordered_map<std::string, std::uint64_t> variables;
};

/// One kernel with all that it calls. Each function has registers and local memory of its own: none calls itself.
class Program {
  public:
    Program(const Module& module, const std::string& kernel);
    const Function& kernel() const { return *kernel_; }
    std::uint32_t register_bytes() const { return register_bytes_; }
    std::uint32_t local_bytes() const { return local_bytes_; }
    /// The register file of a fresh machine, with constants where they are expected.
    void fill_constants(unsigned char* registers) const;

  private:
    friend class Loader;
    const Function& load(const std::string& name);
    const Module& module_;
    std::unordered_map<std::string, std::unique_ptr<Function>> functions_;
    const Function* kernel_;
    std::uint32_t register_bytes_, local_bytes_ = 16;
    std::map<std::pair<int, std::uint64_t>, std::uint32_t> constants_;  // (bytes, value) to place
};

/// Places of special registers: 32-bit arrays at the start of every register file.
enum Special {
    tid_x,
    tid_y,
    tid_z,
    ntid_x,
    ntid_y,
    ntid_z,
    ctaid_x,
    ctaid_y,
    ctaid_z,
    nctaid_x,
    nctaid_y,
    nctaid_z,
    specials
};
constexpr std::uint32_t place_of(Special s) { return static_cast<std::uint32_t>(s) * lanes * 4; }

struct Range {  // of global memory, at `address` for kernels and at `bytes` here
    std::uint64_t address, size;
    unsigned char* bytes;
};
using Ranges = std::vector<Range>;  // by address

struct Size {
    std::uint32_t x, y, z;
    std::uint64_t all() const { return std::uint64_t{x} * y * z; }
};

/// What fresh memory and registers hold, so that nothing depends on it unseen.
int fill_byte();

/// Runs a kernel over a grid, on all processors; throws Fault. `parameters` are the bytes of each, in order.
void launch(const Program&, Size grid, Size block, const std::vector<std::vector<unsigned char>>& parameters,
            const Ranges& memory);

/// One block's threads, up to lanes of them.
class Machine {
  public:
    Machine(const Program& program, const Ranges& memory);
    ~Machine();
    Machine(const Machine&) = delete;
    void run(const Function&, Mask);

    template <class T>
    T* registers(std::uint32_t place) {
        return reinterpret_cast<T*>(registers_ + place);
    }
    /// Local memory in groups of eight bytes, those of all lanes side by side.
    unsigned char* local(int lane, std::uint32_t offset) {
        return local_ + (offset / 8 * lanes + static_cast<std::uint32_t>(lane)) * 8 + offset % 8;
    }
    /// Where up to eight bytes at a generic address are in this process.
    unsigned char* at(std::uint64_t address, std::uint32_t bytes, int lane);
    bool is_local(std::uint64_t address, std::uint32_t bytes) const {
        return address - local_window <= local_bytes_ - std::uint64_t{bytes};
    }

    alignas(64) unsigned char active[lanes];
    Mask mask = 0;

  private:
    struct Way;
    void execute(const Function&, const Block&, bool all);
    Mask takers(const Block&, Mask who) const;
    void leave(const Block&, std::vector<Way>&) const;
    void activate(Mask);
    const Ranges& memory_;
    std::size_t last_ = 0;
    std::uint32_t local_bytes_;
    unsigned char *registers_, *local_;
};

/// The handlers of an instruction by its full name, such as "fma.rn.f64".
struct Operation {
    Handler for_all = nullptr, for_some = nullptr;
    int to_bytes = 0;
    std::vector<int> from_bytes;
};
const Operation* find_operation(std::string_view name);

/// Loads and stores by the bytes in memory and in the register; null where there is none.
struct Access {
    Handler for_all, for_some;
};
Access find_load(std::string_view type, int register_bytes);
Access find_store(std::string_view type, int register_bytes);
Access pack_access(int part_bytes, int parts);    // {a, b} to one register
Access unpack_access(int part_bytes, int parts);  // and back
Access add_access(
    int bytes);  // adds to memory that other lanes add to as well, and gives what was there before
Access call_access();
Access flip_access(int bytes);  // the lowest bit, for a wrong result on purpose

}  // namespace ptxhost
