// Opens a random fork of a run and plays it, for a test that kills it: `fork_writer FILE SEED`. Says
// `playing` when the branch is open and `sent PATH` for each request that reaches its model.
#include "random_fork.h"

#include <QCoreApplication>

#include <cstdio>

using namespace burrow;
using namespace burrow::testing;

namespace {

void say(const QByteArray& line)
{
    std::fputs((line + '\n').constData(), stdout);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (argc != 3)
        return 2;
    RunFile file = *RunFile::open(QString::fromLocal8Bit(argv[1]), RunFile::Access::Write);
    const int branch = openRandomFork(file, QByteArray(argv[2]).toUInt());
    say("playing");
    TinyModel model(programSeed);
    model.onSend = [](const ChatRequest& request) { say("sent " + request.path.text()); };
    Session(file, model, branch).play();
    say("done");
}
