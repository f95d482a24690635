// A program of its own for tests that need one:
//
//   guest_helper compute       starts a guest that computes for ever, prints its process id, and waits to be
//   killed guest_helper as-user DIR   becomes an ordinary user (where it is root), runs the containment cell
//   with the sandbox
//                              in DIR, and prints the level and what the cell printed

#include "sandbox_fixture.h"

#include <QCoreApplication>

#include <cstdio>

#include <grp.h>
#include <unistd.h>

using namespace burrow;
using namespace burrow::sandbox_test;

namespace {

int compute()
{
    Bench bench(realGuest());
    if (!bench.isReady())
        return 1;
    std::printf("%lld\n", bench.pid());
    std::fflush(stdout);
    bench.run("while True: pass");
    return 0;
}

bool becomeUser()
{
    constexpr unsigned user = 54321;
    qputenv("HOME", "/nonexistent");
    return geteuid() != 0
        || (setgroups(0, nullptr) == 0 && setresgid(user, user, user) == 0
            && setresuid(user, user, user) == 0);
}

int asUser(const QString& folder)
{
    SandboxOptions options;
    options.launcher = folder + QStringLiteral("/burrow-sandbox");
    options.driverFolder = folder + QStringLiteral("/guest");
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
    const QByteArray mode = argc > 1 ? argv[1] : "";
    if (mode == "as-user" && !becomeUser())
        return 1;
    const QCoreApplication application(argc, argv);
    return mode == "as-user" && argc > 2 ? asUser(QString::fromLocal8Bit(argv[2])) : compute();
}
