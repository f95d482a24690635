// A program of its own for tests that need one:
//
//   guest_helper compute [DIR USER LEVEL]
//       starts a guest that computes for ever, prints its process id, and waits to be killed
//   guest_helper live DIR USER LEVEL
//       starts guests for ever that compute, fork, write files and die, and waits to be killed
//   guest_helper as-user DIR
//       becomes an ordinary user (where it is root), runs the containment cell, and prints the level and what
//       the cell printed
//
// DIR holds the sandbox. USER is `self`, or `user` to become an ordinary one (where it is root). LEVEL is
// `full` or `strong`.

#include "sandbox_fixture.h"

#include <QCoreApplication>

#include <cstdio>

#include <grp.h>
#include <unistd.h>

using namespace burrow;
using namespace burrow::sandbox_test;

namespace {

bool becomeUser()
{
    constexpr unsigned user = 54321;
    qputenv("HOME", "/nonexistent");
    return geteuid() != 0
        || (setgroups(0, nullptr) == 0 && setresgid(user, user, user) == 0
            && setresuid(user, user, user) == 0);
}

SandboxOptions sandboxIn(const QString& folder, SandboxLevel level)
{
    SandboxOptions options;
    options.launcher = folder + QStringLiteral("/burrow-sandbox");
    options.driverFolder = folder + QStringLiteral("/guest");
    if (level == SandboxLevel::Strong)
        options.removedProtections << QStringLiteral("--no-namespaces");
    return options;
}

int compute(const SandboxOptions& options)
{
    Bench bench(options);
    if (!bench.isReady())
        return 1;
    QTimer::singleShot(0, [&bench] {
        std::printf("%lld\n", bench.pid());
        std::fflush(stdout);
    });
    bench.run("while True: pass");
    return 0;
}

Task<void> liveOn(SandboxedReplFactory* factory, HostCalls* calls, QByteArray code)
{
    ReplSpec spec = textSpec();
    spec.limits.cellTimeout = std::chrono::milliseconds(50);
    for (;;) {
        const auto repl = co_await factory->start(spec, calls, {});
        if (repl)
            (void)co_await (*repl)->execute(cell(code), {});
    }
}

int live(const SandboxOptions& options)
{
    SandboxedReplFactory factory(options);
    EchoCalls calls;
    std::vector<Task<void>> lives;
    for (const char* code : {"while True: pass", "import os; os._exit(0)",
             "open('/scratch/file', 'w').write('x' * 1000000)\nsum(range(10**12))",
             "import os\n"
             "for i in range(8):\n"
             "    try: os.fork()\n"
             "    except OSError: pass\n"
             "while True: pass"})
        lives.push_back(liveOn(&factory, &calls, code));
    return QCoreApplication::exec();
}

int asUser(const SandboxOptions& options)
{
    Bench bench(options);
    if (!bench.isReady())
        return 1;
    std::printf("%s\n%s", nameOf(bench.factory.report()->level).constData(),
        bench.print(containmentCell).constData());
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const QByteArrayList words(argv + 1, argv + argc);
    const QByteArray mode = words.value(0);
    if ((mode == "as-user" || words.value(2) == "user") && !becomeUser())
        return 1;
    const QCoreApplication application(argc, argv);
    const SandboxOptions options = words.size() < 2
        ? realGuest()
        : sandboxIn(QString::fromLocal8Bit(words[1]),
              words.value(3) == "strong" ? SandboxLevel::Strong : SandboxLevel::Full);
    if (mode == "as-user")
        return asUser(options);
    return mode == "live" ? live(options) : compute(options);
}
