#pragma once

#include "attempt.h"
#include "outcome.h"
#include "witness.h"

#include "host/guest_repl.h"
#include "host/sandboxed_repl_factory.h"

#include <QTimer>

#include <functional>

namespace burrow::escapes {

/// Where the parts of the sandbox and the attempts lie, readable for every user.
struct Parts {
    QString folder;

    QString path(const char* name) const { return folder + u'/' + QLatin1StringView(name); }
    QString launcher(Protection protection) const
    {
        return path(protection == Protection::None ? "burrow-unprotected" : "burrow-sandbox");
    }
};

/// Makes one attempt, in a process of its own: this one is the host that a guest tries to get at.
class Trial : private HostCalls {
public:
    Trial(Attempt attempt, Protection protection, Parts parts, Stage stage, QByteArray prelude);
    ~Trial() override;

    /// Runs the attempt to its end. For an attempt that needs a killed host, @p beforeTheEnd hears the
    /// outcome and this process dies.
    Outcome run(std::function<void(const Outcome&)> beforeTheEnd);

private:
    Task<QueryOutcome> query(NodePath, QueryBatch batch, StopToken) override;

    SandboxOptions options() const;
    ReplSpec spec(const QByteArray& text) const;
    std::unique_ptr<Repl> start(ReplSpec spec);
    void startNeighbour();
    std::unique_ptr<Repl> startGuest();
    void attempt(GuestRepl& repl);
    CellOutput runCell(Repl& repl, const QByteArray& code);
    void goOn(Repl& repl);
    void listenTo(const CellOutput& output);
    void sample();
    void note(const char* witness, const QString& what);
    void noteProcesses();

    Attempt m_attempt;
    Protection m_protection;
    Parts m_parts;
    Stage m_stage;
    QByteArray m_prelude;
    std::vector<std::unique_ptr<Witness>> m_witnesses;
    SandboxedReplFactory m_factory;
    std::unique_ptr<Repl> m_neighbour;
    qint64 m_neighbourPid = 0;
    QByteArray m_heard; ///< all that the guest has said
    QTimer m_sampling;
    qint64 m_guest = 0; ///< the process that makes the attempt
    qsizetype m_mostTasks = 0;
    qint64 m_ownMemory; ///< bytes, before the attempt
    Outcome m_outcome;
};

} // namespace burrow::escapes
