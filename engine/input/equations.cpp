#include "engine/input/equations.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/catalogue/equation_model.hpp"
#include "engine/error.hpp"
#include "engine/formula/code.hpp"
#include "engine/formula/evaluate.hpp"
#include "engine/formula/parse.hpp"
#include "engine/input/suggestions.hpp"

namespace noisetrap {
namespace {

using formula::FormulaError;
using formula::Role;

constexpr std::size_t most_variables = 16;
constexpr const char* correlation_key = "correlation";
constexpr const char* form_keys[] = {"model.equation", "model.next",
                                     "model.gradient"};  // in the order of Form
const std::vector<std::string> model_keys = {"gradient", "start", "name",       "header",     "type",
                                             "equation", "next",  "parameters", "fingerprint"};

/// What others call functions and constants.
const std::pair<const char*, const char*> other_names[] = {
    {"ln", "log"},      {"arctan", "atan"}, {"heaviside", "step"}, {"theta", "step"},
    {"tg", "tan"},      {"sgn", "sign"},    {"power", "pow"},      {"fabs", "abs"},
    {"minimum", "min"}, {"maximum", "max"}, {"ch", "cosh"},        {"sh", "sinh"}};

std::string hint_about(const FormulaError& error) {
    if (error.word.empty()) return "";
    for (const auto& [other, name] : other_names)
        if (error.word == other) return fmt::format("; did you mean '{}'?", name);
    if (error.word == "t") return ": time is known in an SDE alone; a recursion counts its steps, n";
    if (error.word == "n") return ": the step's number is known in a recursion alone; an SDE has the time, t";
    if (formula::is_differential(error.word))
        return ": noises that are no Brownian motions have their names in [noise]";
    const auto meant = did_you_mean(error.word, error.known);
    return meant.empty() ? fmt::format("; give it a value, as model.parameters = {{{} = 1.0}}", error.word)
                         : meant;
}

/// reading(), whose complaint about a formula becomes one about its key.
template <class Reading>
auto at(const ConfigReader& reader, const std::string& key, Reading reading) {
    try {
        return reading();
    } catch (const FormulaError& error) {
        reader.complain_at(key, error.formula, error.column, error.what() + hint_about(error));
    }
}

formula::Form form_of(const ConfigReader& reader) {
    int form = 0;
    while (!reader.has(form_keys[form])) ++form;
    return static_cast<formula::Form>(form);
}

class EquationReader {
    ConfigReader& reader_;
    EquationModel model_;
    formula::Scope scope_;
    std::vector<formula::Tree> of_noises_;  // sizes and shapes, which hold parameters too
    formula::Form form_;
    std::string key_;
    bool sde_;

    /// The name of a parameter, a noise or a function must be one, and nobody else's.
    void require_free(const std::string& key, const std::string& name, const std::string& what) const {
        if (!formula::is_name(name))
            reader_.complain(key, fmt::format("is no name of {}: letters, digits and _ make one", what));
        const std::vector<std::string> taken = {"x", "t", "n", "dt", "u", "v", "pi"};
        if (std::find(taken.begin(), taken.end(), name) != taken.end())
            reader_.complain(
                key, fmt::format("is no name of {}: '{}' has a meaning of its own in formulas", what, name));
        if (formula::find_function(name) || name == "pow")
            reader_.complain(key, fmt::format("is no name of {}: '{}' is a function", what, name));
        if (scope_.names.count(name) || scope_.functions.count(name))
            reader_.complain(
                key, fmt::format("is given twice: '{}' is a parameter, a noise or a function already", name));
        if (sde_ && formula::is_differential(name))
            reader_.complain(
                key, fmt::format("is no name of {}: '{}' is that of a noise of the equation", what, name));
    }

