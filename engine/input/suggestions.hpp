// What the user may have meant: the nearest word, what kind of thing was typed, and who else has such a key.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace noisetrap {

/// Whether `part` stands somewhere in the text, capitals aside.
bool mentions(const std::string& text, const std::string& part);

/// The word of `words` that is fewest edits away (Damerau 1964, capitals aside); none where that is more than
/// about a third of it.
std::optional<std::string> nearest(const std::string& word, const std::vector<std::string>& words);

/// What others call one of `words`, or else the nearest of them.
std::optional<std::string> meant_by(const std::string& word, const std::vector<std::string>& words);

/// The known key whose last part is nearest, if any is near; of several the one that is nearest as a whole.
std::optional<std::string> nearest_key(const std::string& key, const std::vector<std::string>& known);

/// "; did you mean 'gaussian'?", the other name of a word or the nearest one; nothing where none is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& words);

/// "a model", "an optimiser" or "a scheme"; nothing where it is none of them.
std::string kind_of(const std::string& word);

/// What a word that is none of `words` is, or what may have been meant by it, as the end of a sentence.
std::string hint_about_word(const std::string& word, const std::vector<std::string>& words);

/// Words that have this key, as "adam and amsgrad have".
std::string owners_have(const std::vector<std::string>& owners);

/// What may have been meant by a key that nobody asked for, in a file of this model and optimiser, which takes the keys
/// `known`; as the end of a sentence.
std::string hint_about_key(const std::string& key, const std::vector<std::string>& known,
                           const std::string& model, const std::string& method);

}  // namespace noisetrap
