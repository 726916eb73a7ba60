#include "engine/kernels/store.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include "engine/error.hpp"
#include "engine/kernels/built_in.hpp"
#include "engine/kernels/file_lock.hpp"
#include "engine/kernels/fingerprint.hpp"
#include "engine/kernels/headers.hpp"
#include "engine/kernels/unit_text.hpp"

namespace noisetrap {
namespace fs = std::filesystem;
namespace {

/// Changed when what a unit exports changes.
constexpr const char* kernel_format = "1";

/// A unit to be compiled, and what is wanted of it.
struct Unit {
    std::string text, target;
    const char* symbol;
    UserHeader user = {};

    std::string key() const {
        return fingerprint(fmt::format("{}\n{}\n{}\n{}\n{}", kernel_format, shipped_headers_fingerprint(),
                                       flags_of_bits(target), target, text));
    }
    std::string file_name() const { return is_device(target) ? "unit.cu" : "unit.cpp"; }
};

Unit unit_of(const KernelSpec& spec) {
    UserHeader user;
    if (!spec.process.mark.empty()) user = {spec.process.headers.back(), spec.process.mark};
    return {fmt::format("// target {}\n{}", spec.target, unit_text(spec)), spec.target, "noisetrap_kernel",
            user};
}

/// A folder that is gone when the program ends.
class TemporaryFolder {
    fs::path path_;

  public:
    explicit TemporaryFolder(const fs::path& parent) {
        std::string name = (parent / ".compiling-XXXXXX").string();
        if (!mkdtemp(name.data()))
            throw fs::filesystem_error("", name, std::error_code(errno, std::generic_category()));
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const fs::path& path() const { return path_; }
};

using Units = std::map<std::string, Unit>;  // by key

/// How a cache names the compiler of an object.
std::string compiler_name(const Compiler& compiler) { return fingerprint(compiler.identity()).substr(0, 16); }

class Store {
    std::mutex mutex_;
    std::map<std::string, void*> loaded_;  // by key
    std::unique_ptr<TemporaryFolder> private_;
    KernelEvents events_;

    /// The address of the unit's symbol in an object, or null where that is not the unit's.
    static void* load(const fs::path& object, const Unit& unit) {
        void* library = dlopen(object.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!library) return nullptr;
        const auto* key = static_cast<const char*>(dlsym(library, "noisetrap_kernel_key"));
        if (!key || unit.key() != key) return nullptr;
        return dlsym(library, unit.symbol);
    }

    void* known(const std::string& key) {
        const std::lock_guard lock(mutex_);
        const auto found = loaded_.find(key);
        return found == loaded_.end() ? nullptr : found->second;
    }
    void* keep(const std::string& key, void* symbol) {
        const std::lock_guard lock(mutex_);
        return loaded_[key] = symbol;
    }

    void warn(const std::string& sentence) {
        const std::lock_guard lock(mutex_);
        if (events_.warning) events_.warning(sentence);
    }

    /// Where to compile: the user's cache, or a private folder where that cannot be used.
    KernelCache writable_cache() {
        const KernelCache users(user_cache_folder());
        std::string why = users.folder().empty() ? "there is no home folder" : users.why_not_trusted();
        if (why.empty()) why = users.why_not_writable();
        if (why.empty()) return users;
        return private_cache(users.folder().empty() ? why
                                                    : fmt::format("{}: {}", users.folder().string(), why));
    }
    KernelCache private_cache(const std::string& why) {
        bool first = false;
        {
            const std::lock_guard lock(mutex_);
            if (!private_) {
                const char* temporary = std::getenv("TMPDIR");
                try {
                    private_ =
                        std::make_unique<TemporaryFolder>(temporary && *temporary ? temporary : "/tmp");
                } catch (const fs::filesystem_error& error) {
                    throw InputError(
                        fmt::format("kernels can be compiled neither in the cache ({}) nor in a temporary "
                                    "folder ({}): give NOISETRAP_KERNEL_CACHE a folder with some room",
                                    why, error.code().message()));
                }
                first = true;
            }
        }
        if (first)
            warn(fmt::format(
                "the kernel cache cannot be used ({}): kernels are compiled into a private folder, for "
                "this run alone",
                why));
        return KernelCache(private_->path());
    }

