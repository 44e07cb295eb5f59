#include "intake/record_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "platform/csv.h"
#include "values/text.h"

namespace intake {
namespace {

using values::Date;

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool areDigits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, isDigit); }

/// Runs of white space become one space: a line break within a cell is no difference.
std::string collapsed(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool isSpace = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!isSpace) out += c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// `1.23E+12`: what a spreadsheet makes of a long number.
bool isScientific(std::string_view text) {
    const auto e = text.find_first_of("eE");
    if (e == std::string_view::npos || e == 0) return false;
    auto mantissa = std::string(text.substr(0, e));
    std::erase(mantissa, '.');
    auto exponent = text.substr(e + 1);
    if (!exponent.empty() && exponent.front() == '+') exponent.remove_prefix(1);
    return text.find('.') != std::string_view::npos && areDigits(mantissa) && areDigits(exponent);
}

/// A unique pupil number: letter, then 12 digits, or 11 digits and a letter, with a check letter.
bool isPupilNumber(std::string_view text) {
    static constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
    if (text.size() != 13 || !areDigits(text.substr(1, 11))) return false;
    int sum = 0;
    for (std::size_t i = 1; i < 13; ++i) {
        const auto letter = kLetters.find(text[i]);
        if (!isDigit(text[i]) && (i != 12 || letter == std::string_view::npos)) return false;
        sum += (isDigit(text[i]) ? text[i] - '0' : static_cast<int>(letter)) * static_cast<int>(i + 1);
    }
    return text[0] == kLetters[static_cast<std::size_t>(sum % 23)];
}

/// A postcode with its space, such as `LS1 4AP`.
bool isPostcode(std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos || space < 2 || space > 4 || text.size() - space != 4) return false;
    const auto isLetter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return isLetter(text[0]) && std::ranges::any_of(text.substr(0, space), isDigit) &&
           isDigit(text[space + 1]) && isLetter(text[space + 2]) && isLetter(text[space + 3]);
}

struct DayMonthYear {
    std::string_view day, month, year;
};

