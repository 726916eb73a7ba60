// Turns the text of functions into blocks of instructions: each operand gets its place in the register file.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <set>
#include <unordered_set>
#include <utility>

#include "program.hpp"
#include "tokens.hpp"

namespace ptxhost {

void Program::fill_constants(unsigned char* registers) const {
    for (const auto& [constant, place] : constants_)
        for (int l = 0; l < lanes; ++l)
            std::memcpy(registers + place + l * constant.first, &constant.second,
                        static_cast<std::size_t>(constant.first));
}

/// Reads one function. Registers that live within one block share places; the others have their own.
class Loader {
    Program& program_;
    Function& function_;
    struct Register {
        int bytes;
        std::uint32_t place;
    };
    std::unordered_map<std::string_view, Register> registers_;
    std::unordered_map<std::string_view, int> prefixes_;  // of register names, with their bytes
    std::unordered_set<std::string_view> passing_;        // registers that live within one block
    std::map<int, std::vector<std::uint32_t>> free_;      // places that such registers have left, by bytes
    std::map<int, std::uint32_t> unused_;                 // a place for what is thrown away, by bytes
    struct Local {
        std::uint32_t offset, size;
    };
    std::unordered_map<std::string, Local> locals_;  // .local and .param variables
    std::unordered_map<std::string_view, int> labels_;
    struct Branch {
        int block;
        std::string_view label;
    };
    std::vector<Branch> branches_;
    std::string_view statement_;
    const char* counted_ = function_.text.data();  // lines up to here
    std::uint32_t line_ = 1;
    bool open_ = false;  // the last block may take more instructions

  public:
    Loader(Program& program, Function& f) : program_(program), function_(f) {}

    void load() {
        Tokens tokens(function_.text);
        header(tokens);
        body(tokens);
        for (const auto& b : branches_) {
            const auto label = labels_.find(b.label);
            if (label == labels_.end()) throw Unsupported("no label " + std::string(b.label));
            function_.blocks[static_cast<std::size_t>(b.block)].target = label->second;
        }
        function_.blocks.back().returns |= !function_.blocks.back().branches;
        find_meeting_points(function_);
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Unsupported(what + " in '" + std::string(statement_) + "' of " + function_.name);
    }

    std::uint32_t place_local(std::uint32_t size, std::uint32_t align) {
        const auto offset = align_up(program_.local_bytes_, std::max(align, 8u));
        program_.local_bytes_ = offset + size;
        return offset;
    }
    Function::Parameter parameter(Tokens& tokens) {
        tokens.take(".param");
        const auto d = declaration(tokens);
        const auto offset = place_local(d.size, d.align);
        locals_[d.name] = {offset, d.size};
        return {offset, d.size};
    }
    /// `.func (.param ... result) name (.param ..., ...)` and directives up to the body.
    void header(Tokens& tokens) {
        bool named = false;
        for (std::string_view token; (token = tokens.next()) != "{";) {
            if (token == "(") {
                auto& list = named ? function_.parameters : function_.results;
                while (tokens.peek() != ")") {
                    list.push_back(parameter(tokens));
                    tokens.take(",");
                }
            } else if (token == function_.name) {
                named = true;
            }
        }
    }

    /// Opens a block, to which the one before it goes on.
    int new_block() {
        if (!function_.blocks.empty())
            function_.blocks.back().next = static_cast<int>(function_.blocks.size());
        function_.blocks.emplace_back();
        open_ = true;
        return static_cast<int>(function_.blocks.size()) - 1;
    }
    /// The block that takes the next instruction.
    Block& block() {
        if (!open_) new_block();
        return function_.blocks.back();
    }

