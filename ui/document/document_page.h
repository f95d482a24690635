#pragma once

#include "document/document_place.h"
#include "document/document_search.h"
#include "document/document_view.h"
#include "document/viewed_document.h"

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QMenu;
class QSplitter;
class QToolButton;
class QTreeView;

namespace burrow {

class Coverage;
class GoToBar;
class MatchList;
class MessageBar;
class SearchBar;

/// A document with all that a person does with it: the view, search and its results, places, encodings, and
/// what a run read of it.
class DocumentPage : public QWidget {
    Q_OBJECT
public:
    explicit DocumentPage(QWidget* parent = nullptr);
    ~DocumentPage() override;

    /// Shows the document at @p path at once, whatever its size; where it cannot be read, says so in its
    /// place. Without @p encoding its first bytes decide.
    void open(const QString& path, const std::optional<TextEncoding>& encoding = std::nullopt);
    const QString& path() const { return m_path; }
    /// Null where nothing is shown.
    const ViewedDocument* document() const { return m_document.get(); }

    /// Marks what a run read and cites, as it is found. @p coverage must outlive this.
    void setCoverage(Coverage* coverage);

    DocumentView& view() { return *m_view; }
    SearchBar& searchBar() { return *m_searchBar; }
    GoToBar& goToBar() { return *m_goToBar; }
    const DocumentSearch& search() const { return m_search; }
    MessageBar& notice() { return *m_notice; }

    void goTo(const DocumentPlace& place);
    /// Goes to the next or previous match from the selection on.
    void showNextMatch();
    void showPreviousMatch();
    /// Goes to the next or previous place that was read or is cited, around the ends.
    void showNextMark() { showMark(1); }
    void showPreviousMark() { showMark(-1); }
    /// The nodes that read at the cursor (RunTree::Node::id), in the order of the run.
    std::vector<qint64> readersHere() const;
    /// Saves the selected bytes as they are.
    void saveSelection(const QString& path);

Q_SIGNALS:
    /// A person wants to see the node with number @p node, which read here.
    void nodeWanted(qint64 node);

private:
    void setupActions();
    void setupHeader();
    void setupMarks();
    void setupResults();
    void setupSearch();
    QAction* addAction(const QString& text, const QKeySequence& keys);
    void onStateChanged();
    void onLinesCounted();
    void showMatch(qsizetype index);
    void chooseWhereToSave();
    void showCoverage();
    void showMark(int direction);
    void showReaders();
    void chooseReader();
    void showStatus();
    QString lineText() const;

    QString m_path;
    std::unique_ptr<ViewedDocument> m_document;
    DocumentSearch m_search;
    std::optional<LineNumber> m_awaitedLine; ///< gone to once it is known where it is
    std::optional<ByteOffset> m_searchedFrom; ///< the first match behind it is shown once it is found
    std::stop_source m_stopSaving;
    Coverage* m_coverage = nullptr;

    DocumentView* m_view;
    SearchBar* m_searchBar;
    GoToBar* m_goToBar;
    MessageBar* m_notice;
    MatchList* m_matches;
    QTreeView* m_results;
    QSplitter* m_splitter;
    QLabel* m_title = nullptr;
    QLabel* m_status = nullptr;
    QLabel* m_read = nullptr; ///< what a run read, in words
    QToolButton* m_readers = nullptr;
    QComboBox* m_encoding = nullptr;
    QAction* m_wrap = nullptr;
    QAction* m_find = nullptr;
    QAction* m_findNext = nullptr;
    QAction* m_findPrevious = nullptr;
    QAction* m_goTo = nullptr;
    QAction* m_nextMark = nullptr;
    QAction* m_previousMark = nullptr;
    QAction* m_showReader = nullptr;
};

} // namespace burrow
