#include "host/guest_process.h"

#include "base/json.h"
#include "base/words.h"
#include "host/protocol.h"

#include <QAbstractEventDispatcher>
#include <QFile>
#include <QPointer>
#include <QSocketNotifier>
#include <QTimer>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burrow {

namespace {

constexpr qsizetype maxBareErrors = 4096;
constexpr qsizetype maxStatusLine = 4096;

using words::tr;

/// A descriptor that is closed again.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : m_fd(fd) { }
    Descriptor(Descriptor&& other) noexcept : m_fd(other.release()) { }
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            close(m_fd);
    }
    int get() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd = -1;
};

struct Pipe {
    Descriptor readEnd;
    Descriptor writeEnd;
};

Pipe openPipe()
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return {};
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A socket that keeps commands apart, and does not end this program when the other side has gone.
Pipe openControl()
{
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return {};
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// The descriptors of a new process: the n-th becomes number n there.
class SpawnActions {
public:
    SpawnActions() { posix_spawn_file_actions_init(&m_actions); }
    ~SpawnActions() { posix_spawn_file_actions_destroy(&m_actions); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;

    /// The source is duplicated above all targets first, so that no step overwrites the source of a later
    /// one.
    bool hand(const std::vector<int>& sources)
    {
        const int above = static_cast<int>(sources.size());
        for (std::size_t target = 0; target < sources.size(); ++target) {
            Descriptor copy(fcntl(sources[target], F_DUPFD_CLOEXEC, above));
            if (copy.get() < 0
                || posix_spawn_file_actions_adddup2(&m_actions, copy.get(), static_cast<int>(target)) != 0)
                return false;
            m_copies.push_back(std::move(copy));
        }
        return true;
    }

    const posix_spawn_file_actions_t* get() const { return &m_actions; }

private:
    posix_spawn_file_actions_t m_actions;
    std::vector<Descriptor> m_copies;
};

/// Returns 0 or the error.
int spawn(
    const QString& program, const QStringList& arguments, const std::vector<int>& descriptors, pid_t* child)
{
    SpawnActions actions;
    if (!actions.hand(descriptors))
        return errno;
    std::vector<QByteArray> words = {QFile::encodeName(program)};
    for (const QString& argument : arguments)
        words.push_back(QFile::encodeName(argument));
    std::vector<char*> argv;
    for (QByteArray& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    // The launcher looks at it only to keep the home out of what it shows.
    QByteArray home = "HOME=" + qgetenv("HOME");
    char* environment[] = {home.data(), nullptr};
    return posix_spawn(child, argv[0], actions.get(), nullptr, argv.data(), environment);
}

constexpr auto timeToEnd = std::chrono::seconds(1);

/// Waits for an ended launcher, which the kernel keeps until someone does, and is gone. One that does not end
/// (it was stopped, or its guest was while they start) is killed; its guest dies with it.
class Reaper final : public QObject {
public:
    explicit Reaper(pid_t child)
        : QObject(QAbstractEventDispatcher::instance()) // ends with the loop of its thread, at the latest
        , m_child(child)
        , m_processFd(static_cast<int>(syscall(SYS_pidfd_open, child, 0)))
        , m_ended(m_processFd.get(), QSocketNotifier::Read)
    {
        connect(&m_ended, &QSocketNotifier::activated, this, &Reaper::reap);
        m_patience.setSingleShot(true);
        connect(&m_patience, &QTimer::timeout, this, [this] { ::kill(m_child, SIGKILL); });
        m_patience.start(timeToEnd);
        reap();
    }

private:
    void reap()
    {
        if (waitpid(m_child, nullptr, WNOHANG) == 0)
            return;
        m_ended.setEnabled(false);
        m_patience.stop();
        deleteLater();
    }

    pid_t m_child;
    Descriptor m_processFd;
    QSocketNotifier m_ended;
    QTimer m_patience;
};

QByteArray signalName(int number)
{
    switch (number) {
    case SIGSEGV:
        return "SIGSEGV";
    case SIGBUS:
        return "SIGBUS";
    case SIGABRT:
        return "SIGABRT";
    case SIGFPE:
        return "SIGFPE";
    case SIGILL:
        return "SIGILL";
    case SIGSYS:
        return "SIGSYS";
    case SIGKILL:
        return "SIGKILL";
    default:
        return "signal " + QByteArray::number(number);
    }
}

ProcessEnd endBySignal(int number)
{
    // Apart from a kill, a guest can only be sent what it raises itself.
    const ProcessEnd::Kind kind = number == SIGSYS ? ProcessEnd::Kind::Violated
        : number == SIGKILL                        ? ProcessEnd::Kind::Killed
                                                   : ProcessEnd::Kind::Crashed;
    return {kind, 0, signalName(number)};
}

std::unexpected<Error> cannotStart(const QString& launcher, int error)
{
    return fail(ErrorCode::SandboxUnavailable,
        tr("Cannot start the sandbox %1: %2. Install Burrow again.")
            .arg(launcher, QString::fromLocal8Bit(std::strerror(error))));
}

} // namespace

Result<std::unique_ptr<GuestProcess>> GuestProcess::start(
    const QString& launcher, QStringList arguments, const std::vector<qintptr>& documents)
{
    Pipe toGuest = openPipe();
    Pipe fromGuest = openPipe();
    Pipe status = openPipe();
    Pipe errors = openPipe();
    Pipe control = openControl();
    const Descriptor null(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (errors.readEnd.get() < 0 || control.readEnd.get() < 0 || null.get() < 0)
        return cannotStart(launcher, errno);
    // Fewer switches between the processes where a batch holds megabytes; refused where a person has many
    // pipes.
    fcntl(fromGuest.readEnd.get(), F_SETPIPE_SZ, 1 << 18);

    std::vector<int> descriptors
        = {null.get(), null.get(), errors.writeEnd.get(), toGuest.readEnd.get(), fromGuest.writeEnd.get()};
    static_assert(protocol::guestReadsFrom == 3 && protocol::guestWritesTo == 4 && firstDocument == 5);
    for (const qintptr document : documents)
        descriptors.push_back(static_cast<int>(document));
    const int statusTarget = static_cast<int>(descriptors.size());
    descriptors.push_back(status.writeEnd.get());
    descriptors.push_back(control.readEnd.get());
    arguments << QStringLiteral("--status") << QString::number(statusTarget) << QStringLiteral("--control")
              << QString::number(statusTarget + 1) << QStringLiteral("--keep-below")
              << QString::number(statusTarget + 2) << QStringLiteral("--parent") << QString::number(getpid());

    pid_t child = 0;
    if (const int error = spawn(launcher, arguments, descriptors, &child); error != 0)
        return cannotStart(launcher, error);
    std::unique_ptr<GuestProcess> process(new GuestProcess(
        child, status.readEnd.release(), errors.readEnd.release(), control.writeEnd.release()));
    process->m_readEnd = fromGuest.readEnd.release();
    process->m_writeEnd = toGuest.writeEnd.release();
    process->m_guestReadEnd = toGuest.readEnd.release();
    return process;
}

GuestProcess::GuestProcess(qint64 launcher, int statusFd, int errorsFd, int controlFd)
    : m_launcher(launcher)
    , m_statusFd(statusFd)
    , m_errorsFd(errorsFd)
    , m_controlFd(controlFd)
    , m_status(new QSocketNotifier(statusFd, QSocketNotifier::Read, this))
    , m_errors(new QSocketNotifier(errorsFd, QSocketNotifier::Read, this))
{
    fcntl(statusFd, F_SETFL, O_NONBLOCK);
    fcntl(errorsFd, F_SETFL, O_NONBLOCK);
    connect(m_status, &QSocketNotifier::activated, this, &GuestProcess::readStatus);
    connect(m_errors, &QSocketNotifier::activated, this, &GuestProcess::readErrors);
}

GuestProcess::~GuestProcess()
{
    kill();
    for (QSocketNotifier* const notifier : {m_status, m_errors})
        notifier->setEnabled(false);
    for (const qintptr fd : {m_readEnd, m_writeEnd, qintptr(m_guestReadEnd), qintptr(m_statusFd),
             qintptr(m_errorsFd), qintptr(m_controlFd)}) {
        if (fd >= 0)
            close(static_cast<int>(fd));
    }
    new Reaper(static_cast<pid_t>(m_launcher)); // deletes itself
}

void GuestProcess::interrupt()
{
    // Before the report the launcher does not pass it on yet, and there is no cell to interrupt.
    if (m_pid > 0 && !m_hasEnded)
        ::kill(static_cast<pid_t>(m_launcher), SIGINT);
}

void GuestProcess::stop()
{
    ask("stop");
    signalAlone(SIGSTOP);
}

void GuestProcess::go()
{
    ask("go");
    signalAlone(SIGCONT);
}

/// Without namespaces there is nobody inside to ask, and the guest is alone: it cannot fork.
void GuestProcess::signalAlone(int number)
{
    if (m_pid > 0 && !m_hasInit && !m_hasEnded)
        ::kill(static_cast<pid_t>(m_pid), number);
}

void GuestProcess::kill()
{
    // The launcher kills and reaps the guest; it is our child that nobody has waited for, so the id is its
    // own.
    ::kill(static_cast<pid_t>(m_launcher), SIGTERM);
}

void GuestProcess::endGuest()
{
    ask("end");
}

void GuestProcess::keep(qint64 copy)
{
    ask("keep " + QByteArray::number(copy));
}

void GuestProcess::dropCopy(qint64 copy)
{
    ask("drop " + QByteArray::number(copy));
}

void GuestProcess::wake(qint64 copy)
{
    ask("wake " + QByteArray::number(copy));
}

void GuestProcess::follow(qint64 restored)
{
    ask("lives " + QByteArray::number(restored));
}

/// Where nobody listens any more, gone() has been emitted or will be.
void GuestProcess::ask(const QByteArray& command)
{
    send(m_controlFd, command.constData(), std::size_t(command.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void GuestProcess::readStatus()
{
    const QPointer<GuestProcess> self(this);
    std::array<char, 1024> buffer;
    const ssize_t count = read(m_statusFd, buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count > 0)
        m_statusText.append(buffer.data(), count);
    qsizetype newline = -1;
    while (self && (newline = m_statusText.indexOf('\n')) >= 0) {
        const QByteArray line = m_statusText.first(newline);
        m_statusText.remove(0, newline + 1);
        readStatusLine(line);
    }
    if (!self || (count > 0 && m_statusText.size() <= maxStatusLine))
        return;
    m_status->setEnabled(false);
    if (!std::exchange(m_hasEnded, true)) {
        readErrors(); // why a launcher gave up
        Q_EMIT ended({});
    }
    if (self)
        Q_EMIT gone();
}

/// What is none of the launcher's lines is ignored: without a report no cell runs.
void GuestProcess::readStatusLine(const QByteArray& line)
{
    if (const std::optional<LauncherReport> report = parseLauncherReport(line)) {
        m_pid = report->pid;
        m_hasInit = report->sandbox.level == SandboxLevel::Full;
        Q_EMIT reported(*report);
        return;
    }
    const nlohmann::json json = parseJson(line);
    if (!json.is_object() || json.size() != 1)
        return;
    const auto field = json.begin();
    const bool isNumber = field->is_number_integer();
    if (field.key() == "error" && field->is_string()) {
        Q_EMIT failed(QString::fromStdString(field->get<std::string>()));
    } else if (field.key() == "unfit" && field->is_string()) {
        Q_EMIT unfit(QString::fromStdString(field->get<std::string>()));
    } else if (field.key() == "lost" && isNumber) {
        Q_EMIT lost(field->get<qint64>());
    } else if (field.key() == "lives" && isNumber) {
        m_hasEnded = false;
        Q_EMIT lives(field->get<qint64>());
    } else if (!m_hasEnded && isNumber && (field.key() == "exited" || field.key() == "signal")) {
        m_hasEnded = true;
        readErrors(); // its last words came before its end
        const int number = field->get<int>();
        Q_EMIT ended(
            field.key() == "exited" ? ProcessEnd{ProcessEnd::Kind::Exited, number, {}} : endBySignal(number));
    }
}

/// Reads on when enough is kept, so that the guest is not stopped by a full pipe.
void GuestProcess::readErrors()
{
    std::array<char, 4096> buffer;
    const ssize_t count = read(m_errorsFd, buffer.data(), buffer.size());
    if (count > 0)
        m_bareErrors.append(buffer.data(), std::min(qsizetype(count), maxBareErrors - m_bareErrors.size()));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        m_errors->setEnabled(false);
}

} // namespace burrow
