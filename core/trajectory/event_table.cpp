#include "trajectory/event_table.h"

namespace burrow {

using namespace Qt::StringLiterals;

namespace {

/// The columns, numbered from 0; the parameters of the insert are numbered from 1.
enum Column {
    Seq,
    Time,
    Kind,
    Node,
    State,
    Detail,
    Reused,
    Parent,
    NodeKindColumn,
    Ordinal,
    Model,
    InputTokens,
    OutputTokens,
    Cost,
    Body,
    Extra,
    Duration,
    Attempt,
    BranchColumn,
};

// Sums of as many numbers as a file can hold must stay inside 64 bits, whoever wrote the file.
constexpr qint64 maxAmount = 10'000'000'000;
constexpr qint64 maxTime = qint64(1) << 56;
constexpr qint64 maxOrdinal = 100'000'000;

void bindUnlessZero(Statement& statement, int column, qint64 value)
{
    if (value != 0)
        statement.bind(column + 1, value);
}

template <typename T, typename Value>
void bindIfKnown(Statement& statement, int column, T value, Value valueOf)
{
    if (value)
        statement.bind(column + 1, qMin(valueOf(*value), maxAmount));
}

bool isBetween(qint64 value, qint64 least, qint64 most)
{
    return value >= least && value <= most;
}

bool makesSense(const Event& event)
{
    const bool opens = event.opensNode();
    return isBetween(int(event.kind), int(EventKind::RunOpened), int(EventKind::Edited))
        && isBetween(int(event.nodeKind), 0, int(NodeKind::Final))
        && isBetween(int(event.state), 0, int(NodeState::Cancelled))
        && isBetween(event.time.count(), 0, maxTime) && isBetween(event.duration.count(), -1, maxTime)
        && isBetween(event.node, 0, event.seq) && isBetween(event.parent, 0, event.seq - 1)
        && isBetween(event.ordinal, opens ? 1 : 0, maxOrdinal) && qint64(event.body) >= 0
        && qint64(event.extra) >= 0 && event.branch >= 1 && event.attempt >= 0;
}

} // namespace

Result<EventTable> EventTable::over(Database& database)
{
    EventTable table;
    table.m_file = database.path();
    for (const auto& [statement, sql] :
        {std::pair(&table.m_append,
             "INSERT INTO events(seq, time, kind, node, state, detail, reused, parent, node_kind, ordinal, "
             "model, input_tokens, output_tokens, cost, body, extra, duration, attempt, branch) "
             "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)"),
            std::pair(&table.m_read,
                "SELECT seq, time, kind, node, state, detail, reused, parent, node_kind, ordinal, model, "
                "input_tokens, output_tokens, cost, body, extra, duration, attempt, branch FROM events "
                "WHERE seq>?1 ORDER BY seq LIMIT ?2")}) {
        Result<Statement> prepared = database.prepare(sql);
        if (!prepared)
            return std::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return table;
}

Result<void> EventTable::append(const Event& event)
{
    Statement& row = m_append;
    row.bind(Seq + 1, event.seq).bind(Time + 1, event.time.count()).bind(Kind + 1, qint64(event.kind));
    row.bind(Node + 1, event.node).bind(State + 1, qint64(event.state)).bind(Detail + 1, event.detail);
    row.bind(Reused + 1, event.reused).bind(BranchColumn + 1, event.branch);
    // What an event does not have is NULL: it takes no room in the file.
    if (event.opensNode()) {
        row.bind(NodeKindColumn + 1, qint64(event.nodeKind));
        bindUnlessZero(row, Parent, event.parent);
    }
    bindUnlessZero(row, Ordinal, event.ordinal);
    bindUnlessZero(row, Model, qint64(event.model));
    const auto itself = [](qint64 tokens) { return tokens; };
    bindIfKnown(row, InputTokens, event.usage.inputTokens, itself);
    bindIfKnown(row, OutputTokens, event.usage.outputTokens, itself);
    bindIfKnown(row, Cost, event.usage.cost, [](MicroUsd cost) { return cost.value; });
    bindUnlessZero(row, Body, qint64(event.body));
    bindUnlessZero(row, Extra, qint64(event.extra));
    if (event.duration.count() >= 0)
        row.bind(Duration + 1, event.duration.count());
    bindUnlessZero(row, Attempt, event.attempt);
    return row.run();
}

Result<std::vector<Event>> EventTable::after(qint64 seq, int limit)
{
    std::vector<Event> events;
    m_read.bind(1, seq).bind(2, limit);
    Result<bool> row = m_read.step();
    for (; row && *row; row = m_read.step()) {
        const std::optional<Event> event = currentRow();
        // Events are numbered without gaps: a hole is damage, and would let a number of any size in.
        if (!event || event->seq != ++seq) {
            m_read.reset();
            return fail(ErrorCode::RunFileInvalid,
                u"%1 is damaged: entry %2 of its journal makes no sense. Restore it from a copy."_s
                    .arg(m_file)
                    .arg(seq));
        }
        events.push_back(*event);
    }
    m_read.reset();
    if (!row)
        return std::unexpected(row.error());
    return events;
}

std::optional<Event> EventTable::currentRow() const
{
    bool valid = true;
    const auto number = [&](Column column, qint64 most) {
        const qint64 value = m_read.number(column);
        valid = valid && isBetween(value, 0, most);
        return value;
    };
    const auto amount = [&](Column column) -> std::optional<qint64> {
        return m_read.isNull(column) ? std::nullopt : std::optional(number(column, maxAmount));
    };
    Event event;
    event.seq = m_read.number(Seq);
    event.time = std::chrono::microseconds(number(Time, maxTime));
    event.kind = EventKind(number(Kind, 255));
    event.node = m_read.number(Node);
    event.state = NodeState(number(State, 255));
    event.detail = quint8(number(Detail, 255));
    event.reused = number(Reused, 1) != 0;
    event.parent = m_read.number(Parent);
    event.nodeKind = NodeKind(number(NodeKindColumn, 255));
    event.ordinal = int(number(Ordinal, maxOrdinal));
    event.model = ModelId(number(Model, 65'535));
    event.usage.inputTokens = amount(InputTokens);
    event.usage.outputTokens = amount(OutputTokens);
    event.usage.cost = amount(Cost).transform([](qint64 cost) { return MicroUsd{cost}; });
    event.body = BlobId(m_read.number(Body));
    event.extra = BlobId(m_read.number(Extra));
    if (!m_read.isNull(Duration))
        event.duration = std::chrono::microseconds(number(Duration, maxTime));
    event.attempt = int(number(Attempt, maxOrdinal));
    event.branch = int(number(BranchColumn, maxOrdinal));
    return valid && makesSense(event) ? std::optional(event) : std::nullopt;
}

} // namespace burrow
