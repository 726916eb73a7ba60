// The processes that a launcher such as mpirun has started together, and the letters that they send each other.
#pragma once

#include <optional>
#include <string>

namespace noisetrap {

struct Letter {
    int rank;  // whom it is from, or to
    std::string text;
};

/// One process of several, numbered from 0. All calls come from one thread.
class Ranks {
  public:
    virtual ~Ranks() = default;
    virtual int rank() const = 0;
    virtual int size() const = 0;
    /// Does not wait for the letter to arrive. Letters from one rank to another keep their order.
    virtual void send(Letter) = 0;
    /// The next letter that has arrived, if any.
    virtual std::optional<Letter> receive() = 0;
    /// The last call; all processes make it, and each may wait for the others.
    virtual void finish() = 0;
    /// Ends all processes, this one too.
    virtual void abort(int status) = 0;
};

}  // namespace noisetrap
