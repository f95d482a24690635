#include "base/quantities.h"
#include "inspector/inspector.h"
#include "money/money_panel.h"
#include "run/shown_run.h"
#include "support/random_run.h"
#include "watched_application.h"
#include "window/run_bar.h"

#include <QTemporaryDir>
#include <QTreeWidget>

#include <numeric>

using namespace burrow;
using namespace burrow::test;
using std::chrono::microseconds;

namespace {

/// What requests used, added up one by one: no fold of ours has a part in it.
struct Sum {
    qint64 spent = 0, estimated = 0, reused = 0, in = 0, out = 0, estimatedTokens = 0, requests = 0;

    QString money() const { return formatMoney(MicroUsd{spent}, MicroUsd{estimated}); }
    QString tokens() const { return formatCount(in + out, estimatedTokens); }
    QStringList columns() const
    {
        return {money(), reused > 0 ? formatMoney(MicroUsd{reused}) : QString(),
            formatCount(in, estimatedTokens), formatCount(out, estimatedTokens), formatCount(requests)};
    }
};

/// The journal of a run file, read plainly.
class Ledger {
public:
    explicit Ledger(std::span<const Event> events) : m_events(events)
    {
        for (const Event& event : events) {
            if (event.opensNode())
                m_openings.insert(event.node, &event);
            if (event.kind == EventKind::RequestSent)
                m_estimates.insert(event.node, event.usage);
        }
    }

    Sum sumOf(const std::function<bool(const Event& opening)>& belongs) const
    {
        Sum sum;
        for (const Event& event : m_events) {
            if (event.node == 0 || !belongs(*m_openings[event.node]))
                continue;
            if (event.kind == EventKind::RequestSent && !event.reused)
                ++sum.requests;
            if (event.kind != EventKind::ReplyReceived && event.kind != EventKind::RequestFailed)
                continue;
            if (event.reused) {
                sum.reused += event.usage.cost.value_or(MicroUsd()).value;
                continue;
            }
            // Only what was answered counts as its estimate says, where the server does not.
            const Usage estimate = m_estimates.value(event.node);
            if (event.kind == EventKind::RequestFailed)
                continue;
            const auto add = [](qint64& to, qint64& guessed, const auto& said, const auto& guess) {
                to += said ? *said : guess.value_or(0);
                guessed += said ? 0 : guess.value_or(0);
            };
            add(sum.in, sum.estimatedTokens, event.usage.inputTokens, estimate.inputTokens);
            add(sum.out, sum.estimatedTokens, event.usage.outputTokens, estimate.outputTokens);
            const auto value = [](const std::optional<MicroUsd>& cost) {
                return cost ? std::optional<qint64>(cost->value) : std::nullopt;
            };
            add(sum.spent, sum.estimated, value(event.usage.cost), value(estimate.cost));
        }
        return sum;
    }
    bool isBelow(const Event& opening, qint64 node) const
    {
        for (const Event* at = &opening; at; at = m_openings.value(at->parent))
            if (at->node == node)
                return true;
        return false;
    }
    int depthOf(const Event& opening) const
    {
        int calls = opening.nodeKind == NodeKind::Completion ? 1 : 0;
        for (const Event* at = m_openings.value(opening.parent); at; at = m_openings.value(at->parent))
            calls += at->nodeKind == NodeKind::Rlm ? 1 : 0;
        return calls - 1;
    }
    /// How many requests have no end yet, and what they cost at most.
    std::pair<int, qint64> inFlight() const
    {
        QHash<qint64, qint64> open;
        for (const Event& event : m_events) {
            if (event.kind == EventKind::RequestSent && !event.reused)
                open.insert(event.node, event.usage.cost.value_or(MicroUsd()).value);
            else if (event.kind == EventKind::ReplyReceived || event.kind == EventKind::RequestFailed)
                open.remove(event.node);
        }
        return {int(open.size()), std::accumulate(open.begin(), open.end(), qint64(0))};
    }
    /// What each turn cost, with all below it.
    QList<qint64> turns() const
    {
        QList<qint64> spent;
        for (const Event& event : m_events) {
            if (event.opensNode() && event.nodeKind == NodeKind::Turn)
                spent << sumOf([&](const Event& of) { return isBelow(of, event.node); }).spent;
        }
        return spent;
    }
    bool isOver() const { return m_events.back().kind == EventKind::RunClosed; }
    qint64 count(NodeKind kind) const
    {
        return std::ranges::count_if(
            m_events, [&](const Event& event) { return event.opensNode() && event.nodeKind == kind; });
    }
    /// What was served from a recording took no time of this run.
    microseconds played() const
    {
        microseconds played{0};
        for (size_t i = 1; i < m_events.size(); ++i)
            played += m_events[i].reused ? microseconds(0) : m_events[i].time - m_events[i - 1].time;
        return played;
    }
    /// From its first event until its end, or that of what there is.
    microseconds lasted(qint64 node) const
    {
        microseconds end = m_events.back().time;
        for (const Event& event : m_events)
            if (event.node == node && event.state != NodeState::Running)
                end = event.time;
        return end - m_openings[node]->time;
    }

private:
    std::span<const Event> m_events;
    QHash<qint64, const Event*> m_openings;
    QHash<qint64, Usage> m_estimates;
};

QStringList columnsOf(const QTreeWidgetItem& item)
{
    QStringList texts;
    for (int column = 1; column < item.columnCount(); ++column)
        texts << item.text(column);
    return texts;
}

} // namespace

