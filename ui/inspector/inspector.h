#pragma once

#include "edit/edit_plan.h"
#include "inspector/node_texts.h"
#include "inspector/variables_model.h"

#include <QWidget>

class QAction;
class QLabel;
class QTabWidget;
class QTableView;
class QToolButton;

namespace burrow {

class CodeView;
class CrumbBar;
class EditPage;
class LiveTexts;
class ShownRun;
class TextsReader;

/// What the selected node saw and did. Its texts are read from the run file when they are shown.
class Inspector : public QWidget {
    Q_OBJECT
public:
    enum Tab { Conversation, Cell, Output, Variables, Raw };

    explicit Inspector(ShownRun& run, QWidget* parent = nullptr);

    /// Shows replies as they arrive. @p texts must outlive it.
    void setLiveTexts(const LiveTexts& texts) { m_live = &texts; }

    void setNode(NodeIndex node);
    NodeIndex node() const { return m_node; }
    /// What is said of the node above its texts.
    QString facts() const;
    void showTab(Tab tab);
    CodeView* view(Tab tab) const;

    /// What can be changed is offered above the texts.
    void setEditActions(const QList<QAction*>& actions);
    /// Shows @p what of the node in an editor, @p addition behind it.
    void edit(Change::What what, const QByteArray& addition = {});
    void endEdit();
    EditPage& editPage() { return *m_edit; }

Q_SIGNALS:
    void chosen(burrow::NodeIndex node);
    /// The texts of the node are on the screen.
    void shown();

private:
    void setupTabs();
    void setupVariables();
    void changeVariable();
    CodeView* addText(const QString& title, const QString& what, bool prose);
    void refresh();
    void showFacts();
    void setTexts(std::shared_ptr<const NodeTexts> texts);
    /// Fills the tab that is in front, where it is not.
    void fillTab();
    void fill(Tab tab);
    void fillConversation();
    void fillOutput();
    void followReference(int line);
    void showWantedLine();
    void clear();
    void showArriving();

    ShownRun& m_run;
    TextsReader* m_reader;
    CrumbBar* m_crumbs;
    QLabel* m_facts;
    QLabel* m_error;
    QTabWidget* m_tabs;
    EditPage* m_edit;
    QToolButton* m_change;
    QTableView* m_table = nullptr;
    VariablesModel m_variables;
    std::array<CodeView*, Raw + 1> m_views{};
    NodeIndex m_node = noNode;
    NodeQuery m_query; ///< of what is shown, or is being read
    std::shared_ptr<const NodeTexts> m_texts;
    std::array<bool, Raw + 1> m_isFilled{};
    const LiveTexts* m_live = nullptr;
    NodeIndex m_wantedCell = noNode; ///< whose line a person wants to see once its texts are there
    int m_wantedLine = 0; ///< from 1
    NodeIndex m_filledNode = noNode; ///< whose conversation is in its tab
    qsizetype m_arrived = 0; ///< bytes of the reply under way that are shown
    QTimer m_arriving;
};

} // namespace burrow
