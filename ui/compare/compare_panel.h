#pragma once

#include "compare/compare_model.h"

#include <QWidget>

class QLabel;
class QTreeView;

namespace burrow {

class CodeView;

/// Two branches side by side: the nodes that differ, aligned, with what they cost, and the texts of one.
class ComparePanel : public QWidget {
    Q_OBJECT
public:
    explicit ComparePanel(QWidget* parent = nullptr);

    /// Reads both in the background.
    void compare(const QString& path, int left, int right);
    /// Shows what was compared.
    void setComparison(BranchComparison comparison);
    QTreeView* table() const { return m_table; }
    CodeView* leftText() const { return m_left; }
    CodeView* rightText() const { return m_right; }
    QString summary() const;

Q_SIGNALS:
    /// A row was activated.
    void chosen(const burrow::NodePath& path);

private:
    void setupTable();
    void showTexts();

    QLabel* m_summary;
    QTreeView* m_table;
    CodeView* m_left;
    CodeView* m_right;
    CompareModel m_model;
    int m_comparing = 0; ///< how many comparisons were asked for: only the last is shown
    int m_reading = 0; ///< as for the texts of a row
};

} // namespace burrow