/// What the window says of a run is what its file says.
class NumbersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyNumberIsThatOfTheFile_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 5; ++seed)
            QTest::addRow("run %u", seed) << seed;
    }
    void everyNumberIsThatOfTheFile()
    {
        QFETCH(const quint32, seed);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("run.burrow"));
        RunFile file = *RunFile::create(path);
        (void)RandomRun(file, seed).play(4, 12);
        QVERIFY(file.commit());
        const std::vector<Event> events = *file.eventsAfter(0, 10'000);

        ShownRun run;
        RunBar bar(run);
        MoneyPanel money(run);
        Inspector inspector(run);
        for (QWidget* const widget : std::initializer_list<QWidget*>{&bar, &money, &inspector})
            widget->show();
        RunFeed feed;
        RunSettings settings;
        if (seed % 2 == 0)
            settings.limits.maxCost = MicroUsd{100'000};
        run.begin(settings);
        run.follow(feed);
        QRandomGenerator random(seed);
        for (size_t fed = 0; fed < events.size();) {
            // Live, a piece at a time.
            const size_t piece = qMin(events.size() - fed, size_t(1 + random.bounded(60)));
            feed.setModels(file.models());
            feed.append(std::span(events).subspan(fed, piece));
            fed += piece;
            QTRY_COMPARE(run.tree().lastEvent(), events[fed - 1].time);
            const std::span<const Event> happened = std::span(events).first(fed);
            const Ledger ledger(happened);
            compareBar(bar, ledger, settings.limits);
            compareMoney(money, ledger, file.models());
            compareOutlook(money, ledger, settings.limits);
            if (run.isEmpty())
                continue;
            // As a past moment, so that no clock has a part in it.
            RunTree tree;
            tree.apply(happened);
            run.showMoment(std::move(tree));
            const auto node = NodeIndex(random.bounded(run.tree().size()));
            inspector.setNode(node);
            compareInspector(inspector, ledger, run.tree().node(node).id);
            run.leaveMoment();
            if (QTest::currentTestFailed())
                return;
        }
    }

private:
    static void compareBar(const RunBar& bar, const Ledger& ledger, const RunLimits& limits)
    {
        const Sum all = ledger.sumOf([](const Event&) { return true; });
        const Sum below = ledger.sumOf([](const Event& of) { return of.nodeKind == NodeKind::Completion; });
        if (bar.summary().isEmpty()) {
            QCOMPARE(all.requests, 0);
            return;
        }
        const QStringList parts = bar.summary().split(QStringLiteral(" · "));
        QString money = all.money();
        if (limits.maxCost)
            money += QStringLiteral(" of %1").arg(formatMoney(*limits.maxCost));
        if (all.reused > 0)
            money += QStringLiteral(" (+%1 reused)").arg(formatMoney(MicroUsd{all.reused}));
        QCOMPARE(parts.value(1), QStringLiteral("turn %1").arg(ledger.count(NodeKind::Turn)));
        QCOMPARE(parts.value(2).section(QStringLiteral(", "), 0, 0), formatCalls(below.requests));
        QCOMPARE(parts.value(3), money);
        QCOMPARE(parts.value(4), all.tokens() + QStringLiteral(" tokens"));
        QCOMPARE(parts.value(5), formatDuration(ledger.played()));
    }
    static void compareMoney(
        const MoneyPanel& panel, const Ledger& ledger, const std::vector<QByteArray>& names)
    {
        const QTreeWidget& table = *panel.table();
        const auto rows = [&](int group) {
            if (!table.topLevelItem(group))
                return QMap<QString, QStringList>(); // not added up yet
            QMap<QString, QStringList> texts{{QStringLiteral("all"), columnsOf(*table.topLevelItem(group))}};
            for (int i = 0; i < table.topLevelItem(group)->childCount(); ++i)
                texts.insert(table.topLevelItem(group)->child(i)->text(0),
                    columnsOf(*table.topLevelItem(group)->child(i)));
            return texts;
        };
        QMap<QString, QStringList> models, depths;
        const Sum all = ledger.sumOf([](const Event&) { return true; });
        models.insert(QStringLiteral("all"), all.columns());
        depths.insert(QStringLiteral("all"), all.columns());
        for (size_t i = 1; i < names.size(); ++i) {
            const Sum sum = ledger.sumOf([i](const Event& of) { return of.model == ModelId(i); });
            if (sum.requests > 0 || sum.reused > 0)
                models.insert(QString::fromLatin1(names[i]), sum.columns());
        }
        for (const int depth : {0, 1}) {
            const Sum sum = ledger.sumOf([&](const Event& of) { return ledger.depthOf(of) == depth; });
            if (sum.requests > 0 || sum.reused > 0)
                depths.insert(depth == 0 ? QStringLiteral("root") : QStringLiteral("depth 1"), sum.columns());
        }
        QTRY_COMPARE(rows(0), models);
        QTRY_COMPARE(rows(1), depths);
    }
    static void compareOutlook(const MoneyPanel& panel, const Ledger& ledger, const RunLimits& limits)
    {
        QStringList sentences;
        const auto [requests, most] = ledger.inFlight();
        if (requests == 1)
            sentences << QStringLiteral("In flight: 1 request, for %1 at most.").arg(formatMoney({most}));
        else if (requests > 1)
            sentences << QStringLiteral("In flight: %1 requests, for %2 together at most.")
                             .arg(requests)
                             .arg(formatMoney({most}));
        QList<qint64> turns = ledger.turns();
        const qint64 now = turns.isEmpty() ? 0 : turns.takeLast();
        turns = turns.last(qMin(turns.size(), 5));
        if (turns.size() >= 2) {
            const qint64 all = ledger.sumOf([](const Event&) { return true; }).spent;
            const qint64 each = std::accumulate(turns.begin(), turns.end(), qint64(0)) / turns.size();
            const qint64 then = all + qMax(qint64(0), each - now);
            const qint64 end = then + each * (limits.maxIterations - ledger.count(NodeKind::Turn));
            QString sentence = QStringLiteral("An estimate: if it goes on like the last %1, for %2 each, ")
                                   .arg(formatTurns(turns.size()), formatMoney({each}));
            qint64 more = 1;
            while (limits.maxCost && then + more * each <= limits.maxCost->value)
                ++more;
            if (limits.maxCost && end > limits.maxCost->value)
                sentence += QStringLiteral("the run reaches its limit of %1 in about %2.")
                                .arg(formatMoney(*limits.maxCost), formatTurns(more));
            else
                sentence += QStringLiteral("the run spends about %1 by turn %2, the last that it may take.")
                                .arg(formatMoney({end}))
                                .arg(limits.maxIterations);
            sentences << sentence;
        }
        QTRY_COMPARE(panel.outlook(), ledger.isOver() ? QString() : sentences.join(u' '));
    }
    static void compareInspector(const Inspector& inspector, const Ledger& ledger, qint64 node)
    {
        const Sum sum = ledger.sumOf([&](const Event& of) { return ledger.isBelow(of, node); });
        const QStringList facts = inspector.facts().split(QStringLiteral(" · "));
        if (sum.requests > 0) {
            QVERIFY2(facts.contains(sum.money()), qPrintable(inspector.facts() + sum.money()));
            const QString tokens = QStringLiteral("%1 tokens in, %2 out")
                                       .arg(formatCount(sum.in, sum.estimatedTokens),
                                           formatCount(sum.out, sum.estimatedTokens));
            QVERIFY2(facts.contains(tokens), qPrintable(inspector.facts() + tokens));
        }
        const QString lasted = formatDuration(ledger.lasted(node));
        QVERIFY2(facts.contains(lasted), qPrintable(inspector.facts() + lasted));
    }
};

BURROW_GUI_TEST_MAIN(NumbersTest)
#include "tst_numbers.moc"
