#pragma once

#include "attempt.h"
#include "outcome.h"

namespace burrow::escapes {

struct Verdict {
    enum class Kind {
        Blocked, ///< refused, and nobody saw anything
        Contained, ///< done or ended, and harmless as the attempt says why
        Known, ///< what level Strong is documented to let through
        Escaped, ///< seen by a witness, or said to have worked
        Works, ///< a control that was seen, as it should be
        Nothing, ///< a control that nobody saw: the attempt could not have failed
        NoControl,
        Unclear, ///< it ended in a way that the attempt does not expect, or never began
    };
    Kind kind = Kind::Unclear;
    QByteArray why; ///< a line for people

    bool isGood() const;
};

const char* nameOf(Verdict::Kind kind);

Verdict judge(const Attempt& attempt, Protection protection, const Outcome& outcome);

} // namespace burrow::escapes