    struct Statement {
        std::vector<std::string_view> words;
        std::string_view text;
        bool label = false;
        std::vector<std::string_view> last;  // registers that no later statement uses
    };
    /// All statements of the body.
    std::vector<Statement> read(Tokens& tokens) {
        std::vector<Statement> all;
        for (std::string_view token; !(token = tokens.peek()).empty();) {
            if (tokens.take("{") || tokens.take("}"))
                continue;  // names of inner blocks hide outer ones until the next
            Statement s;
            tokens.next();
            const auto start = tokens.position() - token.size();
            s.words.push_back(token);
            if (tokens.take(":")) {
                s.label = true;
            } else {
                while (!(token = tokens.next()).empty() && token != ";") s.words.push_back(token);
            }
            s.text = function_.text.substr(start, tokens.position() - start);
            all.push_back(std::move(s));
        }
        return all;
    }
    /// A register that is met in one stretch between labels and branches alone holds nothing outside.
    void find_last_uses(std::vector<Statement>& all) {
        struct Use {
            std::size_t stretch, last;
            bool everywhere;
        };
        std::unordered_map<std::string_view, Use> uses;
        std::size_t stretch = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto& words = all[i].words;
            stretch += all[i].label;
            if (words[0][0] == '.') continue;
            for (const auto word : words) {
                if (word[0] != '%') continue;
                const auto [use, is_new] = uses.try_emplace(word, Use{stretch, i, false});
                use->second.everywhere |= use->second.stretch != stretch;
                use->second.last = i;
            }
            stretch += words[0] == "@" || words[0].starts_with("bra");
        }
        for (const auto& [name, use] : uses)
            if (!use.everywhere) all[use.last].last.push_back(name), passing_.insert(name);
    }

    void body(Tokens& tokens) {
        new_block();
        auto all = read(tokens);
        find_last_uses(all);
        for (const Statement& statement : all) {
            statement_ = statement.text;
            if (statement.label)
                label(statement.words[0]);
            else if (statement.words[0][0] == '.')
                directive(statement.words);
            else
                instruction(statement.words);
            for (const auto name : statement.last) leave_place_of(name);
        }
    }
    void label(std::string_view name) {
        if (!open_ || !function_.blocks.back().instructions.empty()) new_block();
        labels_[name] = static_cast<int>(function_.blocks.size()) - 1;
    }
    void leave_place_of(std::string_view name) {
        const auto found = registers_.find(name);
        if (found != registers_.end()) free_[found->second.bytes].push_back(found->second.place);
    }

    void directive(const std::vector<std::string_view>& words) {
        if (words[0] == ".reg") {  // .reg .b32 %r<7>; or a single name
            const int bytes = bytes_of(words[1]);
            if (words.size() > 4 && words[3] == "<") {
                // Names are made when they are met: there may be thousands that are not.
                prefixes_[words[2]] = bytes;
            } else {
                registers_[words[2]] = {bytes, place_register(bytes)};
            }
        } else if (words[0] == ".local" || words[0] == ".param") {
            Tokens tokens(statement_.substr(words[0].size()));
            const auto d = declaration(tokens);
            locals_[d.name] = {place_local(d.size, d.align), d.size};
        } else if (words[0] != ".pragma" && words[0] != ".loc") {
            fail("directive " + std::string(words[0]));
        }
    }

    std::uint32_t place_register(int bytes) {
        const auto place = program_.register_bytes_;
        program_.register_bytes_ += align_up(static_cast<std::uint32_t>(bytes * lanes), 64);
        return place;
    }
    /// Registers have no declaration of their own: each gets its place where it is met first.
    const Register& find_register(std::string_view name) {
        const auto found = registers_.find(name);
        if (found != registers_.end()) return found->second;
        const auto prefix = prefixes_.find(name.substr(0, name.find_last_not_of("0123456789") + 1));
        if (prefix == prefixes_.end()) fail("register " + std::string(name));
        auto& places = free_[prefix->second];
        if (!passing_.count(name) || places.empty())
            return registers_[name] = {prefix->second, place_register(prefix->second)};
        const auto place = places.back();
        places.pop_back();
        return registers_[name] = {prefix->second, place};
    }
    /// The place of a constant, which fill_constants fills.
    std::uint32_t constant(int bytes, std::uint64_t value) {
        if (bytes < 8) value &= (std::uint64_t{1} << (8 * bytes)) - 1;
        const auto [at, is_new] = program_.constants_.try_emplace({bytes, value}, 0);
        if (is_new) at->second = place_register(bytes);
        return at->second;
    }

    // Operands.

    /// A register, a constant, a name, an address or a list of registers.
    struct Operand {
        std::vector<std::string_view> parts;  // of a vector; otherwise one
        bool vector = false;
        std::int64_t offset = 0;  // [part + offset]
    };
    /// Those from word i on.
    std::vector<Operand> operands(const std::vector<std::string_view>& words, std::size_t i) {
        std::vector<Operand> all;
        for (; i < words.size(); ++i) {  // at a comma
            Operand o;
            o.vector = words[i] == "{";
            const std::string_view end = o.vector ? "}" : words[i] == "[" ? "]" : ",";
            if (end != ",") ++i;
            for (; i < words.size() && words[i] != end; ++i) {
                if (words[i] == "," || words[i] == "+") continue;
                if (!o.vector && !o.parts.empty()) {
                    o.offset = static_cast<std::int64_t>(number(words[i]));
                } else {
                    o.parts.push_back(words[i]);
                }
            }
            if (end != ",") ++i;
            all.push_back(o);
        }
        return all;
    }

