#pragma once

#include <QByteArray>

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace burrow {

/// One frame of protocol.h, undecoded: the header is JSON text.
struct Frame {
    QByteArray header;
    std::vector<QByteArray> parts;
};

/// The bytes of a frame, ready to be written one after the other. The parts are shared, never joined: a batch
/// may hold hundreds of MB.
std::vector<QByteArray> encodeFrame(const nlohmann::json& header, std::vector<QByteArray> parts = {});

} // namespace burrow