    /// Their values stand after the formula in the resolved configuration, so they are read twice.
    void declare_parameters() {
        reader_.know_table("model.parameters");
        for (const auto& name : reader_.keys_in("model.parameters")) {
            const auto key = "model.parameters." + name;
            require_free(key, name, "a parameter");
            if (std::find(model_keys.begin(), model_keys.end(), name) != model_keys.end())
                reader_.complain(
                    key, fmt::format("is no name of a parameter: model.{} is a key of its own", name));
            scope_.names[name] = Role::parameter;
        }
    }
    void read_parameters() {
        for (const auto& name : reader_.keys_in("model.parameters")) {
            const auto key = "model.parameters." + name;
            if (!is_used(name)) reader_.complain(key, "does not stand in the formula: take it out");
            const double value = reader_.number(
                key, 0, {-1e100, 1e100}, "a parameter's value, unless model." + name + " gives another");
            model_.parameters.push_back({name, "-", "parameter of the formula", value, -1e100, 1e100, {}});
        }
    }
    bool is_used(const std::string& name) const {
        const auto stands_in = [&](const formula::Tree& tree) {
            return formula::any_of(tree, [&](const formula::Node& node) {
                return node.kind == formula::Kind::name && node.role == Role::parameter && node.name == name;
            });
        };
        const auto& equation = model_.equation;
        for (const auto& component : equation.system)
            if (stands_in(component.drift) ||
                std::any_of(component.factors.begin(), component.factors.end(), stands_in))
                return true;
        return (equation.drift && stands_in(equation.drift)) ||
               std::any_of(equation.noises.begin(), equation.noises.end(),
                           [&](const auto& noise) { return stands_in(noise.factor); }) ||
               std::any_of(of_noises_.begin(), of_noises_.end(), stands_in);
    }

    void read_functions() {
        reader_.know_table("functions");
        for (const auto& name : reader_.keys_in("functions")) {
            const auto key = "functions." + name;
            require_free(key, name, "a function");
            const auto text = reader_.text(key, "", "a function of u, or of u and v");
            auto scope = scope_;
            scope.names["u"] = scope.names["v"] = Role::argument;
            const auto body = at(reader_, key, [&] { return formula::parse(text, scope); });
            const bool two = formula::any_of(body, [](const formula::Node& node) {
                return node.role == Role::argument && node.name == "v";
            });
            scope_.functions[name] = {body, two ? std::size_t{2} : std::size_t{1}};
        }
    }