    /// The number of a special register, -1 of any other.
    static int special(std::string_view name) {
        static const char* const names[] = {"%tid.x",   "%tid.y",    "%tid.z",    "%ntid.x",
                                            "%ntid.y",  "%ntid.z",   "%ctaid.x",  "%ctaid.y",
                                            "%ctaid.z", "%nctaid.x", "%nctaid.y", "%nctaid.z"};
        for (int i = 0; i < specials; ++i)
            if (name == names[i]) return i;
        return -1;
    }

    /// 4 or 8 of a floating-point constant, -1 of an integer, which takes any size; 0 of a name.
    static int bytes_of_constant(std::string_view word) {
        if (word.starts_with("0f") || word.starts_with("0F")) return 4;
        if (word.starts_with("0d") || word.starts_with("0D")) return 8;
        return word[0] == '-' || std::isdigit(static_cast<unsigned char>(word[0])) ? -1 : 0;
    }

    std::uint32_t place_of_register(std::string_view name, int bytes) {
        const auto& found = find_register(name);
        if (found.bytes != bytes) fail("register of another size");
        return found.place;
    }

    /// Where `bytes` bytes of a source are.
    std::uint32_t source(const Operand& o, int bytes) {
        if (o.vector || o.parts.size() != 1) fail("operand");
        const auto name = o.parts[0];
        if (name[0] == '%') {
            if (const int s = special(name); s >= 0) {
                if (bytes != 4) fail("special register of another size");
                return place_of(static_cast<Special>(s));
            }
            return place_of_register(name, bytes);
        }
        if (const int size = bytes_of_constant(name)) {
            if (size > 0 && size != bytes) fail("constant of another size");
            const auto bits = constant_bits(name);
            return constant(bytes, bytes == 1 ? bits != 0 : bits);  // a predicate is -1 where it is true
        }
        if (bytes != 8) fail("address of another size");
        return constant(8, address_of(name) + static_cast<std::uint64_t>(o.offset));
    }
    std::uint64_t address_of(std::string_view name) {
        if (const auto l = locals_.find(std::string(name)); l != locals_.end())
            return local_window + l->second.offset;
        const auto& variables = program_.module_.variables;
        if (const auto v = variables.find(std::string(name)); v != variables.end()) return v->second;
        fail("name " + std::string(name));
    }
    std::uint32_t destination(const Operand& o, int bytes) {
        if (o.vector || o.parts.size() != 1) fail("operand");
        return place_of_register(o.parts[0], bytes);
    }

    // Instructions.

    void instruction(const std::vector<std::string_view>& words) {
        if (words[0] == "@")
            guarded(words);
        else
            plain(words);
    }

    /// @p bra LABEL, or @p and any other instruction, which becomes a branch around it.
    void guarded(std::vector<std::string_view> words) {
        const bool negated = words[1] == "!";
        const auto predicate = place_of_register(words[negated ? 2 : 1], 1);
        words.erase(words.begin(), words.begin() + (negated ? 3 : 2));
        const bool is_branch = words[0] == "bra" || words[0] == "bra.uni";
        block().predicate = predicate;
        block().branches = true;
        block().negated = negated == is_branch;
        const auto from = function_.blocks.size() - 1;
        open_ = false;
        if (is_branch) {
            branches_.push_back({static_cast<int>(from), words[1]});
            return;
        }
        plain(words);
        function_.blocks[from].target = new_block();
    }

    void plain(const std::vector<std::string_view>& words) {
        const auto name = words[0];
        if (name == "bra" || name == "bra.uni") {
            // A branch that all lanes take: on a constant that is true.
            block().branches = true;
            block().always_branches = true;
            block().predicate = constant(1, 1);
            branches_.push_back({static_cast<int>(function_.blocks.size()) - 1, words[1]});
            open_ = false;
        } else if (name == "ret" || name == "ret.uni" || name == "exit") {
            if (name == "exit" && !is_kernel()) fail("exit in a function");
            block().returns = true;
            open_ = false;
        } else if (name == "call" || name == "call.uni") {
            call(words);
        } else if (name.starts_with("ld.") || name.starts_with("st.")) {
            memory(words);
        } else if (name.starts_with("atom.") || name.starts_with("red.")) {
            atomic(words);
        } else if (name.starts_with("mov.b") && (words[1] == "{" || (words.size() > 3 && words[3] == "{"))) {
            pack(words);
        } else {
            compute(words);
        }
    }
    bool is_kernel() const { return function_.text.find(".entry") < function_.text.find(function_.name); }

