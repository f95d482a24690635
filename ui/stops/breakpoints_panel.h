#pragma once

#include <QWidget>

class QListWidget;
class QPushButton;

namespace burrow {

struct Breakpoint;
class Stops;

/// The breakpoints of this session: listed, made, changed and removed.
class BreakpointsPanel : public QWidget {
    Q_OBJECT
public:
    /// @p stops must outlive it.
    explicit BreakpointsPanel(Stops& stops, QWidget* parent = nullptr);

    /// Asks for the conditions of another one, which begins as @p breakpoint.
    void addNew(const Breakpoint& breakpoint);
    QListWidget* list() const { return m_list; }

private:
    void refresh();
    void change(int row);
    void removeCurrent();

    Stops& m_stops;
    QListWidget* m_list;
    QPushButton* m_change;
    QPushButton* m_remove;
};

} // namespace burrow
