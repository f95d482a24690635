#pragma once

#include "ordinary_user.h"
#include "run.h"

#include <QTemporaryDir>

#include <deque>
#include <map>

namespace burrow::escapes {

/// How every attempt ended, by what kept the guest in and who started it. Column Control is unprotected.
enum class Column { FullRoot, FullUser, StrongRoot, StrongUser, Control };
inline constexpr Column columns[]
    = {Column::FullRoot, Column::FullUser, Column::StrongRoot, Column::StrongUser, Column::Control};
const char* nameOf(Column column);

using Row = std::map<Column, Verdict>;

/// Makes attempts side by side, each in every column.
class Suite final : public QObject {
    Q_OBJECT
public:
    /// @p programs holds the launchers, @p attempts the Python files.
    Suite(QString attempts, QString programs);
    ~Suite() override;

    /// Copies what is tried to where every user can read it, and adds a user where this process is root.
    Result<void> prepare();
    void run(const std::vector<Attempt>& attempts, int sideBySide);

    /// One for each attempt, in their order. A column is missing where this process may not run it.
    const std::vector<Row>& rows() const { return m_rows; }

Q_SIGNALS:
    void judged(const burrow::escapes::Attempt& attempt, burrow::escapes::Column column,
        const burrow::escapes::Verdict& verdict);
    void finished();

private:
    struct Waiting {
        std::size_t row;
        Column column;
    };

    void startNext(const std::vector<Attempt>& attempts);

    Workshop m_workshop;
    QString m_attempts;
    QString m_programs;
    QTemporaryDir m_folder;
    std::unique_ptr<OrdinaryUser> m_user;
    std::deque<Waiting> m_waiting;
    std::vector<Row> m_rows;
    int m_running = 0;
    int m_started = 0;
};

} // namespace burrow::escapes
