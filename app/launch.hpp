// The ranks that a launcher has started this process with.
#pragma once

#include "engine/ranks/crew.hpp"

namespace noisetrap {

/// Joins them, where there are any. Throws InputError where there are and they cannot be reached: copies of the program
/// that do not know of each other would write into the same folder.
void join_ranks();

/// Says what is run, before work is shared: a rank that has read another configuration, or is of another version, must
/// not take part.
void agree_on(const std::string& configuration);

/// A process alone, unless join_ranks() has found others.
Crew& crew();

/// Whether the launcher calls this process its first: one of them has to say that they do not know of each other.
bool launched_first();

}  // namespace noisetrap
