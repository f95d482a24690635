#include "suite.h"

#include "processes.h"

#include <QCoreApplication>
#include <QDir>

namespace burrow::escapes {

namespace {

Protection protectionIn(Column column)
{
    switch (column) {
    case Column::FullRoot:
    case Column::FullUser:
        return Protection::Full;
    case Column::StrongRoot:
    case Column::StrongUser:
        return Protection::Strong;
    case Column::Control:
        break;
    }
    return Protection::None;
}

bool isAsRoot(Column column)
{
    return column == Column::FullRoot || column == Column::StrongRoot;
}

bool runProgram(const QString& program, const QStringList& arguments)
{
    return QProcess::execute(program, arguments) == 0;
}

} // namespace

const char* nameOf(Column column)
{
    switch (column) {
    case Column::FullRoot:
        return "Full, root";
    case Column::FullUser:
        return "Full, user";
    case Column::StrongRoot:
        return "Strong, root";
    case Column::StrongUser:
        return "Strong, user";
    case Column::Control:
        break;
    }
    return "Control";
}

Suite::Suite(QString attempts, QString programs)
    : m_attempts(std::move(attempts)), m_programs(std::move(programs))
{
    m_workshop.parts.folder = m_folder.filePath(QStringLiteral("parts"));
    adoptOrphans();
}

Suite::~Suite()
{
    // What a host that died has left behind, else the user cannot be removed.
    for (const Process& process : descendantsOf(QCoreApplication::applicationPid()))
        kill(process.pid);
}

Result<void> Suite::prepare()
{
    const Parts& parts = m_workshop.parts;
    const QDir programs(m_programs);
    const bool copied = QDir().mkpath(parts.folder)
        && runProgram(QStringLiteral("cp"),
            {QStringLiteral("-rL"), programs.filePath(QStringLiteral("burrow-sandbox")),
                programs.filePath(QStringLiteral("burrow-unprotected")),
                programs.filePath(QStringLiteral("guest")), m_attempts, parts.folder})
        && QDir().mkpath(parts.path("cache")) && QDir().mkpath(parts.path("cache-of-root"))
        && runProgram(
            QStringLiteral("chmod"), {QStringLiteral("-R"), QStringLiteral("a+rX"), m_folder.path()});
    if (!copied)
        return fail(ErrorCode::Io,
            QStringLiteral("Cannot copy the sandbox from %1 to %2.").arg(m_programs, parts.folder));
    if (!isRoot())
        return {};
    auto user = OrdinaryUser::create();
    if (!user)
        return fail(ErrorCode::PermissionDenied, user.error());
    m_user = std::move(*user);
    m_workshop.user = m_user->id();
    if (!m_user->own(parts.path("cache")))
        return fail(ErrorCode::PermissionDenied, QStringLiteral("Cannot give the user a cache."));
    return {};
}

void Suite::run(const std::vector<Attempt>& attempts, int sideBySide)
{
    m_rows.assign(attempts.size(), {});
    for (std::size_t row = 0; row < attempts.size(); ++row) {
        for (const Column column : columns) {
            if (column == Column::Control && attempts[row].control == Attempt::Control::None)
                m_rows[row][column] = {Verdict::Kind::NoControl, attempts[row].withoutControl};
            else if (isRoot() || (!isAsRoot(column) && attempts[row].extra != Attempt::Extra::BoundHome))
                m_waiting.push_back({row, column});
        }
    }
    for (int i = 0; i < sideBySide; ++i)
        startNext(attempts);
}

void Suite::startNext(const std::vector<Attempt>& attempts)
{
    if (m_waiting.empty()) {
        if (m_running == 0)
            Q_EMIT finished();
        return;
    }
    const Waiting next = m_waiting.front();
    m_waiting.pop_front();
    ++m_running;
    const QString stage = m_folder.filePath(QString::number(++m_started));
    auto* const run
        = new Run({&attempts[next.row], protectionIn(next.column), isAsRoot(next.column)}, m_workshop, stage);
    QDir().mkpath(stage);
    if (m_user && !isAsRoot(next.column))
        m_user->own(stage);
    connect(run, &Run::finished, this, [this, next, &attempts](Run* ended) {
        m_rows[next.row][next.column] = ended->verdict();
        Q_EMIT judged(attempts[next.row], next.column, ended->verdict());
        ended->deleteLater();
        --m_running;
        startNext(attempts);
    });
    run->start();
}

} // namespace burrow::escapes
