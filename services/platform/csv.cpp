#include "platform/csv.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "values/errors.h"

namespace platform {
namespace {

constexpr std::size_t kBufferBytes = 1 << 18;
constexpr std::size_t kLongestRecord = 1 << 20;

/// Windows-1252 from 0x80 to 0x9F as code points; 0 where undefined. The rest is Latin-1.
constexpr std::array<std::uint16_t, 32> kWindows1252{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void appendUtf8(std::string& out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

/// How many bytes the well-formed sequence at the start of `text` has; 0 where there is none.
std::size_t sequenceLength(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto isTail = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
    const unsigned lead = at(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return isTail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (lead == 0xE0 && at(1) < 0xA0) return 0;  // overlong
        if (lead == 0xED && at(1) > 0x9F) return 0;  // surrogate
        return isTail(1) && isTail(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0 && at(1) < 0x90) return 0;
        if (lead == 0xF4 && at(1) > 0x8F) return 0;
        return isTail(1) && isTail(2) && isTail(3) ? 4 : 0;
    }
    return 0;
}

/// Checks well-formed UTF-8 piece by piece, however the pieces fall.
class Utf8Check {
public:
    bool accept(std::string_view piece) {
        rest_ += piece;
        std::size_t at = 0;
        while (at < rest_.size()) {
            const auto length = sequenceLength(std::string_view(rest_).substr(at));
            if (length == 0) {
                if (rest_.size() - at < 4) break;  // may go on in the next piece
                return false;
            }
            at += length;
        }
        rest_.erase(0, at);
        return true;
    }
    bool isComplete() const { return rest_.empty(); }

private:
    std::string rest_;
};

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File openToRead(const std::string& path) {
    File file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file) throw values::NotFound("cannot read " + path);
    return file;
}

}  // namespace

bool isUtf8(std::string_view text) {
    Utf8Check check;
    return check.accept(text) && check.isComplete();
}

std::string_view trimmed(std::string_view text) {
    const auto strip = [&](std::string_view what, bool front) {
        if (front ? text.substr(0, what.size()) != what
                  : text.size() < what.size() || text.substr(text.size() - what.size()) != what)
            return false;
        if (front) text.remove_prefix(what.size());
        else text.remove_suffix(what.size());
        return true;
    };
    constexpr std::array<std::string_view, 6> kSpaces{" ", "\t", "\r", "\n", "\xC2\xA0", "\xEF\xBB\xBF"};
    const auto stripAny = [&](bool front) {
        return std::ranges::any_of(kSpaces, [&](auto space) { return !text.empty() && strip(space, front); });
    };
    while (stripAny(true)) {
    }
    while (stripAny(false)) {
    }
    return text;
}

Encoding encodingOf(const std::string& path) {
    const auto file = openToRead(path);
    std::vector<char> buffer(kBufferBytes);
    Utf8Check check;
    bool isFirst = true;
    while (const auto got = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
        std::string_view piece(buffer.data(), got);
        if (isFirst && (piece.starts_with("\xFF\xFE") || piece.starts_with("\xFE\xFF")))
            return Encoding::utf16;
        if (isFirst && piece.starts_with("\xEF\xBB\xBF")) return Encoding::utf8;
        isFirst = false;
        if (!check.accept(piece)) return Encoding::windows1252;
    }
    return check.isComplete() ? Encoding::utf8 : Encoding::windows1252;
}

CsvReader::CsvReader(const std::string& path, Encoding encoding, char delimiter)
    : file_(openToRead(path)),
      isWindows1252_(encoding == Encoding::windows1252),
      delimiter_(delimiter),
      buffer_(kBufferBytes) {
    if (fill() && std::string_view(buffer_.data(), filled_).starts_with("\xEF\xBB\xBF")) position_ = 3;
}

bool CsvReader::fill() {
    position_ = 0;
    filled_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
    return filled_ > 0;
}

int CsvReader::get() {
    if (position_ == filled_ && !fill()) return EOF;
    return static_cast<unsigned char>(buffer_[position_++]);
}

int CsvReader::peek() {
    if (position_ == filled_ && !fill()) return EOF;
    return static_cast<unsigned char>(buffer_[position_]);
}

void CsvReader::beginCell() { cells_.push_back({text_.size(), text_.size(), false, false}); }

void CsvReader::endCell() {
    auto& cell = cells_.back();
    std::string_view raw = std::string_view(text_).substr(cell.begin);
    const bool hasHighByte =
        std::ranges::any_of(raw, [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
    // UTF-8 that a byte-order mark promised and that is none is decoded as well: whatever goes on from here
    // is text.
    if (hasHighByte && (isWindows1252_ || !isUtf8(raw))) {
        std::string decoded;
        for (const char c : raw) {
            const auto byte = static_cast<unsigned char>(c);
            unsigned code = byte;
            if (byte >= 0x80 && !isWindows1252_) code = 0;
            else if (byte >= 0x80 && byte <= 0x9F) code = kWindows1252[byte - 0x80];
            if (code == 0 && byte != 0) {
                cell.hasUndefinedByte = true;
                code = 0xFFFD;
            }
            appendUtf8(decoded, code);
        }
        text_.replace(cell.begin, std::string::npos, decoded);
        raw = std::string_view(text_).substr(cell.begin);
    }
    const auto inner = trimmed(raw);
    cell.begin += static_cast<std::size_t>(inner.data() - raw.data());
    cell.end = cell.begin + inner.size();
}

bool CsvReader::next() {
    text_.clear();
    cells_.clear();
    fault_.reset();
    if (peek() == EOF) return false;
    ++record_;
    beginCell();
    bool isInQuotes = false;
    bool isAfterQuotes = false;
    for (;;) {
        const int c = get();
        if (isInQuotes) {
            if (c == EOF || text_.size() > kLongestRecord) {
                fault_ = "Close the quotation mark that opens in this row.";
                break;
            }
            if (c != '"') {
                text_ += static_cast<char>(c);
            } else if (peek() == '"') {
                text_ += static_cast<char>(get());
            } else {
                isInQuotes = false;
                isAfterQuotes = true;
            }
            continue;
        }
        if (c == EOF || c == '\n') break;
        if (c == '\r') {
            if (peek() == '\n') get();
            break;
        }
        if (c == delimiter_) {
            endCell();
            beginCell();
            isAfterQuotes = false;
        } else if (c == '"' && !isAfterQuotes &&
                   trimmed(std::string_view(text_).substr(cells_.back().begin)).empty()) {
            text_.resize(cells_.back().begin);
            cells_.back().isQuoted = true;
            isInQuotes = true;
        } else if (isAfterQuotes && c != ' ') {
            fault_ = "Put nothing between a closing quotation mark and the next comma.";
        } else {
            text_ += static_cast<char>(c);
            if (text_.size() > kLongestRecord) {
                fault_ = "Keep a row under a million characters.";
                break;
            }
        }
    }
    endCell();
    return true;
}

std::string_view CsvReader::cell(std::size_t position) const {
    if (position >= cells_.size()) return {};
    return std::string_view(text_).substr(cells_[position].begin,
                                          cells_[position].end - cells_[position].begin);
}

bool CsvReader::isBlank() const {
    return std::ranges::all_of(cells_, [](const Cell& cell) { return cell.begin == cell.end; });
}

char delimiterOf(const std::string& path, Encoding encoding) {
    char found = ',';
    std::size_t most = 0;
    for (const char delimiter : {',', ';', '\t'}) {
        CsvReader reader(path, encoding, delimiter);
        if (!reader.next() || reader.size() <= most) continue;
        most = reader.size();
        found = delimiter;
    }
    return found;
}

}  // namespace platform
