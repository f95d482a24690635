#include "progress.h"

#include "base/clock.h"
#include "base/columns.h"
#include "base/quantities.h"
#include "base/visible_text.h"
#include "terminal.h"

#include <cstdio>

namespace burrow {

namespace {

constexpr auto redrawInterval = std::chrono::milliseconds(100);
constexpr size_t liveNodesShown = 3;

void write(const QString& text)
{
    const QByteArray utf8 = text.toUtf8();
    std::fwrite(utf8.constData(), 1, size_t(utf8.size()), stderr);
    std::fflush(stderr);
}

} // namespace

Progress::Style Progress::styleOfStderr()
{
    return stderrIsTerminal() ? Style::Terminal : Style::Lines;
}

Progress::Progress(const RunTree& tree, int turnsBefore, Style style, QObject* parent)
    : QObject(parent)
    , m_tree(tree)
    , m_style(style)
    , m_begun(SystemClock().now())
    , m_reportedTurns(qMax(0, turnsBefore - 1))
{
    connect(&m_timer, &QTimer::timeout, this, &Progress::update);
    m_timer.start(redrawInterval);
}

void Progress::update()
{
    if (m_style == Style::Terminal)
        redraw();
    // The turn that runs is reported when the next begins, with what it used; the last one by finish().
    if (m_style == Style::Lines && m_tree.totals().turns > m_reportedTurns + 1) {
        m_reportedTurns = m_tree.totals().turns - 1;
        write(summary(m_reportedTurns) + QLatin1Char('\n'));
    }
}

void Progress::finish()
{
    m_timer.stop();
    erase();
    if (m_style != Style::None && m_tree.size() > 0)
        write(summary(m_tree.totals().turns) + QLatin1Char('\n'));
}

void Progress::say(const QString& line)
{
    if (m_style == Style::None)
        return;
    erase();
    write(QString::fromUtf8(visibleText(line.toUtf8(), LineMode::SingleLine)) + QLatin1Char('\n'));
}

QString Progress::summary(int turn) const
{
    const RunTotals& run = m_tree.totals();
    QStringList parts{tr("turn %1").arg(turn), formatCalls(run.calls)};
    const qint64 tokens = run.totals.inputTokens + run.totals.outputTokens;
    parts << tr("%1 tokens").arg(formatCount(tokens, run.totals.estimatedTokens))
          << formatMoney(run.totals.spent, run.totals.estimated);
    if (run.totals.reused.value > 0)
        parts << tr("+%1 reused").arg(formatMoney(run.totals.reused));
    if (run.totals.unknown > 0)
        parts << formatUnknown(run.totals.unknown, run.totals.unknownUpTo);
    parts << formatDuration(SystemClock().now() - m_begun);
    return parts.join(QStringLiteral(" · "));
}

QStringList Progress::liveLines() const
{
    // From each root down the newest branch: what runs now stands at its end.
    QStringList lines;
    if (m_tree.roots().empty())
        return lines;
    NodeIndex at = m_tree.roots().back();
    while (!m_tree.node(at).children.empty())
        at = m_tree.node(at).children.back();
    const RunTree::Node& last = m_tree.node(at);
    const std::vector<NodeIndex>& siblings
        = last.parent == noNode ? m_tree.roots() : m_tree.node(last.parent).children;
    qsizetype live = 0;
    for (const NodeIndex sibling : siblings) {
        if (m_tree.node(sibling).state == NodeState::Running && size_t(live++) < liveNodesShown)
            lines << QStringLiteral("  ● ") + QString::fromUtf8(m_tree.path(sibling).text());
    }
    if (live > lines.size())
        lines << tr("  … and %1 more in flight").arg(live - lines.size());
    return lines;
}

void Progress::redraw()
{
    QStringList lines = QStringList(summary(m_tree.totals().turns)) + liveLines();
    // A line that wraps would take up more than erase() takes away; one of the whole width may.
    for (QString& line : lines)
        line = cutToColumns(line, stderrColumns() - 1);
    erase();
    write(lines.join(QLatin1Char('\n')) + QLatin1Char('\n'));
    for (const QString& line : lines)
        m_drawn << columnsOf(line);
}

void Progress::erase()
{
    // A terminal that has become narrower since shows a line in several rows.
    const int columns = qMax(1, stderrColumns());
    int rows = 0;
    for (const int line : std::exchange(m_drawn, {}))
        rows += qMax(1, (line + columns - 1) / columns);
    if (rows > 0)
        write(QStringLiteral("\x1b[%1A\x1b[J").arg(rows));
}

} // namespace burrow
