#pragma once

#include "compare/compare_model.h"

#include <QWidget>

class QAction;
class QLabel;
class QTreeView;

namespace burrow {

class CodeView;

/// Two branches side by side: their trees as one, with what differs and what it cost, and the texts of one
/// node.
class ComparePanel : public QWidget {
    Q_OBJECT
public:
    explicit ComparePanel(QWidget* parent = nullptr);

    /// Reads both in the background.
    void compare(const RunBranch& left, const RunBranch& right);
    /// Shows what was compared.
    void setComparison(BranchComparison comparison);
    QTreeView* tree() const { return m_tree; }
    CodeView* leftText() const { return m_left; }
    CodeView* rightText() const { return m_right; }
    QString summary() const;
    /// For the window's menus.
    const QList<QAction*>& menuActions() const { return m_actions; }

Q_SIGNALS:
    /// A row was activated.
    void chosen(const burrow::NodePath& path);

private:
    QWidget* makeBar();
    void setupTree();
    void setupActions();
    void setShows(bool onlyDifferences);
    void toDifference(int step);
    void expandDifferences(const QModelIndex& parent = {});
    void onCurrent(const QModelIndex& index);
    QString nameOf(const BranchComparison::Side& side) const;

    QLabel* m_summary;
    QTreeView* m_tree;
    CodeView* m_left;
    CodeView* m_right;
    CompareModel m_model;
    QList<QAction*> m_actions;
    int m_difference = -1; ///< the last that was looked at
    int m_comparing = 0; ///< how many comparisons were asked for: only the last is shown
    int m_reading = 0; ///< as for the texts of a row
};

} // namespace burrow
