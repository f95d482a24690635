#pragma once

#include "base/result.h"
#include "host/sandbox_report.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <vector>

class QSocketNotifier;

namespace burrow {

/// How a guest's process ended.
struct ProcessEnd {
    enum class Kind {
        Exited, ///< by itself, with `status`
        Crashed, ///< by `signal`, for a fault of its own
        Violated, ///< by the sandbox' filter
        Killed, ///< by `signal`, from outside
        Lost, ///< nobody can say: its waiter was killed
    };
    Kind kind = Kind::Lost;
    int status = 0;
    QByteArray signal; ///< `SIGSEGV`
};

/// A launcher and the guest that it becomes. One file per system. Both end when this object or this program
/// does. Engine thread only; the thread must live as long as the program.
class GuestProcess final : public QObject {
    Q_OBJECT
public:
    /// @p arguments are the launcher's, but for descriptors and parent, which are added. @p documents are
    /// handed over as descriptors from firstDocument on. Errors: SandboxUnavailable.
    static Result<std::unique_ptr<GuestProcess>> start(
        const QString& launcher, QStringList arguments, const std::vector<qintptr>& documents);
    ~GuestProcess() override;

    static constexpr int firstDocument = 5;

    /// The host's ends of the pipes; the caller owns them from then on.
    qintptr takeReadEnd() { return std::exchange(m_readEnd, -1); }
    qintptr takeWriteEnd() { return std::exchange(m_writeEnd, -1); }

    /// SIGINT for the guest's main thread.
    void interrupt();
    /// Lets the guest stand still where it is, or go on.
    void stop();
    void go();
    /// Ends the guest and whatever belongs to it, frozen copies included; also where it stands still.
    void kill();

    // In namespaces of its own (level Full) a guest can be survived by frozen copies of itself, and replaced
    // by what one of them forks. These are process ids in there. They come from the guest, so the launcher
    // looks whether they can be true, and says lost() where not.

    static constexpr qint64 firstInside = 2; ///< of the guest that was started

    /// Ends the guest and what it has forked, but for copies that are kept; ended() follows.
    void endGuest();
    /// @p copy outlives the guest from now on.
    void keep(qint64 copy);
    void dropCopy(qint64 copy);
    /// Lets @p copy fork a process; once it has, follow() makes that the guest. Only when the guest has
    /// ended.
    void wake(qint64 copy);
    /// lives() follows.
    void follow(qint64 restored);
    bool hasEnded() const { return m_hasEnded; }

    /// Once reported() was emitted: the guest's process, or in namespaces the one that all of its processes
    /// descend from.
    qint64 pid() const { return m_pid; }
    /// The beginning of what the guest wrote to its bare stderr: why Python did not start.
    const QByteArray& bareErrors() const { return m_bareErrors; }

Q_SIGNALS:
    /// Every protection that will be is in force, and Python is about to start (unless the launcher refused).
    void reported(const burrow::LauncherReport& report);
    /// A step failed that has no lower level.
    void failed(const QString& reason);
    /// The guest cannot be the Python that it was to be; another may do.
    void unfit(const QString& reason);
    /// The guest has ended, and nothing more of it will come.
    void ended(const burrow::ProcessEnd& end);
    /// A copy has ended, or could not be kept, woken or followed.
    void lost(qint64 copy);
    void lives(qint64 restored);
    /// Neither the guest nor any copy is left.
    void gone();

private:
    GuestProcess(qint64 launcher, int statusFd, int errorsFd, int controlFd);

    void ask(const QByteArray& command);
    void signalAlone(int number);

    void readStatus();
    void readStatusLine(const QByteArray& line);
    void readErrors();

    qintptr m_readEnd = -1;
    qintptr m_writeEnd = -1;
    int m_guestReadEnd = -1; ///< held, so that writing to a guest that has died is no SIGPIPE
    qint64 m_launcher; ///< our child: the launcher, then the guest's waiter
    int m_statusFd;
    int m_errorsFd;
    int m_controlFd;
    QSocketNotifier* m_status;
    QSocketNotifier* m_errors;
    qint64 m_pid = 0;
    bool m_hasInit = false; ///< m_pid is the first process of a namespace
    QByteArray m_statusText;
    QByteArray m_bareErrors;
    bool m_hasEnded = false;
};

} // namespace burrow
