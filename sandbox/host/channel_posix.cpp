#include "host/channel.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace burrow {

namespace {

constexpr qsizetype stagingBytes = qsizetype(64) << 10;
constexpr std::size_t longestRead = std::size_t(1) << 20;
constexpr qint64 maxQueuedBytes = qint64(1) << 30;
constexpr qint64 bytesOfPiece = 128; // what a queued piece costs beside its bytes
constexpr std::chrono::milliseconds longestTurn(5);
constexpr qsizetype bytesFedAtOnce = 4096; // of frames without content: some hundreds
constexpr int maxReadsToEmpty = 32;
constexpr std::size_t piecesAtOnce = 64;

int descriptor(qintptr handle)
{
    return static_cast<int>(handle);
}

} // namespace

Channel::Channel(qintptr readEnd, qintptr writeEnd, FrameReader::PartsLimit limit, QObject* parent)
    : QObject(parent)
    , m_readEnd(readEnd)
    , m_writeEnd(writeEnd)
    , m_limit(std::move(limit))
    , m_reader(m_limit)
    , m_readable(new QSocketNotifier(readEnd, QSocketNotifier::Read, this))
    , m_writable(new QSocketNotifier(writeEnd, QSocketNotifier::Write, this))
    , m_staging(stagingBytes, Qt::Uninitialized)
{
    fcntl(descriptor(readEnd), F_SETFL, O_NONBLOCK);
    fcntl(descriptor(writeEnd), F_SETFL, O_NONBLOCK);
    m_writable->setEnabled(false);
    connect(m_readable, &QSocketNotifier::activated, this, [this] {
        if (!m_readsSoon)
            readSome();
    });
    connect(m_writable, &QSocketNotifier::activated, this, &Channel::writeSome);
}

Channel::~Channel()
{
    stop();
    for (const qintptr end : {m_readEnd, m_writeEnd})
        close(descriptor(end));
}

void Channel::send(std::vector<QByteArray> frame)
{
    if (m_isBroken)
        return;
    const bool idle = m_queue.empty();
    for (QByteArray& piece : frame) {
        if (piece.isEmpty())
            continue;
        m_queued += piece.size();
        m_queue.push_back(std::move(piece));
    }
    if (m_queued + qint64(m_queue.size()) * bytesOfPiece > maxQueuedBytes) {
        breakOff({ErrorCode::ProtocolViolation,
            QStringLiteral("The Python process does not read the answers that it asked for.")});
    } else if (idle) {
        writeSome();
    }
}

void Channel::restart()
{
    stop();
    // More than a pipe holds is not left over, and whoever sends it breaks the format soon.
    for (int i = 0; i < maxReadsToEmpty; ++i) {
        if (read(descriptor(m_readEnd), m_staging.data(), std::size_t(m_staging.size())) <= 0)
            break;
    }
    m_unfed = {};
    m_reader = FrameReader(m_limit);
    m_paused = false;
    m_isBroken = false;
    m_readable->setEnabled(true);
}

void Channel::pauseReading()
{
    m_paused = true;
    m_readable->setEnabled(false);
}

void Channel::resumeReading()
{
    m_paused = false;
    m_readable->setEnabled(!m_isBroken);
    // Frames that were complete before the pause are told from the event loop, not from inside the caller.
    readSoon();
}

void Channel::readSoon()
{
    if (!std::exchange(m_readsSoon, true))
        QMetaObject::invokeMethod(this, &Channel::readSome, Qt::QueuedConnection);
}

void Channel::readSome()
{
    const QPointer<Channel> self(this);
    QElapsedTimer turn;
    turn.start();
    m_readsSoon = false;
    while (self && !m_isBroken && !m_paused) {
        if (turn.durationElapsed() > longestTurn) {
            readSoon();
            return;
        }
        if (const std::optional<Frame> frame = m_reader.take()) {
            Q_EMIT arrived(*frame);
            continue;
        }
        const Result<qsizetype> count = readOnce();
        if (!count) {
            breakOff(count.error());
            return;
        }
        if (*count < 0)
            return;
        if (*count == 0) {
            m_readable->setEnabled(false); // closed; how the guest ended is told by its process
            return;
        }
    }
}

void Channel::readRest()
{
    constexpr qsizetype most = qsizetype(512) << 10;
    const QPointer<Channel> self(this);
    for (qsizetype taken = 0; self && !m_isBroken && !m_paused && taken < most;) {
        if (const std::optional<Frame> frame = m_reader.take()) {
            Q_EMIT arrived(*frame);
            continue;
        }
        const Result<qsizetype> count = readOnce();
        if (!count)
            return breakOff(count.error());
        if (*count <= 0)
            return;
        taken += *count;
    }
}

/// Returns the bytes taken, 0 at the end, -1 where nothing is there now.
Result<qsizetype> Channel::readOnce()
{
    if (!m_unfed.isEmpty()) {
        const QByteArrayView bytes = m_unfed.first(std::min(m_unfed.size(), bytesFedAtOnce));
        m_unfed = m_unfed.sliced(bytes.size());
        return m_reader.feed(bytes).transform([&] { return bytes.size(); });
    }
    const std::span<char> part = m_reader.destination();
    const ssize_t count = part.empty()
        ? read(descriptor(m_readEnd), m_staging.data(), std::size_t(m_staging.size()))
        : read(descriptor(m_readEnd), part.data(), std::min(part.size(), longestRead));
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? -1 : 0;
    if (!part.empty())
        m_reader.filled(count);
    else
        m_unfed = QByteArrayView(m_staging).first(count);
    return count;
}

void Channel::writeSome()
{
    while (!m_queue.empty()) {
        std::array<iovec, piecesAtOnce> pieces;
        std::size_t used = 0;
        qsizetype skip = m_written;
        for (auto piece = m_queue.begin(); piece != m_queue.end() && used < pieces.size(); ++piece) {
            // writev() only reads; its struct has no const.
            pieces[used++]
                = {const_cast<char*>(piece->constData()) + skip, std::size_t(piece->size() - skip)};
            skip = 0;
        }
        const ssize_t written = writev(descriptor(m_writeEnd), pieces.data(), static_cast<int>(used));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno != EAGAIN) {
            m_queue.clear(); // closed; how the guest ended is told by its process
            m_queued = 0;
        }
        if (written < 0)
            break;
        dropWritten(written);
    }
    m_writable->setEnabled(!m_queue.empty());
}

void Channel::dropWritten(qsizetype bytes)
{
    m_queued -= bytes;
    m_written += bytes;
    while (!m_queue.empty() && m_written >= m_queue.front().size()) {
        m_written -= m_queue.front().size();
        m_queue.pop_front();
    }
}

void Channel::stop()
{
    for (QSocketNotifier* const notifier : {m_readable, m_writable})
        notifier->setEnabled(false);
    m_queue.clear();
    m_queued = 0;
    m_written = 0;
}

void Channel::breakOff(const Error& error)
{
    m_isBroken = true;
    stop();
    Q_EMIT broken(error);
}

} // namespace burrow
