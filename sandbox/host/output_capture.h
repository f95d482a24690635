#pragma once

#include "repl/repl.h"

namespace burrow {

/// Collects what a cell writes to one stream, within the bounds of protocol.h whatever the guest sends.
class OutputCapture {
public:
    /// Takes @p text, valid UTF-8.
    void add(const QByteArray& text);
    /// The whole, once the guest has told its own @p tail and count of dropped characters.
    CapturedText finish(const CapturedText& tail);

private:
    QByteArray m_head;
    QByteArray m_tail; ///< the end of what did not fit, up to twice the bound
    qint64 m_dropped = 0;
};

} // namespace burrow
