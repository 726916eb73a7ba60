#include "app/file_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "analysis/critical/landscape_file.hpp"
#include "analysis/networks/escape_config.hpp"
#include "analysis/networks/network_run.hpp"
#include "analysis/sweeps/point_source.hpp"
#include "engine/input/comparison.hpp"
#include "engine/input/config_parts.hpp"
#include "models/landscapes/landscapes.hpp"

namespace noisetrap {
namespace {

using Words = std::vector<std::string>;

constexpr const char* own_optimiser = "optimisers.some_optimiser.";
constexpr const char* fitted_text =
    "train.steps = 1\ndata = {set = 'teacher', samples = 20, units = 1}\nnetwork.hidden = [2]\n"
    "point = {at = 'fitted', starts = 1, split_unit = 0}\n";
constexpr const char* components_text =
    "train.steps = 1\nnetwork.unit = 'linear'\ndata.target = 'inputs'\n"
    "point = {at = 'principal-components', components = [1]}\n";
constexpr const char* recurrent_text =
    "data.set = 'sequences'\nnetwork = {kind = 'recurrent', hidden = [1], inputs = 1}\n";
constexpr const char* noisy_text = "noise = {sigma = [0.5], samples = 100}\nadvise.batch_sizes = [1]\n";

template <class T>
void add_new(std::vector<T>& list, const T& item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

bool begins(const std::string& text, const std::string& with) { return text.starts_with(with); }

class Readings;

/// A kind of files: its reader, and what has it read texts that make it ask for every key.
struct Kind {
    const char *command, *subject, *says;
    Declarations (*keys_of)(const std::string& toml);
    void (Readings::*read)();
};

/// Readings of texts that make the reader of a kind ask for every key. Where a default depends on another key, that
/// has another value in some text.
class Readings {
    const Kind& kind_;
    FileKeys keys_;
    std::set<std::string> declared_, known_;

    bool is_for(const char* command) const { return std::string(kind_.command) == command; }
    Declarations read(const std::string& toml) const { return kind_.keys_of(toml); }

    /// Shares the declarations out; a text about a model says nothing of an optimiser's keys, and the reverse.
    void take(const Declarations& read, KeyGroup* subject, KeyGroup* method) {
        known_.insert(read.known.begin(), read.known.end());
        for (auto d : read.declared) {
            declared_.insert(d.key);
            if (!keys_.subject.empty() && begins(d.key, keys_.subject + ".")) {
                if (subject) subject->keys.add(d);
            } else if (begins(d.key, "optimiser.") || begins(d.key, own_optimiser)) {
                d.key = "optimiser" + d.key.substr(d.key.rfind('.'));
                if (method) method->keys.add(d);
            } else {
                keys_.others.add(d);
            }
        }
    }

    /// What asks for the keys that are no model's and no optimiser's.
    std::string common(bool sde, bool of_engine) const {
        if (is_for("compare")) return "compare.exit_radius = 20.0\noptimisers.some_optimiser.name = 'sgd'\n";
        if (is_for("simulate"))
            return std::string(
                       "observe.exit_radius = 2.0\nobserve.histogram = {scale = 'symlog', to = 7.0}\n") +
                   (sde ? "observe.rows = 'all'\nintegrator = {dt = 0.5, t_end = 8.0}\n" : "");
        const std::string axis = " = {from = 100, to = 200, points = 2}\n";
        if (sde) return "sweep.exit_radius = 2.0\nintegrator.t_end = 800.0\nsweep.integrator.dt" + axis;
        return (of_engine ? "sweep.exit_radius = 2.0\nsweep.boundary.coarse = 9\n" : "") +
               ("sweep.integrator.steps" + axis);
    }

    void read_models() {
        for (const auto& name : model_names()) {
            const bool sde = entries_of(name).front()->formulation == Formulation::sde;
            if (sde && is_for("compare")) continue;
            keys_.subjects.push_back({name, {}});
            take(read(fmt::format("model.name = '{}'\n{}", name, common(sde, true))), &keys_.subjects.back(),
                 nullptr);
        }
        if (!is_for("sweep")) return;
        for (const auto& host : host_models()) {
            keys_.subjects.push_back({host.name, {}});
            take(read(fmt::format("model.name = '{}'\n{}", host.name, common(false, false))),
                 &keys_.subjects.back(), nullptr);
        }
    }

    void read_formulas() {
        struct Form {
            bool sde, for_optimisers;
            std::vector<std::string> texts;
        };
        const std::string parts = "model.parameters.some_parameter = 1.0\nfunctions.some_function = 'u'\n";
        const std::string rate = "some_parameter*some_function(x)";
        const auto with_noise = [&](const std::string& key, std::initializer_list<const char*> noises) {
            std::vector<std::string> texts;
            for (const auto* of_noise : noises)
                texts.push_back(
                    fmt::format("{} = '{} + some_noise'\nnoise.some_noise = {{{}}}\n", key, rate, of_noise));
            return texts;
        };
        // Numbers of a noise may be formulas of parameters, which are strings.
        auto recursions = with_noise(
            "model.next",
            {"law = 'gaussian', sd = 1.5", "law = 'uniform', sd = '2'", "law = 'student-t', nu = 3",
             "law = 'student-t', nu = '3'", "law = 'stable', alpha = 1.5", "law = 'stable', alpha = '1.5'",
             "law = 'jumps', rate = 1.0", "law = 'jumps', rate = '1'", "process = 'anticorrelated'",
             "process = 'correlated', correlation_time = 5.0",
             "process = 'correlated', correlation_time = '5'",
             "process = 'samples', samples = 4, reshuffled = 1",
             "process = 'samples', samples = '4', reshuffled = '1'",
             "process = 'switching', up = 0.1, down = 0.1",
             "process = 'switching', up = '0.1', down = '0.1'"});
        recursions.push_back("model.next = ['x = " + rate +
                             " + some_noise', 'some_variable = x']\nmodel.start.some_variable = 1.0\n"
                             "noise.some_noise = {law = 'gaussian'}\n");
        const Form forms[] = {
            {true,
             false,
             {"model.equation = 'dx = " + rate + " dt + x dW'\n",
              "model.equation = ['dx = some_variable dt', 'dsome_variable = " + rate +
                  " dt + dW']\nmodel.start.some_variable = 1.0\n"}},
            {false, false, recursions},
            {false, true,
             with_noise("model.gradient", {"law = 'gaussian', sd = 1.5", "law = 'uniform', sd = '2'"})}};
        for (const auto& form : forms) {
            if (is_for("compare") && !form.for_optimisers) continue;
            keys_.subjects.push_back({"", {}});
            for (const auto& text : form.texts)
                take(read(text + parts + common(form.sde, true)), &keys_.subjects.back(), nullptr);
        }
        keys_.subjects.push_back({"", {}});
        take(keys_of_own_source(), &keys_.subjects.back(), nullptr);
    }

    void read_methods() {
        Words seen;
        for (const auto& entry : catalogue()) {
            if (entry.formulation == Formulation::sde) continue;
            if (std::find(seen.begin(), seen.end(), entry.method) != seen.end()) continue;
            seen.push_back(entry.method);
            keys_.methods.push_back({entry.method, {}});
            auto text = common(false, true);
            if (!is_for("compare")) text += "optimiser.name = 'sgd'\n";
            text.replace(text.rfind("'sgd'"), 5, "'" + entry.method + "'");
            take(read(fmt::format("model.name = '{}'\n{}", entry.model, text)), nullptr,
                 &keys_.methods.back());
        }
    }

    /// A key that no text has made the reader ask for would be missing without a word.
    void require_all() const {
        for (const auto& key : known_)
            if (!declared_.count(key))
                throw std::logic_error(fmt::format("no text of the schema makes a reader ask for {}", key));
    }

  public:
    explicit Readings(const Kind& kind) : kind_(kind), keys_{kind.subject, kind.says, {}, {}, {}} {}

    void read_stepped() {
        read_models();
        read_formulas();
        read_methods();
        if (is_for("simulate"))
            take(read("model.name = 'linear-sde'\nrare.level = 2.0\nrare.back = 0.5\n"), nullptr, nullptr);
    }

    /// Files that are named need not be there: their keys have been asked for by then.
    void read_networks() {
        for (const char* text : {"network.hidden = [1]\n", recurrent_text, fitted_text,
                                 "data.file = 'some.csv'\n", "point = {at = 'file', file = 'some.txt'}\n",
                                 "point = {at = 'principal-components', components = [1]}\n"})
            take(read(text), nullptr, nullptr);
        take(read("measure.batch_sizes = [1]\nescape.batch_sizes = [1]\n"), nullptr, nullptr);
        take(read("escape.distance = 'along'\n"), nullptr, nullptr);
        for (const auto& name : network_optimisers()) {
            keys_.methods.push_back({name, {}});
            take(read(fmt::format("optimiser.name = '{}'\n", name)), nullptr, &keys_.methods.back());
        }
    }

    void read_listed_landscapes(std::initializer_list<const char*> texts) {
        for (const auto& entry : landscapes()) {
            keys_.subjects.push_back({entry.name, {}});
            for (const char* text : texts)
                take(read(fmt::format("landscape.type = '{}'\n{}", entry.name, text)), &keys_.subjects.back(),
                     nullptr);
        }
    }

    void read_advised() {
        read_networks();
        read_listed_landscapes({"", "search.at = [0.0]\n", "advise.at = [0.0]\n", noisy_text});
    }

    void read_landscapes() {
        read_listed_landscapes(
            {"", "search.at = [0.0]\nspectrum.at = [0.0]\nadvise.at = [0.0]\nanalyse.run = 'some.npy'\n",
             noisy_text});
        for (const char* text :
             {"network.hidden = [1]\n", recurrent_text, "data.file = 'some.csv'\n", fitted_text,
              "network.hidden = [1]\nanalyse.run = 'some.npy'\n", "network.kind = 'gates'\ntrain.steps = 1\n",
              "network.kind = 'recurrent'\ntrain.steps = 1\n",
              "network.hidden = [1]\ntrain.steps = 1\npoint = {at = 'file', file = 'some.txt'}\n",
              components_text})
            take(read(text), nullptr, nullptr);
        for (const auto& name : network_optimisers())
            take(read(fmt::format("network.hidden = [1]\ntrain.steps = 1\noptimiser.name = '{}'\n", name)),
                 nullptr, nullptr);
    }

    FileKeys keys() {
        (this->*kind_.read)();
        require_all();
        return std::move(keys_);
    }
};

/// A file may serve all commands on networks.
Declarations keys_of_any_network(const std::string& toml) {
    auto keys = keys_of_network(toml);
    keys.add(keys_of_escape(toml));
    return keys;
}

/// `noisetrap advise` takes landscapes beside networks.
Declarations keys_of_advised(const std::string& toml) {
    return begins(toml, "landscape.type") ? keys_of_landscape_advice(toml) : keys_of_any_network(toml);
}

Declarations keys_of_any_sweep(const std::string& toml) { return keys_of_sweep(toml, host_models()); }

/// THE list of kinds of files.
constexpr Kind kinds[] = {
    {"simulate", "model", "name", keys_of_run, &Readings::read_stepped},
    {"compare", "model", "name", keys_of_comparison, &Readings::read_stepped},
    {"sweep", "model", "name", keys_of_any_sweep, &Readings::read_stepped},
    {"measure", "", "", keys_of_any_network, &Readings::read_networks},
    {"advise", "landscape", "type", keys_of_advised, &Readings::read_advised},
    {"escape", "", "", keys_of_any_network, &Readings::read_networks},
    {"landscape", "landscape", "type", keys_of_landscape, &Readings::read_landscapes},
    {"spectrum", "landscape", "type", keys_of_landscape, &Readings::read_landscapes},
    {"analyse", "landscape", "type", keys_of_landscape, &Readings::read_landscapes},
};

const Kind* kind_for(const std::string& command) {
    const auto* found = std::find_if(std::begin(kinds), std::end(kinds),
                                     [&](const Kind& kind) { return command == kind.command; });
    return found == std::end(kinds) ? nullptr : found;
}

}  // namespace

void KeyList::add(const Declaration& d) {
    auto named = std::find_if(keys_.begin(), keys_.end(), [&](const auto& key) { return key.name == d.key; });
    if (named == keys_.end()) named = keys_.insert(keys_.end(), FileKey{d.key, {}, {}, {}});
    auto& key = *named;
    add_new(key.meanings, d.meaning);
    key.standards.insert(d.standard.value_or(""));
    for (auto& form : key.forms) {
        if (form.of != d.of || form.many != d.many) continue;
        for (const auto& word : d.choices) add_new(form.choices, word);
        if (!form.range) return;
        form.range->smallest = std::min(form.range->smallest, d.range->smallest);
        form.range->largest = std::max(form.range->largest, d.range->largest);
        form.range->open_below = form.range->open_below && d.range->open_below;
        return;
    }
    key.forms.push_back(d);
}

std::vector<std::string> file_kinds() {
    Words commands;
    for (const auto& kind : kinds) commands.emplace_back(kind.command);
    return commands;
}

FileKeys keys_of_kind(const std::string& kind) { return Readings(*kind_for(kind)).keys(); }

bool is_of_axis(const std::string& key) {
    return begins(key, "sweep.model.") || begins(key, "sweep.optimiser.") || begins(key, "sweep.integrator.");
}

std::vector<Declaration> keys_of_command(const std::string& command) {
    const std::string kind = kind_for(command) ? command : "simulate";
    const auto keys = keys_of_kind(kind);
    KeyList all;
    const auto add = [&](const KeyList& some) {
        for (const auto& key : some.list())
            if (("." + key.name).find(std::string(".") + own_name) == std::string::npos &&
                !is_of_axis(key.name))
                for (auto each : key.forms) {
                    each.meaning = key.meanings.front();
                    all.add(each);
                }
    };
    for (const auto& group : keys.subjects) add(group.keys);
    if (kind != "compare")
        for (const auto& group : keys.methods) add(group.keys);
    add(keys.others);
    std::vector<Declaration> list;
    for (const auto& key : all.list()) list.push_back(key.forms.front());
    return list;
}

}  // namespace noisetrap