    /// A number, or a formula of parameters.
    formula::Tree read_quantity(const std::string& noise, const std::string& quantity, double standard,
                                const std::string& meaning, Range range = {0, 1e100}) {
        const auto key = "noise." + noise + "." + quantity, name = quantity + " of " + noise;
        const auto said = meaning + ": a number, or a formula of parameters";
        if (!reader_.is_text(key)) {
            model_.constants[name] = reader_.number(key, standard, range, said);
        } else {
            const auto text = reader_.text(key, "", said);
            const auto tree = at(reader_, key, [&] { return formula::parse(text, scope_); });
            if (formula::any_of(tree, [](const auto& node) { return node.kind == formula::Kind::name; }))
                return of_noises_.emplace_back(tree);
            model_.constants[name] = plain_number(key, formula::value_of(tree, {}, 0), range);
        }
        return of_noises_.emplace_back(formula::name(name, Role::parameter));
    }
    /// The value of a formula without parameters, which is checked as a number is.
    double plain_number(const std::string& key, double value, Range range) {
        if (!(value >= range.smallest && value <= range.largest))
            reader_.complain(
                key, fmt::format("= {} must lie between {} and {}", value, range.smallest, range.largest));
        return value;
    }
    /// The number that gives a law its shape; checked here where it is a plain one.
    formula::Tree read_shape(const std::string& noise, Law law) {
        const std::string quantity = facts_of(law).shape, key = "noise." + noise + "." + quantity;
        constexpr const char* meanings[] = {"degrees of freedom, an odd number from 3 on",
                                            "exponent, above 0 and at most 2",
                                            "jumps in a step of a recursion, in a unit of time of an SDE"};
        if (!reader_.has(key))
            reader_.complain("noise." + noise + ".law",
                             fmt::format("= '{}' needs noise.{}.{}", facts_of(law).name, noise, quantity));
        const auto shape = read_quantity(noise, quantity, 1,
                                         meanings[static_cast<int>(law) - static_cast<int>(Law::student_t)]);
        const auto given = model_.constants.find(quantity + " of " + noise);
        if (given != model_.constants.end() && *shape_complaint(law, given->second))
            reader_.complain(key, fmt::format("= {} {}", given->second, shape_complaint(law, given->second)));
        return shape;
    }
    /// A stable law has no standard deviation, and jumps are counted.
    formula::Tree read_size(const std::string& noise, Law law) {
        const auto sd = "noise." + noise + ".sd";
        if (law == Law::stable && reader_.has(sd))
            reader_.complain(
                sd, "asks for a standard deviation, and a stable law has no variance: give its scale");
        if (law == Law::jumps && reader_.has(sd))
            reader_.complain(
                sd, "does not fit: the value is the number of jumps; their size stands in the formula");
        if (law == Law::jumps) return formula::number(1);
        if (law == Law::stable)
            return read_quantity(noise, "scale", 1, "scale c, E e^(ikx) = e^(-|c k|^alpha)");
        return read_quantity(noise, "sd", 1, "standard deviation");
    }
    /// What a noise that remembers is told.
    NoiseSource read_source(const std::string& noise) {
        std::vector<std::string> names;
        for (const auto& facts : noise_facts()) names.emplace_back(facts.name);
        const auto name = reader_.word("noise." + noise + ".process", names[0], names, "how it comes about");
        NoiseSource source{&noise_facts_of(name), {}};
        for (const auto& key : source.facts->keys) {
            const auto full = fmt::format("noise.{}.{}", noise, key.name);
            if (!reader_.has(full))
                reader_.complain(fmt::format("noise.{}.process", noise),
                                 fmt::format("= '{}' needs {}", name, full));
            source.keys.push_back(read_quantity(noise, key.name, key.smallest, key.meaning));
            const auto given = model_.constants.find(fmt::format("{} of {}", key.name, noise));
            if (given != model_.constants.end() && !key.allows(given->second))
                reader_.complain(full, fmt::format("= {} {}", given->second, key.range()));
        }
        return source;
    }
    /// Whose law the configuration does not choose.
    formula::Noise read_remembering(const std::string& noise, const NoiseFacts& facts) {
        for (const std::string key : {"law", "sd"})
            if (const auto full = fmt::format("noise.{}.{}", noise, key);
                reader_.has(full) && !(facts.sized && key == "sd"))
                reader_.complain(full, fmt::format("does not go with the process '{}'{}", facts.name,
                                                   facts.sized ? ", which is normal" : ""));
        if (form_ == formula::Form::loss && !facts.sized)
            reader_.complain(
                "noise." + noise + ".process",
                fmt::format("= '{}' does not fit a loss, whose mean gradient is taken to be that without "
                            "noise; write the steps as model.next",
                            facts.name));
        model_.laws.push_back(facts.laws[0]);
        if (!facts.sized) return {noise, formula::number(1)};
        return {noise, read_quantity(noise, "sd", 1,
                                     "standard deviation that many steps sum up to, over their root")};
    }
    Law read_law(const std::string& noise, const std::vector<std::string>& choices) {
        const auto law =
            law_named(reader_.word("noise." + noise + ".law", choices.front(), choices, "its law"));
        model_.laws.push_back(law);
        return law;
    }
    std::vector<formula::Noise> read_noises() {
        std::vector<formula::Noise> noises;
        reader_.know_table("noise");
        const auto names = reader_.tables_in("noise");
        if (names.empty())
            reader_.complain(
                key_, "needs a noise: give one, for example [noise] xi = {law = \"gaussian\", sd = 1.0}");
        for (const auto& name : names) {
            require_free("noise." + name, name, "a noise");
            model_.sources.push_back(read_source(name));
            if (model_.sources.back().remembers()) {
                noises.push_back(read_remembering(name, *model_.sources.back().facts));
                continue;
            }
            const auto law =
                read_law(name, law_names(form_ == formula::Form::loss ? Law::stable : Law::jumps));
            noises.push_back({name, read_size(name, law), has_shape(law) ? read_shape(name, law) : nullptr});
        }
        for (const auto& noise : noises) scope_.names[noise.name] = Role::noise;
        return noises;
    }
    /// The noises of an SDE are Brownian motions, unless [noise] says otherwise of one: a stable process has increments
    /// of the size dt^(1/alpha), jumps have those of a Poisson process.
    void read_noises_of_sde() {
        reader_.know_table("noise");
        auto& noises = model_.equation.noises;
        auto names = reader_.tables_in("noise");
        std::erase(names, correlation_key);
        for (const auto& name : names) require_noise("noise." + name, name);
        if (names.empty()) return;
        for (auto& noise : noises) {
            const auto law =
                reader_.has("noise." + noise.name)
                    ? read_law(noise.name, {facts_of(Law::stable).name, facts_of(Law::jumps).name})
                    : (model_.laws.push_back(Law::gaussian), Law::gaussian);
            if (law == Law::gaussian) continue;
            noise.shape = read_shape(noise.name, law);
            const auto dt = formula::name(formula::time_step_name, Role::step_length);
            if (law == Law::stable) {
                noise.scale = formula::power(dt, formula::quotient(formula::number(1), noise.shape));
            } else {
                noise.shape = formula::product({noise.shape, dt});
                noise.scale = formula::number(1);
            }
        }
    }

