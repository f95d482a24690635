#include "floors.h"

#include <QElapsedTimer>
#include <QProcess>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burrow::bench {

namespace {

double medianOf(std::vector<double> all)
{
    std::ranges::sort(all);
    return all.empty() ? -1 : all[all.size() / 2];
}

/// A `cat` that returns what it is sent.
class Cat {
public:
    Cat()
    {
        int to[2], from[2];
        if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
            return;
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, to[0], 0);
        posix_spawn_file_actions_adddup2(&actions, from[1], 1);
        std::string name = "cat";
        char* arguments[] = {name.data(), nullptr};
        posix_spawnp(&m_pid, "cat", &actions, nullptr, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        close(to[0]);
        close(from[1]);
        m_to = to[1];
        m_from = from[0];
        fcntl(m_to, F_SETFL, O_NONBLOCK);
    }
    ~Cat()
    {
        close(m_to);
        close(m_from);
        waitpid(m_pid, nullptr, 0);
    }
    Cat(const Cat&) = delete;
    Cat& operator=(const Cat&) = delete;

    /// Sends @p text and reads as much.
    bool roundTrip(const std::string& text)
    {
        std::size_t sent = 0, received = 0;
        while (received < text.size()) {
            std::array<pollfd, 2> ends{{{m_from, POLLIN, 0}, {m_to, POLLOUT, 0}}};
            // One that has all that it will be sent is only read from, as small calls are.
            if (sent < text.size()) {
                const ssize_t count = write(m_to, text.data() + sent, text.size() - sent);
                sent += count > 0 ? std::size_t(count) : 0;
                if (sent < text.size() && poll(ends.data(), ends.size(), -1) < 0)
                    return false;
                if (sent < text.size() && !(ends[0].revents & POLLIN))
                    continue;
            }
            const ssize_t count = read(m_from, m_buffer.data(), m_buffer.size());
            if (count <= 0)
                return false;
            received += std::size_t(count);
        }
        return true;
    }

private:
    pid_t m_pid = 0;
    int m_to = -1;
    int m_from = -1;
    std::string m_buffer = std::string(std::size_t(1) << 18, '\0');
};

} // namespace

double pipeRoundTrip(qint64 bytes, int times)
{
    Cat cat;
    const std::string text(std::size_t(bytes), 'x');
    std::vector<double> all;
    for (int i = 0; i < times; ++i) {
        QElapsedTimer timer;
        timer.start();
        if (!cat.roundTrip(text))
            return -1;
        all.push_back(double(timer.nsecsElapsed()) / 1e9);
    }
    return medianOf(std::move(all));
}

double barePython(int times)
{
    std::vector<double> all;
    for (int i = 0; i < times; ++i) {
        QElapsedTimer timer;
        timer.start();
        if (QProcess::execute(QStringLiteral("python3"),
                {QStringLiteral("-s"), QStringLiteral("-S"), QStringLiteral("-c"), QStringLiteral("pass")})
            != 0)
            return -1;
        all.push_back(double(timer.nsecsElapsed()) / 1e9);
    }
    return medianOf(std::move(all));
}

double bareFork(const QByteArray& filling, int times)
{
    QProcess python;
    python.start(
        QStringLiteral("python3"), {QStringLiteral("-s"), QStringLiteral("-S"), QStringLiteral("-")});
    python.write(filling + R"(
import os, time
def once():
    begun = time.perf_counter()
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return time.perf_counter() - begun
times = )"
        + QByteArray::number(times) + R"(
print(sorted([once() for _ in range(times)])[times // 2])
)");
    python.closeWriteChannel();
    bool isNumber = false;
    const double seconds
        = python.waitForFinished() ? python.readAllStandardOutput().trimmed().toDouble(&isNumber) : -1;
    return isNumber ? seconds : -1;
}

double peakMemoryMb()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_maxrss) * 1024 / 1e6;
}

} // namespace burrow::bench
