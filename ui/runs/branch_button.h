#pragma once

#include <QToolButton>

namespace burrow {

class ShownRun;

/// The branch of the run that is shown, and a small map of all to switch by. Hidden where there is one alone.
class BranchButton : public QToolButton {
    Q_OBJECT
public:
    /// @p run must outlive it.
    explicit BranchButton(ShownRun& run, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(int branch);
    void wantsComparison(int branch);

private:
    void refresh();
    void addBranches(QMenu* menu, int parent, int depth);

    ShownRun& m_run;
};

} // namespace burrow
