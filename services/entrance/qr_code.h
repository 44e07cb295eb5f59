#pragma once

#include <string>

namespace entrance {

/// A QR code as one path of squares, for an SVG picture of `size` by `size` units, its quiet border included.
struct QrCode {
    int size;
    std::string path;
};

/// Throws std::runtime_error for a text that is too long for one.
QrCode qrCode(const std::string& text);

}  // namespace entrance