    void require_noise(const std::string& key, const std::string& name) const {
        std::vector<std::string> names;
        for (const auto& noise : model_.equation.noises) names.push_back(noise.name);
        if (std::find(names.begin(), names.end(), name) == names.end())
            reader_.complain(key, fmt::format("is no noise of {}, where {}", key_,
                                              names.size() == 1 ? fmt::format("the only one is {}", names[0])
                                                                : fmt::format("the noises are {}",
                                                                              fmt::join(names, ", "))));
    }
    /// d<dW, dV> is noise.correlation.dW.dV dt.
    void read_correlations() {
        const std::string table = std::string("noise.") + correlation_key;
        if (!reader_.has(table)) return;
        for (const auto& one : reader_.tables_in(table)) {
            require_noise(table + "." + one, one);
            for (const auto& other : reader_.keys_in(table + "." + one)) read_correlation(table, one, other);
        }
        const auto& given = model_.correlations;
        auto values = model_.constants;
        if (std::all_of(given.begin(), given.end(),
                        [&](const auto& c) { return values.count(c.value->name) != 0; }))
            if (const auto wrong = formula::correlation_complaint(model_.equation, given, values);
                !wrong.empty())
                reader_.complain(table, "does not fit: " + wrong);
        model_.worked_out = formula::make_independent(model_.equation, given);
    }
    void read_correlation(const std::string& table, const std::string& one, const std::string& other) {
        const auto key = fmt::format("{}.{}.{}", table, one, other);
        require_noise(key, other);
        if (one == other) reader_.complain(key, "is 1: a noise is itself");
        for (const auto& name : {one, other})
            if (reader_.has("noise." + name))
                reader_.complain(key, fmt::format("does not fit: {} is no Brownian motion", name));
        for (const auto& known : model_.correlations)
            if (known.one == other && known.other == one)
                reader_.complain(key, fmt::format("is given twice: {}.{}.{} is the same", table, other, one));
        const auto value = read_quantity(correlation_key, one + "." + other, 0,
                                         fmt::format("correlation of {} and {}", one, other), {-1, 1});
        model_.correlations.push_back({one, other, value});
        const auto said = reader_.is_text(key) ? formula::text_of(value)
                                               : fmt::format("{:g}", model_.constants.at(value->name));
        model_.equation.text += fmt::format(", d<{},{}> = {} dt", one.substr(1), other.substr(1), said);
    }