    void add(Instruction i, const Access& access) {
        if (!access.for_all) fail("instruction of these sizes");
        i.for_all = access.for_all;
        i.for_some = access.for_some;
        for (const char* const here = statement_.data(); counted_ < here; ++counted_)
            line_ += *counted_ == '\n';
        i.line = line_;
        block().instructions.push_back(std::move(i));
    }

    void compute(const std::vector<std::string_view>& words) {
        const Operation* op = find_operation(words[0]);
        if (!op) fail("unknown instruction " + std::string(words[0]));
        const auto o = operands(words, 1);
        if (o.size() != op->from_bytes.size() + 1) fail("operands");
        Instruction i;
        for (std::size_t k = 0; k < op->from_bytes.size(); ++k)
            i.from[k] = narrowed(words[0], o[k + 1], op->from_bytes[k]);
        i.to[0] = destination(o[0], op->to_bytes);
        add(i, {op->for_all, op->for_some});
        static const char* const broken = std::getenv("PTXHOST_BREAK");
        if (broken && words[0] == broken) add(i, flip_access(op->to_bytes));
    }

    /// The source of a conversion may be wider than its type says: then its low part counts.
    std::uint32_t narrowed(std::string_view name, const Operand& o, int bytes) {
        if (!name.starts_with("cvt.") || o.parts[0][0] != '%' || special(o.parts[0]) >= 0)
            return source(o, bytes);
        const auto& wide = find_register(o.parts[0]);
        if (wide.bytes <= bytes) return source(o, bytes);
        const auto* const op =
            find_operation("cvt.u" + std::to_string(8 * bytes) + ".u" + std::to_string(8 * wide.bytes));
        Instruction i;
        i.from[0] = wide.place;
        i.to[0] = place_register(bytes);
        add(i, {op->for_all, op->for_some});
        return i.to[0];
    }

    /// {a, b} into one register, or back.
    void pack(const std::vector<std::string_view>& words) {
        const auto o = operands(words, 1);
        const int whole = bytes_of(words[0].substr(3)),
                  parts = static_cast<int>(o[o[0].vector ? 0 : 1].parts.size());
        Instruction i;
        i.count = parts;
        const int part = whole / parts;
        for (int k = 0; k < parts; ++k) {
            Operand one;
            one.parts = {o[o[0].vector ? 0 : 1].parts[static_cast<std::size_t>(k)]};
            if (o[0].vector) {
                static_assert(sizeof(i.to) / sizeof(i.to[0]) == 4);
                i.to[k] = one.parts[0] == "_" ? unused(part) : destination(one, part);
            } else {
                i.from[k] = source(one, part);
            }
        }
        if (o[0].vector) {
            i.from[0] = source(o[1], whole);
            add(i, unpack_access(part, parts));
        } else {
            i.to[0] = destination(o[0], whole);
            add(i, pack_access(part, parts));
        }
    }
    std::uint32_t unused(int bytes) {
        std::uint32_t& place = unused_[bytes];
        if (!place) place = place_register(bytes);
        return place;
    }

    /// ld.space.v2.type {a, b}, [address]; and st. The space is in the address already.
    void memory(const std::vector<std::string_view>& words) {
        const bool is_load = words[0][0] == 'l';
        std::string_view type = words[0].substr(words[0].rfind('.') + 1);
        require_parts(words[0], {"global", "local", "param", "const", "v2", "v4", "nc", "volatile", type});
        const auto o = operands(words, 1);
        const Operand &data = o[is_load ? 0 : 1], &address = o[is_load ? 1 : 0];
        Instruction i;
        i.count = static_cast<int>(data.parts.size());
        if (i.count > 4) fail("vector");
        Operand base = address;
        base.offset = 0;
        i.offset = address.offset;
        i.from[0] = source(base, 8);
        int bytes = 0;
        for (const auto part : data.parts)
            if (part[0] == '%') bytes = find_register(part).bytes;
        if (!bytes) bytes = std::max(2, bytes_of(std::string(".").append(type)));  // a store of constants
        for (std::size_t k = 0; k < data.parts.size(); ++k) {
            Operand one;
            one.parts = {data.parts[k]};
            i.to[k] = data.parts[k] == "_" ? unused(bytes)
                      : is_load            ? destination(one, bytes)
                                           : source(one, bytes);
        }
        add(i, is_load ? find_load(type, bytes) : find_store(type, bytes));
    }

