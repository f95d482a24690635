#include "trajectory/recorder.h"

#include "trajectory/json_codec.h"

namespace burrow {

Recorder::Recorder(RunFile& file, const Clock& clock, RunFeed* feed)
    : m_file(file), m_clock(clock), m_feed(feed)
{
}

Result<void> Recorder::openRun(RunInfo info)
{
    Event opened = event(EventKind::RunOpened, NodeState::Running);
    return takeUp().and_then([&] { return putText(opened.body, info.toJson()); }).and_then([&] {
        return append(opened);
    });
}

Result<void> Recorder::takeUp()
{
    const Result<qint64> last = readAll(m_file, [&](std::span<const Event> events) {
        m_tree.apply(events);
        m_recording.add(events);
        if (m_feed)
            m_feed->append(events);
    });
    if (!last)
        return std::unexpected(last.error());
    m_recording.finish();
    for (const Event& mark : closingMarks(m_tree, m_file.nextSeq()))
        if (const auto appended = append(mark); !appended)
            return appended;
    return {};
}

Result<void> Recorder::closeRun(RunState state, QByteArray answer)
{
    Event closed = event(EventKind::RunClosed, NodeState::Running);
    closed.detail = quint8(state);
    return putText(closed.body, answer).and_then([&] { return append(closed); }).and_then([&] {
        return sync();
    });
}

Result<void> Recorder::openRlm(NodePath path, RlmStart start)
{
    const NodeIndex known = m_tree.findPath(path);
    if (known != noNode
        && (m_tree.node(known).state == NodeState::Ok || m_tree.node(known).state == NodeState::Running))
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

Result<void> Recorder::putText(BlobId& place, const QByteArray& text)
{
    return m_file.put(text).transform([&](BlobId id) { place = id; });
}

Result<void> Recorder::append(Event event)
{
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
