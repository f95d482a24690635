#include "inspector/inspector.h"

#include "base/quantities.h"
#include "base/visible_text.h"
#include "edit/edit_page.h"
#include "inspector/crumb_bar.h"
#include "inspector/texts_reader.h"
#include "lm/live_texts.h"
#include "look/icons.h"
#include "look/layout_island.h"
#include "run/shown_run.h"
#include "text/code_view.h"
#include "trajectory/node_words.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableView>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace burrow {

Inspector::Inspector(ShownRun& run, QWidget* parent)
    : QWidget(parent)
    , m_run(run)
    , m_reader(new TextsReader(this))
    , m_crumbs(new CrumbBar(run, this))
    , m_facts(new QLabel(this))
    , m_error(new QLabel(this))
    , m_tabs(new QTabWidget(this))
    , m_edit(new EditPage(run, this))
    , m_change(new QToolButton(this))
    , m_texts(std::make_shared<NodeTexts>())
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    m_crumbs->setContentsMargins(4, 4, 4, 0);
    for (QLabel* const label : {m_facts, m_error}) {
        label->setTextFormat(Qt::PlainText);
        label->setContentsMargins(10, 0, 10, 4);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setWordWrap(true);
    }
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_error->hide();
    auto* const top = new QHBoxLayout;
    top->setContentsMargins(0, 0, 8, 0);
    top->addWidget(new LayoutIsland(m_crumbs, this), 1);
    top->addWidget(m_change);
    m_change->setIcon(look::icon("edit"));
    m_change->setText(tr("Change"));
    m_change->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_change->setPopupMode(QToolButton::InstantPopup);
    m_change->setAutoRaise(true);
    m_change->setAccessibleName(tr("Change this, and run from here"));
    m_change->setToolTip(tr("Change this in a branch of its own, and run from here"));
    m_change->setMenu(new QMenu(m_change));
    box->addLayout(top);
    box->addWidget(new LayoutIsland(m_facts, this));
    box->addWidget(m_error);
    box->addWidget(m_tabs, 1);
    box->addWidget(m_edit, 1);
    m_edit->hide();
    setFocusProxy(m_tabs);
    setupTabs();

    connect(&m_arriving, &QTimer::timeout, this, &Inspector::showArriving);
    m_arriving.start(std::chrono::milliseconds(100));
    connect(m_edit, &EditPage::closed, this, &Inspector::endEdit);
    connect(m_crumbs, &CrumbBar::chosen, this, &Inspector::chosen);
    connect(&m_run, &ShownRun::changed, this, &Inspector::refresh);
    connect(&m_run, &ShownRun::moved, this, &Inspector::refresh);
    connect(&m_run, &ShownRun::aboutToMove, this, [this](int nodes) {
        if (m_node != noNode && int(m_node) >= nodes)
            clear();
    });
    connect(&m_run, &ShownRun::aboutToReset, this, &Inspector::clear);
    connect(m_reader, &TextsReader::arrived, this,
        [this](const NodeQuery& query, const std::shared_ptr<const NodeTexts>& texts) {
            if (query == m_query)
                setTexts(texts);
        });
}