/// Three groups of digits between two of the same separator.
std::optional<DayMonthYear> groupsOf(std::string_view text, char separator) {
    const auto first = text.find(separator);
    const auto second = first == std::string_view::npos ? first : text.find(separator, first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const DayMonthYear parts{text.substr(0, first), text.substr(first + 1, second - first - 1),
                             text.substr(second + 1)};
    if (!areDigits(parts.day) || !areDigits(parts.month) || !areDigits(parts.year)) return std::nullopt;
    return parts;
}

int numberOf(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// Without a time behind the date: `2025-04-01T00:00:00`, `01/04/2025 00:00`.
std::string_view withoutTime(std::string_view text) {
    const auto end = text.find_first_of(" T");
    if (end == std::string_view::npos || text.find(':', end) == std::string_view::npos) return text;
    return text.substr(0, end);
}

}  // namespace

RecordReader::RecordReader(const std::string& path, std::string name, FileType type,
                           const guidance::Catalogue& catalogue, Problems& problems, const Mapping* mapping)
    : name_(std::move(name)),
      type_(std::move(type)),
      catalogue_(catalogue),
      problems_(problems),
      mapping_(mapping),
      values_(type_.columns.size()),
      given_(type_.columns.size()) {
    if (!openFile(path)) rows_.reset();
}

RecordReader::RecordReader(std::unique_ptr<platform::RowReader> rows, std::string name, FileType type,
                           const guidance::Catalogue& catalogue, Problems& problems)
    : name_(std::move(name)),
      type_(std::move(type)),
      catalogue_(catalogue),
      problems_(problems),
      rows_(std::move(rows)),
      values_(type_.columns.size()),
      given_(type_.columns.size()) {
    rows_->next();
    matchHeader(false);
}

bool RecordReader::openFile(const std::string& path) {
    const auto encoding = platform::encodingOf(path);
    if (encoding == platform::Encoding::utf16) {
        problems_.add(name_, 1, "", "UTF-16", "Save the file as CSV UTF-8 and send it again.");
        return false;
    }
    // A comma, unless the header only makes sense with another delimiter.
    for (const char delimiter : {',', ';', '\t'}) {
        rows_ = std::make_unique<platform::CsvReader>(path, encoding, delimiter);
        if (rows_->next() && matchHeader(false)) return true;
    }
    rows_ = std::make_unique<platform::CsvReader>(path, encoding, ',');
    if (!rows_->next()) {
        problems_.add(name_, 1, "", "", "Put the names of the columns in the first row; the file is empty.");
        return false;
    }
    matchHeader(true);
    return false;
}

bool RecordReader::matchHeader(bool reportsProblems) {
    positions_.assign(type_.columns.size(), std::nullopt);
    ignored_.clear();
    width_ = 0;
    bool isRight = true;
    for (std::size_t i = 0; i < rows_->size(); ++i) {
        const auto header = rows_->cell(i);
        if (header.empty()) continue;
        width_ = i + 1;
        const auto wanted = mapping_ == nullptr ? folded(header) : folded(mapping_->columnOf(header));
        const auto rule =
            std::ranges::find_if(type_.columns, [&](const auto& r) { return folded(r.name) == wanted; });
        if (rule == type_.columns.end()) {
            if (header != kReasonColumn) ignored_.emplace_back(header);
            continue;
        }
        auto& position = positions_[static_cast<std::size_t>(rule - type_.columns.begin())];
        if (position) {
            isRight = false;
            if (reportsProblems)
                problems_.add(name_, 1, rule->name, std::string(header), "Give each column once.");
        }
        position = i;
    }
    for (std::size_t i = 0; i < type_.columns.size(); ++i) {
        const auto& rule = type_.columns[i];
        const bool isConstant = mapping_ != nullptr && mapping_->constants.contains(rule.name);
        if (positions_[i] || isConstant || !rule.isRequired) continue;
        isRight = false;
        if (reportsProblems) problems_.add(name_, 1, rule.name, "", "Add the column " + rule.name + ".");
    }
    return isRight;
}

bool RecordReader::isRightWidth() {
    std::size_t filled = rows_->size();
    while (filled > width_ && rows_->cell(filled - 1).empty()) --filled;
    if (filled == width_) return true;
    note("", std::to_string(filled) + " cells",
         "Give each row " + std::to_string(width_) + " cells, as the header has.");
    return false;
}

bool RecordReader::next() {
    if (!rows_) return false;
    while (rows_->next()) {
        if (rows_->isBlank() && !rows_->fault()) continue;
        if (passedOver_ != nullptr && passedOver_->contains(rows_->record())) continue;
        isFaulty_ = false;
        std::ranges::fill(values_, std::nullopt);
        given_.assign(given_.size(), false);
        if (rows_->fault()) {
            note("", "", *rows_->fault());
            return true;
        }
        if (!isRightWidth()) return true;
        for (std::size_t i = 0; i < type_.columns.size(); ++i) {
            const auto& rule = type_.columns[i];
            if (positions_[i]) {
                given_[i] = rows_->isGiven(*positions_[i]);
                if (given_[i] || rule.isRequired) values_[i] = read(rule, *positions_[i]);
            } else if (mapping_ != nullptr && mapping_->constants.contains(rule.name)) {
                given_[i] = true;
                values_[i] = readText(rule, mapping_->constants.at(rule.name), false);
            }
        }
        checkTogether();
        return true;
    }
    return false;
}

/// What the columns say of one another: days that follow each other, and what one word asks another column
/// for.
void RecordReader::checkTogether() {
    for (std::size_t i = 0; i < type_.columns.size(); ++i) {
        const auto& rule = type_.columns[i];
        if (values_[i] && !rule.notBefore.empty()) {
            const std::string* latest = nullptr;
            const char* latestName = nullptr;
            for (const auto before : rule.notBefore) {
                if (!values_[before] || (latest != nullptr && *values_[before] < *latest)) continue;
                latest = &*values_[before];
                latestName = type_.columns[before].name.c_str();
            }
            if (latest != nullptr && *values_[i] < *latest)
                problem(i, std::string("Give a day on or after ") + latestName + ", " +
                               values::Date::fromIso(*latest)->text() + ".");
        }
        if (values_[i]) continue;
        for (const auto& [other, words] : rule.requiredWith) {
            const auto& value = values_[other];
            if (isFaulty_ || !value) continue;
            if (words.empty())
                problem(i, "Fill in " + rule.name + ", because " + type_.columns[other].name + " is given.");
            else if (std::ranges::find(words, *value) != words.end())
                problem(i, "Fill in " + rule.name + ", because " + type_.columns[other].name + " is “" +
                               *value + "”.");
        }
    }
}

void RecordReader::problem(std::size_t column, const std::string& wanted) {
    const auto& rule = type_.columns[column];
    const auto raw = positions_[column] ? std::string(rows_->cell(*positions_[column])) : "";
    note(rule.name, rule.type == ColumnType::child ? "" : raw, wanted);
}

void RecordReader::note(const std::string& column, std::string got, const std::string& wanted) {
    isFaulty_ = true;
    problems_.add(name_, rows_->record(), column, std::move(got), wanted);
}

std::optional<std::string> RecordReader::read(const ColumnRule& rule, std::size_t position) {
    if (rows_->hasUndefinedByte(position)) {
        note(rule.name, rule.type == ColumnType::child ? "" : std::string(rows_->cell(position)),
             "Type this again: it holds a character that no known encoding has. Then save as CSV UTF-8.");
        return std::nullopt;
    }
    return readText(rule, rows_->cell(position), rows_->isQuoted(position));
}

std::optional<std::string> RecordReader::readText(const ColumnRule& rule, std::string_view cell,
                                                  bool isQuoted) {
    // Spreadsheets put an apostrophe before text that looks like a number.
    if (cell.size() > 1 && cell.front() == '\'') cell = platform::trimmed(cell.substr(1));
    if (mapping_ != nullptr) cell = mapping_->wordFor(rule.name, cell);
    if (cell.empty()) {
        if (rule.isRequired) note(rule.name, "", "Fill in " + rule.name + "; it is needed in every row.");
        return std::nullopt;
    }
    const std::string text(cell);
    if (rule.type != ColumnType::child && std::ranges::any_of(text, [](char c) {
            return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
        })) {
        note(rule.name, text, "Leave out control characters.");
        return std::nullopt;
    }
    switch (rule.type) {
        case ColumnType::date:
            return readDate(rule, text);
        case ColumnType::whole:
            return readWhole(rule, text, isQuoted);
        case ColumnType::decimal:
            return readDecimal(rule, text);
        case ColumnType::code:
            return readCode(rule, text);
        case ColumnType::text:
            return readWords(rule, text);
        case ColumnType::item:
            return readItem(rule, text);
        case ColumnType::reference:
        case ColumnType::child:
            return readReference(rule, text);
        case ColumnType::intervention: {
            const auto id = values::lowered(text);
            if (catalogue_.intervention(id) || catalogue_.approaches.contains(id)) return id;
            note(rule.name, text, "Name an intervention or approach that the guidance catalogue holds.");
            return std::nullopt;
        }
        case ColumnType::instrument: {
            const auto id = values::lowered(text);
            if (catalogue_.instrument(id)) return id;
            note(rule.name, text, "Name an instrument that the guidance catalogue holds.");
            return std::nullopt;
        }
        case ColumnType::recommendation: {
            const auto id = values::lowered(text);
            if (catalogue_.holdsStatement(id)) return id;
            note(rule.name, text,
                 "Name a recommendation or key principle that the guidance catalogue holds.");
            return std::nullopt;
        }
        case ColumnType::authority: {
            const bool isCode =
                text.size() == 9 && text[0] == 'E' && areDigits(std::string_view(text).substr(1));
            if (isCode) return text;
            note(rule.name, text, "Give the code of an authority, such as E06000002.");
            return std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<std::string> RecordReader::readDate(const ColumnRule& rule, const std::string& text) {
    const auto refuse = [&](const std::string& wanted) {
        note(rule.name, text, wanted);
        return std::nullopt;
    };
    const auto day = withoutTime(text);
    const auto iso = groupsOf(day, '-');
    const auto british = groupsOf(day, '/');
    std::optional<Date> date;
    if (iso && day.size() == 10 && iso->day.size() == 4) {
        date = Date::fromIso(day);
    } else if (british && british->year.size() == 4) {
        if (numberOf(british->month) > 12)
            return refuse(
                "Write the day before the month, like 30/06/2025; this looks like the American order.");
        date = Date::of(numberOf(british->year), numberOf(british->month), numberOf(british->day));
    } else if ((british && british->year.size() == 2) || (iso && iso->year.size() == 2)) {
        return refuse("Write the year with four digits, like 30/06/2025.");
    } else if (areDigits(text) && text.size() == 5) {
        return refuse(
            "Format the column as a date and save again; this is a spreadsheet's own number for a day.");
    }
    if (!date) return refuse("Use a real date, like 30/06/2025.");
    const auto style = british ? DateStyle::british : DateStyle::iso;
    if (!dateStyle_) dateStyle_ = style;
    if (*dateStyle_ != style)
        return refuse(std::string("Write every date of a file the same way; the first in this one is like ") +
                      (*dateStyle_ == DateStyle::iso ? "2025-06-30." : "30/06/2025."));
    return date->iso();
}

std::optional<std::string> RecordReader::readWhole(const ColumnRule& rule, const std::string& text,
                                                   bool isQuoted) {
    std::string digits = text;
    if (isQuoted) std::erase(digits, ',');
    long value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value < rule.least ||
        value > rule.most) {
        note(rule.name, text,
             "Give a whole number from " + std::to_string(rule.least) + " to " + std::to_string(rule.most) +
                 ".");
        return std::nullopt;
    }
    return std::to_string(value);
}

std::optional<std::string> RecordReader::readDecimal(const ColumnRule& rule, const std::string& text) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size() || !(value > -1e9 && value < 1e9)) {
        note(rule.name, text, "Give a number, like 17 or 17.5.");
        return std::nullopt;
    }
    return fmt::format("{}", value);
}

std::optional<std::string> RecordReader::readCode(const ColumnRule& rule, const std::string& text) {
    const auto wanted = values::lowered(collapsed(text));
    for (const auto& value : rule.values)
        if (values::lowered(value) == wanted) return value;
    note(rule.name, text, fmt::format("Use one of: {}.", fmt::join(rule.values, ", ")));
    return std::nullopt;
}

std::optional<std::string> RecordReader::readReference(const ColumnRule& rule, const std::string& text) {
    const bool isChild = rule.type == ColumnType::child;
    const auto refuse = [&](const std::string& wanted) {
        note(rule.name, isChild ? "" : text, wanted);
        return std::nullopt;
    };
    constexpr std::size_t kLongest = 60;
    if (characters(text) > kLongest) return refuse("Use a reference of 60 characters or fewer.");
    if (isScientific(text))
        return refuse(
            "Format the column as text and export again; a spreadsheet has turned this reference into a "
            "number.");
    if (isChild) return text;
    if (isPupilNumber(text)) return refuse("Use a reference of your own; this is a unique pupil number.");
    if (isPostcode(text)) return refuse("Use a reference of your own; this is a postcode.");
    return collapsed(text);
}

std::optional<std::string> RecordReader::readWords(const ColumnRule& rule, const std::string& text) {
    auto value = collapsed(text);
    if (characters(value) > static_cast<std::size_t>(rule.most)) {
        note(rule.name, text, "Use " + std::to_string(rule.most) + " characters or fewer.");
        return std::nullopt;
    }
    if (isPupilNumber(value)) {
        note(rule.name, text, "Leave out unique pupil numbers.");
        return std::nullopt;
    }
    return value;
}

/// One byte: points, not applicable or blank. Whether points are within the item's maximum depends on the
/// row's checklist version, so the importer asks that.
std::optional<std::string> RecordReader::readItem(const ColumnRule& rule, const std::string& text) {
    if (values::lowered(text) == "na") return std::string(1, static_cast<char>(guidance::kNotApplicable));
    long points = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), points);
    if (error != std::errc() || end != text.data() + text.size() || points < 0 || points > rule.most) {
        note(rule.name, text,
             "Give points from 0 to " + std::to_string(rule.most) + ", NA, or leave it empty.");
        return std::nullopt;
    }
    return std::string(1, static_cast<char>(points));
}

}  // namespace intake
