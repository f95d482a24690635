#pragma once

#include "trajectory/event.h"
#include "trajectory/sqlite.h"

namespace burrow {

/// The journal in a run file. Private to core/trajectory.
class EventTable {
public:
    static Result<EventTable> over(Database& database);

    Result<void> append(const Event& event);
    /// The first @p limit events after @p seq. Errors: RunFileInvalid where one makes no sense.
    Result<std::vector<Event>> after(qint64 seq, int limit);

private:
    /// Nothing where the row is no event of ours.
    std::optional<Event> currentRow() const;

    Statement m_append;
    Statement m_read;
    QString m_file;
};

} // namespace burrow
