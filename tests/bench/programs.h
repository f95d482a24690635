#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>

#include <expected>

namespace burrow::bench {

/// What a benchmark returns, or one line saying why there is no figure.
template <typename T> using Measured = std::expected<T, QString>;

/// A program that was run to its end.
struct Finished {
    QByteArray output;
    double seconds = 0; ///< from its start to its end
    double peakAnonymousMb = 0; ///< the most that it and its children held at once; 0 where nobody looked
};

/// The path of the program @p name that stands beside this one.
QString besideThis(const QString& name);

enum class Memory { Ignore, Watch };

/// Runs the program @p name that stands beside this one. An exit status other than 0 is an error.
Measured<Finished> runBeside(
    const QString& name, const QStringList& arguments, Memory memory = Memory::Ignore);

/// What `burrow-cli ask --json` reported.
struct Asked {
    double firstRequest = 0; ///< seconds from the program's start
    double seconds = 0; ///< from the program's start to its end
    double peakAnonymousMb = 0;
    QString runFile;
};

/// A scripted server in a process of its own, which ends with this object.
class Server {
public:
    /// Each model's replies by turn, as JSON: see scripted_server_main.cpp.
    Server(const QByteArray& script, int latencyMs = 0);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    QString baseUrl() const { return m_baseUrl; }

    /// Asks a question about @p document with the models `root` and `sub` of the script.
    Measured<Asked> ask(
        const QString& document, const QStringList& options = {}, Memory memory = Memory::Ignore) const;

private:
    QProcess m_process;
    QString m_baseUrl;
};

} // namespace burrow::bench
