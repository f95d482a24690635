// The headers that many of the project's files include and that rarely change. More is not faster: a compiler
// loads all of it for each file.
#pragma once

#include <QByteArray>
#include <QCoreApplication>
#include <QFile>
#include <QHash>
#include <QObject>
#include <QString>
#include <QTimer>

#include <qcorotask.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <variant>
#include <vector>
