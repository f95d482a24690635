#pragma once

#include "lm/language_model.h"

namespace burrow {

/// Plays a root model: the reply to a conversation that asks for cells. It goes by the outputs it finds in
/// the conversation: the next step where all went well, everything at once where the last turn has come or a
/// cell failed, and the best so far as text where that failed too.
QByteArray replyAsRoot(const std::vector<Message>& messages);

} // namespace burrow
