#pragma once

#include "trial.h"
#include "verdict.h"

#include <QElapsedTimer>
#include <QProcess>

namespace burrow::escapes {

/// Which attempt is made, in what sandbox, by whom.
struct Plan {
    const Attempt* attempt = nullptr;
    Protection protection = Protection::Full;
    bool asRoot = false;
};

/// What all runs share.
struct Workshop {
    Parts parts;
    unsigned user = 0; ///< the ordinary user's id, where this process is root; else 0
};

/// One attempt from its start in a process of its own until nothing of it is left.
class Run final : public QObject {
    Q_OBJECT
public:
    Run(Plan plan, const Workshop& workshop, QString stage);
    ~Run() override;

    void start();
    const Plan& plan() const { return m_plan; }
    const Verdict& verdict() const { return m_verdict; }
    qint64 process() const { return m_process.processId(); }

Q_SIGNALS:
    void finished(burrow::escapes::Run* run);

private:
    void takeOutcome(QProcess::ExitStatus how);
    void awaitSilence();
    void finish();

    Plan m_plan;
    QString m_stage;
    QProcess m_process;
    QTimer m_deadline;
    QTimer m_polling;
    QElapsedTimer m_sinceEnd;
    bool m_hasRemains = false;
    Outcome m_outcome;
    Verdict m_verdict;
};

} // namespace burrow::escapes