    /// Refuses an instruction with a part of its name that is not among those that are known.
    void require_parts(std::string_view name, const std::set<std::string_view>& known) const {
        for (std::size_t from = name.find('.') + 1; from < name.size();) {
            const auto to = std::min(name.find('.', from), name.size());
            if (!known.count(name.substr(from, to - from)))
                fail(std::string("unknown instruction ").append(name));
            from = to + 1;
        }
    }

    /// atom.global.add.u32 before, [address], more; and red, which forgets what was there before.
    void atomic(const std::vector<std::string_view>& words) {
        require_parts(words[0], {"relaxed", "gpu", "global", "add", "u32", "s32", "u64"});
        const bool is_red = words[0].starts_with("red.");
        const int bytes = bytes_of(words[0].substr(words[0].rfind('.')));
        const auto o = operands(words, 1);
        if (o.size() != (is_red ? 2u : 3u)) fail("operands");
        Operand base = o[is_red ? 0 : 1];
        Instruction i;
        i.offset = std::exchange(base.offset, 0);
        i.from[0] = source(base, 8);
        i.from[1] = source(o.back(), bytes);
        i.to[0] = is_red || o[0].parts[0] == "_" ? unused(bytes) : destination(o[0], bytes);
        add(i, add_access(bytes));
    }

    struct Call {
        std::string_view name;
        std::vector<std::string_view> results, arguments;
    };
    /// call (result), name, (arguments); each list may be missing.
    Call read_call(const std::vector<std::string_view>& words) {
        Call call;
        for (std::size_t k = 1; k < words.size(); ++k) {
            if (words[k] == "(") {
                auto& list = call.name.empty() ? call.results : call.arguments;
                for (++k; words[k] != ")"; ++k)
                    if (words[k] != ",") list.push_back(words[k]);
            } else if (words[k] != ",") {
                if (!call.name.empty()) fail("call through a pointer");
                call.name = words[k];
            }
        }
        if (call.name.starts_with("%")) fail("call through a pointer");
        return call;
    }

    enum class Direction { to_callee, back };
    /// What is copied between variables of the caller and parameters or results of the callee.
    void pass(Instruction& i, const std::vector<std::string_view>& own,
              const std::vector<Function::Parameter>& theirs, Direction direction) {
        if (own.size() != theirs.size()) fail("number of arguments");
        const bool back = direction == Direction::back;
        for (std::size_t k = 0; k < own.size(); ++k) {
            const auto local = locals_.find(std::string(own[k]));
            if (local == locals_.end() || local->second.size > theirs[k].size + (back ? 0 : 8))
                fail("argument");
            const auto size = std::min(local->second.size, theirs[k].size);
            auto from = local->second.offset, to = theirs[k].offset;
            if (back) std::swap(from, to);
            i.copies.insert(i.copies.end(), {from, to, size});
        }
    }

    void call(const std::vector<std::string_view>& words) {
        const auto call = read_call(words);
        const Function& callee = program_.load(std::string(call.name));
        if (!callee.loaded) fail("recursion");
        Instruction i;
        pass(i, call.arguments, callee.parameters, Direction::to_callee);
        i.arguments = static_cast<std::uint32_t>(i.copies.size() / 3);
        pass(i, call.results, callee.results, Direction::back);
        i.callee = &callee;
        add(i, call_access());
    }
};

Program::Program(const Module& module, const std::string& kernel)
    : module_(module), kernel_(nullptr), register_bytes_(place_of(specials)) {
    kernel_ = &load(kernel);
}

const Function& Program::load(const std::string& name) {
    auto& f = functions_[name];
    if (f) return *f;  // or still being loaded
    const auto text = module_.functions.find(name);
    if (text == module_.functions.end()) throw Unsupported("the module has no function " + name);
    f = std::make_unique<Function>();
    f->name = name;
    f->text = text->second;
    Function& loading = *f;
    Loader(*this, loading).load();
    loading.loaded = true;
    return loading;
}

}  // namespace ptxhost
