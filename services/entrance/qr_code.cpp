#include "entrance/qr_code.h"

#include <qrencode.h>

#include <memory>
#include <stdexcept>

namespace entrance {
namespace {
constexpr int kBorder = 4;
}

QrCode qrCode(const std::string& text) {
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (!code) throw std::runtime_error("a QR code cannot hold this text");
    QrCode picture{code->width + 2 * kBorder, ""};
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x)
            if ((code->data[y * code->width + x] & 1U) != 0)
                picture.path +=
                    "M" + std::to_string(x + kBorder) + " " + std::to_string(y + kBorder) + "h1v1h-1z";
    return picture;
}

}  // namespace entrance
