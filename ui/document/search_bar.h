#pragma once

#include "document/document_search.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QProgressBar;
class QToolButton;

namespace burrow {

/// Where a person says what to search for, sees how far the search is, and steps through what it found.
class SearchBar : public QWidget {
    Q_OBJECT
public:
    /// @p search must outlive it.
    explicit SearchBar(DocumentSearch& search, QWidget* parent = nullptr);

    SearchPattern pattern() const;
    void setText(const QString& text);
    /// Shows the bar, and puts the keyboard into its field.
    void open();
    void close();

Q_SIGNALS:
    void searchWanted(const SearchPattern& pattern);
    void nextWanted();
    void previousWanted();
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QToolButton* addToggle(const QString& text, const QString& name);
    QToolButton* addButton(const QString& text, const QString& name);
    void setup();
    void onReturn();
    void showState();
    QString stateText() const;

    DocumentSearch& m_search;
    QLineEdit* m_field;
    QToolButton* m_regex = nullptr;
    QToolButton* m_case = nullptr;
    QToolButton* m_previous = nullptr;
    QToolButton* m_next = nullptr;
    QToolButton* m_cancel = nullptr;
    QProgressBar* m_progress;
    QLabel* m_state;
    SearchPattern m_searched; ///< what the matches are of
};

} // namespace burrow