    std::vector<std::string> read_texts() {
        constexpr const char* meanings[] = {"the SDE of each variable",
                                            "the next x, or that of each variable",
                                            "the derivative of the loss, with the noise of a sample"};
        const auto texts = reader_.texts(key_, {}, meanings[static_cast<int>(form_)]);
        if (texts.empty()) reader_.complain(key_, "is an empty list: give one formula");
        if (texts.size() > most_variables)
            reader_.complain(key_,
                             fmt::format("holds {} formulas, more than {}", texts.size(), most_variables));
        if (texts.size() > 1 && form_ == formula::Form::loss)
            reader_.complain(
                key_, fmt::format("holds {} formulas: a loss as a formula has one variable", texts.size()));
        return texts;
    }
    formula::Equation equation_of(const std::vector<std::string>& texts,
                                  const std::vector<formula::Noise>& noises) const {
        using formula::Form;
        const bool one = texts.size() == 1;
        if (form_ == Form::sde)
            return one ? formula::read_sde(texts[0], scope_) : formula::read_sdes(texts, scope_);
        if (form_ == Form::loss) return formula::read_loss(texts[0], scope_, noises);
        return one ? formula::read_recursion(texts[0], scope_, noises)
                   : formula::read_recursions(texts, scope_, noises);
    }
    /// Where the variables start, but for the first.
    void read_starts() {
        reader_.know_table("model.start");
        std::vector<std::string> others;
        for (std::size_t i = 1; i < model_.equation.system.size(); ++i) {
            others.push_back(model_.equation.system[i].variable);
            model_.constants[formula::start_name(others[i - 1])] = reader_.number(
                "model.start." + others[i - 1], 0, {-1e100, 1e100}, "where " + others[i - 1] + " starts");
        }
        for (const auto& name : reader_.keys_in("model.start")) {
            if (name == model_.equation.variable)
                reader_.complain("model.start." + name, "is ensemble.x0: the first variable starts there");
            if (std::find(others.begin(), others.end(), name) == others.end())
                reader_.complain("model.start." + name,
                                 "is no variable of the equations" + did_you_mean(name, others));
        }
    }
    std::string read_name() {
        const auto name = reader_.text("model.name", "equation", "what the model is called");
        for (const auto& entry : catalogue())
            if (entry.model == name)
                reader_.complain("model.name",
                                 fmt::format("= '{}' is a built-in model: give yours another name, or "
                                             "take {} out",
                                             name, key_));
        if (name.empty())
            reader_.complain("model.name", "is empty: give the model a name, or take the line out");
        return name;
    }

  public:
    explicit EquationReader(ConfigReader& reader)
        : reader_(reader),
          form_(form_of(reader)),
          key_(form_keys[static_cast<int>(form_)]),
          sde_(form_ == formula::Form::sde) {
        for (const char* other : {"model.header", "model.type", form_keys[0], form_keys[1], form_keys[2]})
            if (reader.has(other) && key_ != other)
                reader.complain(other, fmt::format("and {} are both given: keep one", key_));
    }
    /// The names that are known before the equation is read.
    formula::Scope scope() {
        declare_parameters();
        read_functions();
        return scope_;
    }
    std::string read() {
        scope();
        const auto noises = sde_ ? std::vector<formula::Noise>{} : read_noises();
        const auto texts = read_texts();
        model_.equation = at(reader_, key_, [&] { return equation_of(texts, noises); });
        if (sde_) read_noises_of_sde();
        if (sde_) read_correlations();
        read_starts();
        read_parameters();
        model_.name = read_name();
        add_equation(model_);
        return model_.name;
    }
};

}  // namespace

bool has_equation(const ConfigReader& reader) {
    return std::any_of(std::begin(form_keys), std::end(form_keys),
                       [&](const char* key) { return reader.has(key); });
}

formula::Scope scope_of(const ConfigReader& reader, const CatalogueEntry& entry) {
    auto copy = reader;
    if (has_equation(copy)) return EquationReader(copy).scope();
    formula::Scope scope;
    for (const auto& info : entry.model_parameters)
        if (info.choices.empty()) scope.names[info.key] = Role::parameter;
    return scope;
}

std::string read_equation(ConfigReader& reader) { return EquationReader(reader).read(); }

}  // namespace noisetrap
