#pragma once

#include <QByteArray>
#include <QString>
#include <QTest>

#include <thread>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace burrow::test {

/// A terminal of a given width for a program under test. Keeps what is written to it.
class PseudoTerminal {
public:
    explicit PseudoTerminal(unsigned short columns) : m_ours(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        if (m_ours < 0 || ::grantpt(m_ours) != 0 || ::unlockpt(m_ours) != 0)
            qFatal("There is no pseudo-terminal.");
        m_path = QFile::decodeName(::ptsname(m_ours));
        // Held open, since reading fails while nobody has the other end.
        m_theirs = ::open(::ptsname(m_ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
        const winsize size{24, columns, 0, 0};
        ::ioctl(m_ours, TIOCSWINSZ, &size);
        m_reader = std::thread([this] {
            char bytes[4096];
            for (ssize_t count; (count = ::read(m_ours, bytes, sizeof bytes)) > 0;)
                m_written.append(bytes, count);
        });
    }

    ~PseudoTerminal()
    {
        written();
        ::close(m_ours);
    }

    /// What a program opens to write to it.
    const QString& path() const { return m_path; }

    /// All that was written; the program has ended.
    QByteArray written()
    {
        if (m_reader.joinable()) {
            ::close(m_theirs);
            m_reader.join();
        }
        return m_written;
    }

private:
    int m_ours;
    int m_theirs = -1;
    QString m_path;
    QByteArray m_written;
    std::thread m_reader;
};

} // namespace burrow::test
