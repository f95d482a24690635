#pragma once

#include <QObject>

namespace burrow {

/// Whether stderr is a terminal that understands control sequences.
bool stderrIsTerminal();
/// How wide that terminal is now; 80 where it does not say.
int stderrColumns();

/// Turns Ctrl+C and a request to terminate into signals on the event loop. At most one at a time.
class Interrupts : public QObject {
    Q_OBJECT
public:
    explicit Interrupts(QObject* parent = nullptr);
    ~Interrupts() override;

Q_SIGNALS:
    void interrupted(); ///< Ctrl+C
    void terminated();

private:
    void drain();
};

} // namespace burrow
