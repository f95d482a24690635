#pragma once

#include "base/result.h"
#include "host/frame.h"

#include <QByteArrayView>

#include <deque>
#include <functional>
#include <span>

namespace burrow {

/// Cuts the bytes from a guest into frames. Trusts nothing: every length is bounded before memory is reserved
/// for it. The bytes of a big part are read straight into the part, so that a batch is held once.
/// After an error it is of no more use.
class FrameReader {
public:
    /// How many bytes the parts of a frame with this header may have together. Errors: ProtocolViolation.
    using PartsLimit = std::function<Result<quint64>(const QByteArray& header, quint32 parts)>;

    explicit FrameReader(PartsLimit limit) : m_limit(std::move(limit)) { }

    /// Where the next bytes belong, as many as are missing of a part. Empty where few are, or a header is:
    /// those go through feed().
    std::span<char> destination();
    /// The first @p count bytes of destination() have been filled.
    void filled(qsizetype count);

    /// Errors: ProtocolViolation.
    Result<void> feed(QByteArrayView bytes);

    /// The next complete frame.
    std::optional<Frame> take();

private:
    enum class Stage { Prefix, Header, Lengths, Parts };

    qsizetype feedFront(QByteArrayView bytes);
    qsizetype feedPart(QByteArrayView bytes);
    Result<void> advance();
    Result<void> readPrefix();
    Result<void> readLengths();
    void expect(Stage stage, quint64 bytes);
    void skipFullParts();

    PartsLimit m_limit;
    Stage m_stage = Stage::Prefix;
    QByteArray m_front; ///< the prefix, header or table of lengths that is being read
    quint64 m_expected = 8; ///< the size of m_front once it is complete
    quint32 m_partCount = 0;
    Frame m_frame;
    std::size_t m_part = 0; ///< the part that is being read
    qsizetype m_partFilled = 0; ///< bytes of it that have come
    std::deque<Frame> m_complete;
};

} // namespace burrow