void Inspector::setupTabs()
{
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("What the selected call saw and did"));
    m_views[Conversation]
        = addText(tr("Conversation"), tr("What the model was told, and what it replied"), true);
    m_views[Cell] = addText(tr("Cell"), tr("The code of the cell"), false);
    m_views[Output] = addText(tr("Output"), tr("What the cell printed"), false);
    connect(m_views[Output], &CodeView::followed, this, &Inspector::followReference);
    m_table = new QTableView(m_tabs);
    m_table->setModel(&m_variables);
    m_table->setAccessibleName(tr("The variables after the cell"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
    m_table->horizontalHeader()->setSectionResizeMode(VariablesModel::Name, QHeaderView::Stretch);
    setupVariables();
    m_tabs->addTab(m_table, tr("Variables"));
    m_tabs->setTabToolTip(Variables, tr("The variables after the cell"));
    m_views[Raw] = addText(tr("Raw"), tr("What the run file holds of it"), false);
    connect(m_tabs, &QTabWidget::currentChanged, this, &Inspector::fillTab);
}

void Inspector::setupVariables()
{
    auto* const change = new QAction(look::icon("edit"), tr("Change This &Variable…"), m_table);
    change->setToolTip(tr("Set the variable at the end of the cell, in a branch of its own"));
    m_table->addAction(change);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    connect(change, &QAction::triggered, this, &Inspector::changeVariable);
    connect(m_table, &QTableView::activated, this, &Inspector::changeVariable);
}

/// A variable is changed where the model sees it, too: by a line at the end of the cell.
void Inspector::changeVariable()
{
    const QModelIndex index = m_table->currentIndex();
    if (!index.isValid() || m_node == noNode || m_run.tree().node(m_node).kind != NodeKind::Cell)
        return;
    const QString name = index.siblingAtColumn(VariablesModel::Name).data().toString();
    const QByteArray& code = m_texts->code;
    edit(Change::What::Code, (code.endsWith('\n') ? "" : "\n") + name.toUtf8() + " = ");
}

void Inspector::setEditActions(const QList<QAction*>& actions)
{
    m_change->menu()->addActions(actions);
}

void Inspector::edit(Change::What what, const QByteArray& addition)
{
    if (m_node == noNode)
        return;
    m_tabs->hide();
    m_edit->show();
    m_edit->begin(m_run.tree().path(m_node), what, addition);
}

void Inspector::endEdit()
{
    m_edit->hide();
    m_tabs->show();
}

CodeView* Inspector::addText(const QString& title, const QString& what, bool prose)
{
    auto* const view = new CodeView(prose ? CodeView::Layout::Prose : CodeView::Layout::Code, what, m_tabs);
    m_tabs->setTabToolTip(m_tabs->addTab(view, title), what);
    return view;
}

CodeView* Inspector::view(Tab tab) const
{
    return m_views[size_t(tab)];
}

QString Inspector::facts() const
{
    return m_facts->text();
}

void Inspector::showTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab);
}

void Inspector::setNode(NodeIndex node)
{
    if (node == m_node)
        return;
    m_node = node;
    if (node != m_wantedCell)
        m_wantedCell = noNode;
    endEdit();
    m_crumbs->setNode(node);
    refresh();
}

void Inspector::clear()
{
    m_node = noNode;
    endEdit();
    m_query = {};
    m_crumbs->setNode(noNode);
    m_facts->clear();
    m_error->hide();
    setTexts(std::make_shared<NodeTexts>());
}

void Inspector::refresh()
{
    if (m_node == noNode)
        return;
    showFacts();
    const NodeQuery query = queryFor(m_run.tree(), m_node, m_run.branch());
    if (query == m_query || m_run.path().isEmpty())
        return;
    m_query = query;
    m_reader->read(m_run.path(), query);
}

/// Adds what has arrived since the last look to the end of the conversation.
void Inspector::showArriving()
{
    if (!m_live || m_node == noNode || m_run.tree().node(m_node).state != NodeState::Running
        || m_tabs->currentIndex() != Conversation || m_texts->conversation.empty())
        return;
    const QByteArray text = m_live->text(m_run.tree().path(m_node));
    if (text.size() <= m_arrived)
        return;
    QByteArray added = visibleText(text.sliced(m_arrived), LineMode::MultiLine);
    if (m_arrived == 0)
        added.prepend(tr("── the reply arrives ──").toUtf8() + '\n');
    view(Conversation)->append(added);
    m_arrived = text.size();
}

