// noisetrap._core: what the package `noisetrap` is made of. It reads the same TOML with the same reader as the command
// line, and runs the same engine.
#include <mutex>
#include <utility>

#include "engine/device_error.hpp"
#include "engine/kernels/store.hpp"
#include "engine/runs/backend.hpp"
#include "python/core/bindings.hpp"

namespace nb = nanobind;

namespace noisetrap::python {
namespace {

std::mutex warnings_mutex;
std::vector<std::string> warnings;

/// noisetrap.InputError with its fields, DeviceError, and Ctrl-C.
void translate(const std::exception_ptr& thrown, void*) {
    const auto errors = [] { return nb::module_::import_("noisetrap._errors"); };
    const auto raise = [](const nb::object& error) {
        PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
    };
    try {
        std::rethrow_exception(thrown);
    } catch (const InputError& e) {
        raise(errors().attr("InputError")(e.what(), e.blame.key, e.blame.where, e.blame.nearest));
    } catch (const DeviceError& e) {
        raise(errors().attr("DeviceError")(e.what()));
    } catch (const Interrupted&) {
        PyErr_SetNone(PyExc_KeyboardInterrupt);
    }
}

}  // namespace

void add_warning(const std::string& sentence) {
    const std::lock_guard lock(warnings_mutex);
    warnings.push_back(sentence);
}

std::vector<std::string> take_warnings() {
    const std::lock_guard lock(warnings_mutex);
    return std::exchange(warnings, {});
}

}  // namespace noisetrap::python

NB_MODULE(_core, m) {
    using namespace noisetrap;
    using namespace noisetrap::python;
    set_kernel_events({.compiling = {}, .warning = add_warning});
    set_backend_warning(add_warning);
    nb::register_exception_translator(translate);
    nb::class_<Request>(m, "Request")
        .def(nb::init<std::string, std::string, std::vector<std::string>>(), nb::arg("toml"), nb::arg("name"),
             nb::arg("settings"))
        .def_ro("toml", &Request::toml)
        .def_ro("name", &Request::name)
        .def_ro("settings", &Request::settings);
    m.def("take_warnings", take_warnings);
    bind_catalogue(m);
    bind_runs(m);
    bind_laws(m);
    bind_comparisons(m);
    bind_sweeps(m);
    bind_networks(m);
}