    /// The shipped headers as files, whole and unchanged.
    static fs::path write_headers(const KernelCache& cache, StopToken stop) {
        const auto folder = cache.folder() / ("headers-" + shipped_headers_fingerprint());
        const auto whole = [&] {
            return std::all_of(shipped_headers().begin(), shipped_headers().end(),
                               [&](const ShippedHeader& h) { return text_of(folder / h.path) == h.text; });
        };
        const FileLock lock(cache.folder() / "headers.lock", FileLock::Mode::alone, stop);
        if (whole()) return folder;
        const TemporaryFolder aside(cache.folder());
        for (const auto& header : shipped_headers()) {
            const auto file = aside.path() / "headers" / header.path;
            fs::create_directories(file.parent_path());
            std::ofstream(file, std::ios::binary) << header.text;
        }
        std::error_code error;
        fs::remove_all(folder, error);
        fs::rename(aside.path() / "headers", folder, error);
        if (!whole())
            throw fs::filesystem_error("", folder, std::make_error_code(std::errc::no_space_on_device));
        return folder;
    }

    static fs::path compile_into(const KernelCache& cache, const Unit& unit, StopToken stop) {
        const auto compiler = compiler_for(unit.target);
        const auto key = unit.key(), name = compiler_name(compiler);
        const FileLock in_use(cache.folder() / KernelCache::lock_name, FileLock::Mode::shared, stop);
        const FileLock lock(cache.folder() / (key + ".lock"), FileLock::Mode::alone, stop);
        if (const auto there = cache.find(key, name)) return *there;  // another process was faster
        const auto headers = write_headers(cache, stop);
        const TemporaryFolder work(cache.folder());
        const auto source = work.path() / unit.file_name(), object = work.path() / "kernel.so";
        std::ofstream(source, std::ios::binary) << unit.text;
        const auto log = cache.folder() / (key + ".log");
        const auto result =
            noisetrap::compile(compiler, unit.target, key, {headers}, source, object, log, stop);
        if (!result.ok) {
            if (result.disk_full || fs::space(cache.folder()).available < (1u << 20))
                throw fs::filesystem_error("", log, std::make_error_code(std::errc::no_space_on_device));
            throw InputError(fmt::format("{} could not compile a kernel: {} (all that it said: {})",
                                         compiler.program.filename().string(), result.first_error,
                                         log.string()));
        }
        require_unchanged(unit.user);
        const auto place = cache.store(key, name, object, unit.text);
        std::error_code ignored;
        fs::remove(log, ignored);
        fs::remove(cache.folder() / (key + ".lock"), ignored);
        return place;
    }

    /// The compiler reads the user's header after its text was looked at.
    static void require_unchanged(const UserHeader& user) {
        if (!user.mark.empty() && header_fingerprint(user.path) != user.mark)
            throw InputError(fmt::format(
                "{} has changed while it was compiled; the same command runs it as it is now", user.path));
    }

    /// Null where the object cannot be loaded from there, as from a folder that is mounted noexec; says why.
    void* compile_and_load_in(const KernelCache& cache, const Unit& unit, StopToken stop, std::string& why) {
        dlerror();
        void* symbol = load(compile_into(cache, unit, stop), unit);
        if (symbol) return keep(unit.key(), symbol);
        const char* said = dlerror();
        why = said ? said : "what was compiled is not what was asked for";
        return nullptr;
    }

    static std::optional<fs::path> in_pack(const std::string& key) {
        const auto pack = pack_folder();
        return pack.empty() ? std::nullopt : KernelCache(pack).find(key, "");
    }
    static std::optional<fs::path> in_cache(const Unit& unit) {
        const auto compiler = is_device(unit.target) ? device_compiler() : host_compiler();
        return KernelCache(user_cache_folder()).find(unit.key(), compiler ? compiler_name(*compiler) : "");
    }

    void* compile_and_load(const Unit& unit, StopToken stop) {
        std::string why;
        try {
            if (void* symbol = compile_and_load_in(writable_cache(), unit, stop, why)) return symbol;
        } catch (const fs::filesystem_error& error) {
            why = error.code().message();
        }
        if (void* symbol = compile_and_load_in(private_cache(why), unit, stop, why)) return symbol;
        throw InputError(fmt::format("a kernel was compiled but cannot be loaded: {}", why));
    }

  public:
    /// Loaded, or in the pack or the user's cache; else null.
    void* find(const Unit& unit) {
        const auto key = unit.key();
        if (void* symbol = known(key)) return symbol;
        if (const auto object = in_pack(key))
            if (void* symbol = load(*object, unit)) return keep(key, symbol);
        if (const auto object = in_cache(unit)) {
            if (void* symbol = load(*object, unit)) return keep(key, symbol);
            std::error_code ignored;
            fs::remove(*object, ignored);  // whole, but something else
        }
        return nullptr;
    }
    KernelPlace place_of(const Unit& unit) {
        if (in_pack(unit.key())) return KernelPlace::pack;
        return in_cache(unit) ? KernelPlace::cache : KernelPlace::missing;
    }
    void* find_or_compile(const Unit& unit, StopToken stop) {
        if (void* symbol = find(unit)) return symbol;
        void* symbol = nullptr;
        each({{unit.key(), unit}}, [&](const Unit& missing) { symbol = compile_and_load(missing, stop); });
        return symbol;
    }

