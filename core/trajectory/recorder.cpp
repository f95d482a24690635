#include "trajectory/recorder.h"

#include "trajectory/difference.h"
#include "trajectory/json_codec.h"

namespace burrow {

namespace {

// Of a text that the file does not hold, in a session that writes nothing.
constexpr auto notStored = BlobId(-1);

} // namespace

Recorder::Recorder(RunFile& file, const Clock& clock, RunFeed* feed)
    : m_file(file), m_clock(clock), m_feed(feed)
{
}

Result<void> Recorder::openRun(RunInfo info, int branch, RecordMode mode)
{
    m_branch = branch;
    m_mode = mode;
    // A replay reads little of what it compares: a text is looked up by the hash that it should have.
    if (verifies())
        return m_file.check().and_then([&] { return takeUp(); });
    Event opened = event(EventKind::RunOpened, NodeState::Running);
    return takeUp().and_then([&] { return putText(opened.body, info.toJson()); }).and_then([&] {
        return append(opened);
    });
}

Result<void> Recorder::takeUp()
{
    const std::vector<Branch>& branches = m_file.branches();
    const auto self = std::ranges::find(branches, m_branch, &Branch::id);
    const int parent = self == branches.end() ? 0 : self->parent;
    const Lineage source(branches, parent);
    const Lineage own(branches, m_branch);
    if (verifies()) {
        m_recording.serve(Recording::Failures::All);
    } else if (parent != 0) {
        // What failed there is tried again here.
        m_source = std::make_unique<Source>();
        m_source->recording.serve(Recording::Failures::None);
    }

    Result<void> edits;
    std::vector<Event> copied;
    const Result<qint64> last = readAll(m_file, [&](std::span<const Event> all) {
        std::vector<Event> seen;
        if (branches.size() > 1)
            seen = own.seen(all);
        const std::span<const Event> events = branches.size() > 1 ? seen : all;
        m_tree.apply(events);
        m_recording.add(events);
        if (m_feed)
            m_feed->append(events);
        for (const Event& event : events) {
            if (event.kind == EventKind::Edited && edits)
                edits = takeEdit(event);
            if (event.branch == m_branch && event.reused)
                copied.push_back(event);
        }
        if (m_source) {
            const std::vector<Event> theirs = source.seen(all);
            m_source->tree.apply(theirs);
            m_source->recording.add(theirs);
        }
    });
    if (!last || !edits)
        return last ? edits : std::unexpected(last.error());
    m_recording.finish();
    if (m_source) {
        m_source->recording.finish(self->forkSeq);
        markCopied(copied);
    }
    m_recorded = m_tree.totals();
    std::vector<Event> marks = closingMarks(m_tree, m_file.nextSeq());
    if (verifies()) {
        m_tree.apply(marks);
        return {};
    }
    for (Event& mark : marks) {
        mark.branch = m_branch;
        if (const auto appended = append(mark); !appended)
            return appended;
    }
    return {};
}

Result<void> Recorder::takeEdit(const Event& event)
{
    const Result<QByteArray> json = m_file.text(event.extra);
    const Result<QByteArray> text = json.and_then([&](const QByteArray&) { return m_file.text(event.body); });
    if (!text)
        return std::unexpected(text.error());
    if (std::optional<Edit> edit = decodeEdit(*json, *text); edit && edit->kind != Edit::Kind::Nothing)
        m_edits.add(std::move(*edit));
    return {};
}

/// What an earlier session of this branch was served must not be served a second time.
void Recorder::markCopied(std::span<const Event> events)
{
    for (const Event& event : events)
        if (event.kind == EventKind::RequestSent)
            m_source->recording.markServed(m_tree.path(m_tree.findId(event.node)), event.body);
}

Result<void> Recorder::closeRun(RunState state, QByteArray answer)
{
    if (verifies())
        return verifyEnd(state, answer);
    Event closed = event(EventKind::RunClosed, NodeState::Running);
    closed.detail = quint8(state);
    return putText(closed.body, answer).and_then([&] { return append(closed); }).and_then([&] {
        return sync();
    });
}

Result<void> Recorder::verifyEnd(RunState state, const QByteArray& answer)
{
    if (m_failure && m_failure->code == ErrorCode::ReplayDiverged)
        return std::unexpected(*m_failure);
    // Where it did not come to an end, there is none to compare.
    const bool hasEnd = m_recorded.state == RunState::Answered || m_recorded.state == RunState::Limit;
    const Result<QByteArray> recorded = m_file.text(m_recorded.answer);
    if (!recorded)
        return std::unexpected(recorded.error());
    const NodePath root = m_tree.path(m_tree.roots().empty() ? noNode : m_tree.roots().back());
    if (hasEnd && state != m_recorded.state)
        return diverged(root, tr("the run ended in another way"));
    if (hasEnd && *recorded != answer)
        return diverged(root, tr("the answer, %1").arg(firstDifference(*recorded, answer)));
    return {};
}

Result<void> Recorder::openRlm(NodePath path, RlmStart start)
{
    const NodeIndex known = m_tree.findPath(path);
    if (known != noNode
        && (verifies() || m_tree.node(known).state == NodeState::Ok
            || m_tree.node(known).state == NodeState::Running))
        return {};
    Event opened = event(EventKind::NodeOpened, NodeState::Running);
    return place(opened, path, NodeKind::Rlm)
        .and_then([&] { return m_file.putModel(start.model); })
        .transform([&](ModelId model) { opened.model = model; })
        .and_then([&] { return putText(opened.body, start.prompt); })
        .and_then([&] { return putText(opened.extra, start.context); })
        .and_then([&] { return append(opened); });
}

Result<void> Recorder::closeRlm(NodePath path, NodeState state, QByteArray answer)
{
    Event closed = event(EventKind::NodeClosed, state);
    if (const auto placed
        = place(closed, path, NodeKind::Rlm).and_then([&] { return putText(closed.body, answer); });
        !placed)
        return placed;
    const NodeIndex known = m_tree.findId(closed.node);
    if (known != noNode && m_tree.node(known).state == state && m_tree.node(known).output == closed.body)
        return {};
    return append(closed);
}

Result<void> Recorder::note(NodePath path, NoteKind kind, QByteArray text)
{
    Event note = event(EventKind::Note, NodeState::Running);
    note.detail = quint8(kind);
    const NodeIndex node = m_tree.findPath(path);
    note.node = node == noNode ? 0 : m_tree.node(node).id;
    if (const auto put = putText(note.body, text); !put)
        return put;
    if (m_recording.takeNote(note))
        return {};
    return append(note);
}

Result<void> Recorder::paused(bool isPaused)
{
    Event note = event(EventKind::Note, NodeState::Running);
    note.detail = quint8(isPaused ? NoteKind::Paused : NoteKind::Resumed);
    return verifies() ? Result<void>() : append(note);
}

Result<void> Recorder::limitReached(NodePath path, QByteArray text)
{
    Event reached = event(EventKind::LimitReached, NodeState::Running);
    const NodeIndex node = m_tree.findPath(path);
    reached.node = node == noNode ? 0 : m_tree.node(node).id;
    if (const auto put = putText(reached.body, text); !put)
        return put;
    if (m_recording.takeNote(reached))
        return {};
    return append(reached);
}

Event Recorder::event(EventKind kind, NodeState state) const
{
    Event event;
    event.time = m_clock.now();
    event.kind = kind;
    event.state = state;
    event.branch = m_branch;
    return event;
}

Result<void> Recorder::place(Event& event, const NodePath& path, NodeKind kind)
{
    const NodePath parentPath = path.parent();
    NodeIndex parent = m_tree.findPath(parentPath);
    if (parent == noNode && !parentPath.isEmpty()) {
        // Nobody announced the parent: it opens without a text.
        const NodeKind parentKind = RunTree::kindOf(parentPath);
        Event opened = this->event(EventKind::NodeOpened, NodeState::Running);
        const auto done
            = place(opened, parentPath, parentKind == NodeKind::Completion ? NodeKind::Rlm : parentKind)
                  .and_then([&] { return append(opened); });
        if (!done)
            return done;
        parent = m_tree.findPath(parentPath);
    }
    if (const NodeIndex known = m_tree.findChild(parent, kind, path.ordinal()); known != noNode) {
        event.node = m_tree.node(known).id;
        return {};
    }
    event.node = m_file.nextSeq();
    event.parent = parent == noNode ? 0 : m_tree.node(parent).id;
    event.nodeKind = kind;
    event.ordinal = path.ordinal();
    return {};
}

Result<BlobId> Recorder::keep(const QByteArray& text)
{
    BlobId id = BlobId::None;
    return putText(id, text).transform([&] { return id; });
}

Result<void> Recorder::putText(BlobId& place, const QByteArray& text)
{
    if (verifies() && !text.isEmpty())
        return m_file.find(m_file.hashOf(text)).transform([&](BlobId id) {
            place = id == BlobId::None ? notStored : id;
        });
    if (verifies())
        return {};
    return m_file.put(text).transform([&](BlobId id) { place = id; });
}

NodePath Recorder::pathOf(const Event& event) const
{
    if (!event.opensNode())
        return m_tree.path(m_tree.findId(event.node));
    const NodePath parent = m_tree.path(m_tree.findId(event.parent));
    switch (event.nodeKind) {
    case NodeKind::Turn:
        return parent.turn(event.ordinal);
    case NodeKind::Cell:
        return parent.cell(event.ordinal);
    case NodeKind::Compaction:
        return parent.compaction(event.ordinal);
    case NodeKind::Final:
        return parent.final();
    case NodeKind::Rlm:
    case NodeKind::Completion:
        break;
    }
    return parent.isEmpty() ? NodePath::root(event.ordinal) : parent.call(event.ordinal);
}

std::unexpected<Error> Recorder::diverged(const NodePath& path, const QString& what)
{
    if (!m_failure)
        m_failure = Error{ErrorCode::ReplayDiverged,
            tr("The replay differs from the recording at %1: %2.")
                .arg(path.isEmpty() ? tr("the run as a whole") : QString::fromUtf8(path.text()), what)};
    return std::unexpected(*m_failure);
}

Result<void> Recorder::append(Event event)
{
    if (verifies())
        return diverged(pathOf(event), tr("something happened that is not on record"));
    return m_file.append(event).transform([&] {
        m_tree.apply(std::span(&event, 1));
        m_uncommitted.push_back(event);
        commitSoon();
    });
}

void Recorder::commitSoon()
{
    if (!std::exchange(m_commitsSoon, true))
        QMetaObject::invokeMethod(&m_context, [this] { (void)commit(); }, Qt::QueuedConnection);
}

Task<Result<void>> Recorder::committed()
{
    if (m_uncommitted.empty())
        co_return m_file.commit();
    const Completion<Result<void>> done = m_waiting.emplace_back();
    co_return co_await done;
}

Result<void> Recorder::sync()
{
    if (verifies())
        return {};
    return commit().and_then([&] { return m_file.sync(); });
}

/// A failure is not lost where nobody waits: every further call fails with it.
Result<void> Recorder::commit()
{
    m_commitsSoon = false;
    const Result<void> committed = m_file.commit();
    if (committed && m_feed) {
        if (m_modelsFed != m_file.models().size()) {
            m_feed->setModels(m_file.models());
            m_modelsFed = m_file.models().size();
        }
        m_feed->append(m_uncommitted);
    }
    m_uncommitted.clear();
    for (Completion<Result<void>>& waiting : std::exchange(m_waiting, {}))
        waiting.resolve(committed);
    return committed;
}

} // namespace burrow
