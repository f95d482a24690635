#pragma once

#include "host/frame_reader.h"

#include <QObject>

#include <deque>

class QSocketNotifier;

namespace burrow {

/// Frames over a pair of pipes, without ever blocking, nor keeping the thread for long: a guest may send many
/// small ones. Engine thread only.
class Channel final : public QObject {
    Q_OBJECT
public:
    /// Owns both descriptors. Somebody must hold the pipe's other end of @p writeEnd open, or writing to a
    /// guest that has died raises SIGPIPE.
    Channel(qintptr readEnd, qintptr writeEnd, FrameReader::PartsLimit limit, QObject* parent = nullptr);
    ~Channel() override;

    /// Queues a frame (encodeFrame()). Where the other side does not read, up to a gigabyte waits here;
    /// beyond it the channel breaks.
    void send(std::vector<QByteArray> frame);

    /// Drops what was sent and not read yet, and what has come, complete or not: another process takes the
    /// other side over. Also after broken().
    void restart();

    /// A sender that is faster than the answers is left to wait at its end of the pipe.
    void pauseReading();
    void resumeReading();

    /// Tells of what the guest wrote before it ended, as far as it is complete. Half a megabyte at most,
    /// since others may hold its end of the pipe.
    void readRest();

Q_SIGNALS:
    void arrived(const burrow::Frame& frame);
    /// The format was broken or the other side does not read. Nothing more arrives until restart().
    void broken(const burrow::Error& error);

private:
    void readSome();
    Result<qsizetype> readOnce();
    void readSoon();
    void writeSome();
    void dropWritten(qsizetype bytes);
    void stop();
    void breakOff(const Error& error);

    qintptr m_readEnd;
    qintptr m_writeEnd;
    FrameReader::PartsLimit m_limit;
    FrameReader m_reader;
    QSocketNotifier* m_readable;
    QSocketNotifier* m_writable;
    QByteArray m_staging;
    QByteArrayView m_unfed; ///< the end of m_staging that m_reader has not got yet
    std::deque<QByteArray> m_queue;
    qsizetype m_written = 0; ///< bytes of the first of m_queue that are gone
    qint64 m_queued = 0; ///< bytes in m_queue
    bool m_paused = false;
    bool m_readsSoon = false;
    bool m_isBroken = false;
};

} // namespace burrow