    /// make(unit) for each, side by side on all processors; throws what the first failure threw.
    template <class Make>
    void each(const Units& units, Make make) {
        if (units.empty()) return;
        std::vector<const Unit*> order;
        for (const auto& [key, unit] : units) order.push_back(&unit);
        std::atomic<std::size_t> next = 0, left = units.size();
        std::exception_ptr thrown;
        std::mutex mutex;
        tell(units.size());
        const auto work = [&] {
            for (std::size_t i; (i = next.fetch_add(1)) < units.size();) try {
                    make(*order[i]);
                    tell(--left);
                } catch (...) {
                    const std::lock_guard lock(mutex);
                    if (!thrown) thrown = std::current_exception();
                    next = units.size();
                }
        };
        const auto most = std::max(1u, std::thread::hardware_concurrency());
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 1; i < std::min<std::size_t>(most, units.size()); ++i) try {
                    threads.emplace_back(work);
                } catch (const std::system_error&) {  // no more threads: those that there are do the work
                    break;
                }
            work();
        }
        tell(0);
        if (thrown) std::rethrow_exception(thrown);
    }
    void compile_all(const Units& units, StopToken stop) {
        each(units, [this, stop](const Unit& unit) { compile_and_load(unit, stop); });
    }
    void fill(const KernelCache& cache, const Units& units, StopToken stop) {
        each(units, [&cache, stop](const Unit& unit) { compile_into(cache, unit, stop); });
    }

    void tell(std::size_t left) {
        const std::lock_guard lock(mutex_);
        if (events_.compiling) events_.compiling(left);
    }
    void set(KernelEvents events) {
        const std::lock_guard lock(mutex_);
        events_ = std::move(events);
    }
};

Store& store() {
    static Store the;
    return the;
}

void* built_in(const KernelSpec& spec) {
    const auto kernels = built_in_kernels(spec.target);
    const auto arguments = kernels.empty() ? "" : kernel_arguments(spec);
    for (const auto& kernel : kernels)
        if (kernel.arguments == arguments) return kernel.function;
    return nullptr;
}

}  // namespace

std::string kernel_key(const KernelSpec& spec) { return unit_of(spec).key(); }

KernelPlace place_of(const KernelSpec& spec) {
    return built_in(spec) ? KernelPlace::built_in : store().place_of(unit_of(spec));
}

std::vector<void*> ready_kernels(std::span<const KernelSpec> specs, StopToken stop) {
    std::vector<void*> functions;
    Units missing;
    std::vector<std::string> keys(specs.size());
    for (std::size_t i = 0; i < specs.size(); ++i) {
        functions.push_back(built_in(specs[i]));
        if (functions[i]) continue;
        auto unit = unit_of(specs[i]);
        keys[i] = unit.key();
        functions[i] = store().find(unit);
        if (!functions[i]) missing.try_emplace(keys[i], std::move(unit));
    }
    store().compile_all(missing, stop);
    for (std::size_t i = 0; i < specs.size(); ++i)
        if (!functions[i]) functions[i] = store().find(missing.at(keys[i]));
    return functions;
}

void* compiled_kernel(const KernelSpec& spec) { return store().find_or_compile(unit_of(spec), {}); }

void set_kernel_events(KernelEvents events) { store().set(std::move(events)); }

void fill_cache(const KernelCache& cache, std::span<const KernelSpec> specs, StopToken stop) {
    Units missing;
    auto why = cache.why_not_writable(KernelCache::Readers::everybody);
    if (why.empty()) why = cache.why_not_trusted();
    if (!why.empty())
        throw InputError(
            fmt::format("{} cannot be used ({}): name another folder", cache.folder().string(), why));
    for (const auto& spec : specs) {
        auto unit = unit_of(spec);
        const auto key = unit.key();
        if (!cache.find(key, compiler_name(compiler_for(unit.target))))
            missing.try_emplace(key, std::move(unit));
    }
    store().fill(cache, missing, stop);
}

void* compiled_symbol(const std::string& unit, const char* symbol, const UserHeader& user, StopToken stop) {
    return store().find_or_compile(
        {fmt::format("// target {}\n{}", host_target, unit), host_target, symbol, user}, stop);
}

}  // namespace noisetrap
