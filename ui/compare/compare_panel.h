#pragma once

#include "compare/branch_comparison.h"

#include <QWidget>

class QLabel;
class QTreeWidget;

namespace burrow {

class CodeView;

/// Two branches side by side: the nodes that differ, aligned, with what they cost, and the texts of one.
class ComparePanel : public QWidget {
    Q_OBJECT
public:
    explicit ComparePanel(QWidget* parent = nullptr);

    /// Reads both in the background.
    void compare(const QString& path, int left, int right);
    QTreeWidget* table() const { return m_table; }
    CodeView* leftText() const { return m_left; }
    CodeView* rightText() const { return m_right; }
    QString summary() const;

Q_SIGNALS:
    /// A row was activated.
    void chosen(const burrow::NodePath& path);

private:
    void setupTable();
    void showRows(BranchComparison comparison);
    void showTexts();

    QLabel* m_summary;
    QTreeWidget* m_table;
    CodeView* m_left;
    CodeView* m_right;
    BranchComparison m_comparison;
    int m_comparing = 0; ///< how many comparisons were asked for: only the last is shown
    int m_reading = 0; ///< as for the texts of a row
};

} // namespace burrow
