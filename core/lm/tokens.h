#pragma once

#include "lm/language_model.h"

namespace burrow {

/// An upper estimate of how many tokens @p utf8 is: one for every two ASCII bytes, one for every other byte.
/// English has a token for about four letters, code for about three, digits in some models for each one; a
/// tokenizer that does not know a character falls back to its UTF-8 bytes. Only text that is made to be hard
/// (long runs of digits or of random symbols) can take more.
qint64 upperTokenEstimate(QByteArrayView utf8);

/// The same for all messages, with what a chat template adds around each.
qint64 upperTokenEstimate(const std::vector<Message>& messages);

} // namespace burrow