void Inspector::showFacts()
{
    const RunTree::Node& node = m_run.tree().node(m_node);
    QStringList facts{wordFor(shownState(node))};
    if (const QString model = m_run.modelName(node.model); !model.isEmpty())
        facts << model;
    if (node.subtree.requests > 0)
        facts << formatMoney(node.subtree.spent, node.subtree.estimated)
              << tr("%1 tokens in, %2 out")
                     .arg(formatCount(node.subtree.inputTokens, node.subtree.estimatedTokens),
                         formatCount(node.subtree.outputTokens, node.subtree.estimatedTokens));
    if (node.subtree.unknown > 0)
        facts << formatUnknown(node.subtree.unknown, node.subtree.unknownUpTo);
    facts << formatDuration(durationOf(node, m_run.now()));
    if (const QString summary = callSummary(node); !summary.isEmpty())
        facts << summary;
    m_facts->setText(facts.join(QStringLiteral(" · ")));
}

void Inspector::setTexts(std::shared_ptr<const NodeTexts> texts)
{
    m_texts = std::move(texts);
    m_isFilled.fill(false);
    m_error->setText(m_texts->error);
    m_error->setVisible(!m_texts->error.isEmpty());
    fillTab();
    if (m_node == noNode)
        return;
    showWantedLine();
    Q_EMIT shown();
}

void Inspector::fillTab()
{
    const int tab = m_tabs->currentIndex();
    if (tab >= 0 && !std::exchange(m_isFilled[size_t(tab)], true))
        fill(Tab(tab));
}

void Inspector::fill(Tab tab)
{
    switch (tab) {
    case Conversation:
        fillConversation();
        break;
    case Cell:
        view(tab)->setText(m_texts->code, Syntax::Python);
        view(tab)->markChanges(m_texts->changes);
        view(tab)->setPlaceholder(tr("There is no cell here."));
        break;
    case Output:
        fillOutput();
        break;
    case Variables:
        m_variables.setVariables(m_texts->variables);
        break;
    case Raw:
        view(tab)->setText(m_texts->raw, Syntax::Json);
        break;
    }
}

void Inspector::fillOutput()
{
    CodeView* const text = view(Output);
    text->setText(m_texts->output, Syntax::None);
    text->setPlaceholder(tr("Nothing was printed here."));
    std::vector<int> links;
    for (const CodeReference& reference : m_texts->references)
        links.push_back(reference.at);
    text->setLinks(std::move(links));
}

/// To the line of code that the line of output names.
void Inspector::followReference(int line)
{
    const auto reference = std::ranges::find(m_texts->references, line, &CodeReference::at);
    if (reference == m_texts->references.end())
        return;
    m_wantedCell = cellWithNumber(m_run.tree(), m_node, reference->cell);
    m_wantedLine = reference->line;
    if (m_wantedCell == m_node)
        showWantedLine();
    else if (m_wantedCell != noNode)
        Q_EMIT chosen(m_wantedCell);
}

void Inspector::showWantedLine()
{
    if (m_wantedCell == noNode || std::exchange(m_wantedCell, noNode) != m_node)
        return;
    showTab(Cell);
    view(Cell)->showLine(m_wantedLine - 1);
    view(Cell)->setFocus();
}

void Inspector::fillConversation()
{
    CodeView* const text = view(Conversation);
    const bool isSameNode = std::exchange(m_filledNode, m_node) == m_node;
    const bool showedEnd = text->showsEnd();
    const int line = text->firstVisibleLine();
    m_arrived = 0;
    std::vector<CodeView::Section> sections;
    for (const NodeTexts::Part& part : m_texts->conversation)
        sections.push_back({part.heading, part.text, !part.isNew});
    text->setSections(sections, Syntax::Markdown);
    text->setPlaceholder(tr("What the model is told and what it replies appears here."));
    // The eye stays where it was when the reply is complete.
    if (isSameNode && showedEnd)
        text->scrollToEnd();
    else if (isSameNode)
        text->scrollToLine(line);
}

} // namespace burrow
