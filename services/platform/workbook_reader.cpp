#include <Poco/Exception.h>
#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/InputSource.h>
#include <Poco/SAX/SAXParser.h>
#include <Poco/Zip/ZipArchive.h>
#include <Poco/Zip/ZipStream.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <streambuf>

#include "platform/file_writer.h"
#include "platform/workbook.h"
#include "values/date.h"
#include "values/errors.h"
#include "values/text.h"

namespace platform {
namespace {

namespace fs = std::filesystem;
using Poco::XML::Attributes;
using Poco::XML::XMLString;

constexpr long kMostRows = 1048576;
/// Columns beyond these are not kept: no file of ours has so many, and a hostile one could.
constexpr std::size_t kColumnsKept = 400;
/// A cell of more is cut: no column of ours takes it.
constexpr std::size_t kLongestCell = 32768;
/// Texts that a workbook keeps apart from its cells, together.
constexpr std::size_t kMostShared = 512U << 20;

/// The workbook is damaged, or no workbook.
struct Damaged : std::runtime_error {
    using std::runtime_error::runtime_error;
};
struct TooLarge : std::runtime_error {
    TooLarge() : std::runtime_error("too large") {}
};

// --- the archive
// --------------------------------------------------------------------------------------------

/// Passes bytes on until there were too many: an archive can unpack to far more than it is.
class Counted : public std::streambuf {
public:
    Counted(std::istream& from, std::uint64_t& left) : from_(from), left_(left) {}

protected:
    int_type underflow() override {
        from_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        const auto got = from_.gcount();
        if (got <= 0) return traits_type::eof();
        if (static_cast<std::uint64_t>(got) > left_) throw TooLarge();
        left_ -= static_cast<std::uint64_t>(got);
        setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
        return traits_type::to_int_type(*gptr());
    }

private:
    std::istream& from_;
    std::uint64_t& left_;
    std::array<char, 65536> buffer_{};
};

class Archive {
public:
    Archive(const std::string& path, std::uint64_t mostBytes) : path_(path), left_(mostBytes) {
        std::ifstream file(path, std::ios::binary);
        requireEnd(file);
        archive_ = std::make_unique<Poco::Zip::ZipArchive>(file);
    }
    bool has(const std::string& name) const { return archive_->findHeader(name) != archive_->headerEnd(); }
    /// Reads one XML document of the archive.
    void read(const std::string& name, Poco::XML::ContentHandler& handler) {
        const auto header = archive_->findHeader(name);
        if (header == archive_->headerEnd()) throw Damaged("no " + name);
        std::ifstream file(path_, std::ios::binary);
        Poco::Zip::ZipInputStream unpacked(file, header->second);
        Counted counted(unpacked, left_);
        std::istream stream(&counted);
        stream.exceptions(std::ios::badbit);
        Poco::XML::InputSource source(stream);
        Poco::XML::SAXParser parser;
        parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_GENERAL_ENTITIES, false);
        parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_PARAMETER_ENTITIES, false);
        parser.setContentHandler(&handler);
        parser.parse(&source);
    }

private:
    /// An archive that was cut off would still give the documents before the cut, as if they were all.
    static void requireEnd(std::ifstream& file) {
        constexpr std::streamoff kLongest = 66000;  // the last record with the longest comment
        file.seekg(0, std::ios::end);
        const auto size = static_cast<std::streamoff>(file.tellg());
        std::string tail(static_cast<std::size_t>(std::min(size, kLongest)), '\0');
        file.seekg(size - static_cast<std::streamoff>(tail.size()));
        file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
        const auto end = tail.rfind("PK\x05\x06");
        if (end == std::string::npos || tail.size() - end < 22) throw Damaged("cut off");
        file.clear();
        file.seekg(0);
    }

    std::string path_;
    std::uint64_t left_;
    std::unique_ptr<Poco::Zip::ZipArchive> archive_;
};

/// Elements by their local names; characters are gathered while something listens.
class Handler : public Poco::XML::DefaultHandler {
public:
    void characters(const Poco::XML::XMLChar text[], int start, int length) override {
        if (isListening && heard.size() < kLongestCell)
            heard.append(text + start, static_cast<std::size_t>(length));
    }

protected:
    void listen() {
        heard.clear();
        isListening = true;
    }
    std::string stop() {
        isListening = false;
        return std::exchange(heard, "");
    }
    static std::string at(const Attributes& attributes, const char* name) {
        for (int i = 0; i < attributes.getLength(); ++i)
            if (attributes.getLocalName(i) == name) return attributes.getValue(i);
        return "";
    }
    static long numberAt(const Attributes& attributes, const char* name, long otherwise) {
        const auto text = at(attributes, name);
        return text.empty() ? otherwise : std::strtol(text.c_str(), nullptr, 10);
    }

    bool isListening = false;
    std::string heard;
};

// --- the CSV file of one sheet
// ------------------------------------------------------------------------------

std::string csvText(const std::string& text) {
    if (text.find_first_of(",\"\r\n;\t") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string cellNumber(double value) {
    if (std::abs(value) < 1e15 && value == std::floor(value)) return fmt::format("{:.0f}", value);
    return fmt::format("{}", value);
}

/// Rows keep their numbers: blank ones are written once something stands below them.
class SheetWriter {
public:
    explicit SheetWriter(std::string path) : path_(std::move(path)) {}

    void put(std::size_t column, std::string text) {
        if (column >= kColumnsKept || text.empty()) return;
        if (cells_.size() <= column) cells_.resize(column + 1);
        cells_[column] = std::move(text);
    }
    /// The row is complete; it stands there so often.
    void endRow(long times = 1) {
        if (cells_.empty()) {
            row_ += times;
            return;
        }
        // A sheet ends each row where its last cell ends; a CSV file gives every row as many as its header
        // has.
        width_ = std::max(width_, out_ ? 0 : cells_.size());
        if (cells_.size() < width_) cells_.resize(width_);
        std::string line;
        for (std::size_t i = 0; i < cells_.size(); ++i) line += (i == 0 ? "" : ",") + csvText(cells_[i]);
        cells_.clear();
        line += "\r\n";
        if (!out_) {
            out_ = std::make_unique<FileWriter>(path_);
            out_->write("\xEF\xBB\xBF");
        }
        for (; written_ < row_; ++written_) out_->write("\r\n");
        for (long i = 0; i < times && row_ < kMostRows; ++i, ++row_, ++written_) out_->write(line);
    }
    /// Goes on to a row, the first being 0; earlier ones are blank.
    void goTo(long row) {
        if (row < row_ || row >= kMostRows) throw Damaged("rows out of order");
        row_ = row;
    }
    long row() const { return row_; }
    bool holdsAnything() const { return out_ != nullptr; }
    /// The sheet is whole. Throws NoRoom where it is not.
    void close() { out_->close(); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
    std::unique_ptr<FileWriter> out_;
    std::vector<std::string> cells_;
    std::size_t width_ = 0;
    long row_ = 0;
    long written_ = 0;
};

// --- XLSX (ECMA-376)
// ----------------------------------------------------------------------------------------

/// The sheets of a workbook with the files they stand in.
class XlsxContents : public Handler {
public:
    struct Place {
        std::string name;
        std::string relation;
    };
    void startElement(const XMLString&, const XMLString& name, const XMLString&,
                      const Attributes& a) override {
        if (name == "sheet") sheets.push_back({at(a, "name"), at(a, "id")});
        const auto isOld = at(a, "date1904");
        if (name == "workbookPr" && (isOld == "1" || isOld == "true")) is1904 = true;
    }
    std::vector<Place> sheets;
    bool is1904 = false;
};

class XlsxRelations : public Handler {
public:
    void startElement(const XMLString&, const XMLString& name, const XMLString&,
                      const Attributes& a) override {
        if (name != "Relationship") return;
        // A target stands beside the workbook, or begins at the archive's root.
        const auto target = at(a, "Target");
        const auto path = target.rfind('/', 0) == 0 ? target.substr(1) : "xl/" + target;
        const auto type = at(a, "Type");
        targets[at(a, "Id")] = path;
        kinds[type.substr(type.rfind('/') + 1)] = path;
    }
    std::map<std::string, std::string> targets;  ///< by id
    std::map<std::string, std::string> kinds;    ///< `styles`, `sharedStrings`
};

class XlsxStrings : public Handler {
public:
    void startElement(const XMLString&, const XMLString& name, const XMLString&, const Attributes&) override {
        if (name == "si") text_.clear();
        if (name == "rPh") isAside_ = true;  // how it is pronounced
        if (name == "t" && !isAside_) listen();
    }
    void endElement(const XMLString&, const XMLString& name, const XMLString&) override {
        if (name == "t" && isListening) text_ += stop();
        if (name == "rPh") isAside_ = false;
        if (name != "si") return;
        total_ += text_.size();
        if (total_ > kMostShared) throw TooLarge();
        texts.push_back(std::move(text_));
        text_.clear();
    }
    std::vector<std::string> texts;

private:
    std::string text_;
    bool isAside_ = false;
    std::size_t total_ = 0;
};

/// Which cell formats show a day.
class XlsxStyles : public Handler {
public:
    bool isDay(std::size_t format) const { return format < isDay_.size() && isDay_[format]; }

    void startElement(const XMLString&, const XMLString& name, const XMLString&,
                      const Attributes& a) override {
        if (name == "numFmt") codes_[numberAt(a, "numFmtId", 0)] = at(a, "formatCode");
        if (name == "cellXfs") isInCells_ = true;
        if (name == "xf" && isInCells_) isDay_.push_back(showsDay(numberAt(a, "numFmtId", 0)));
    }
    void endElement(const XMLString&, const XMLString& name, const XMLString&) override {
        if (name == "cellXfs") isInCells_ = false;
    }

private:
    bool showsDay(long number) const {
        const auto code = codes_.find(number);
        if (code != codes_.end()) return namesDay(code->second);
        return (number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 36) ||
               (number >= 50 && number <= 58);
    }
    /// A format with a year or a day in it, beside what it quotes.
    static bool namesDay(const std::string& code) {
        bool isQuoted = false;
        bool isBracketed = false;
        for (std::size_t i = 0; i < code.size(); ++i) {
            const char c = code[i];
            if (c == '"') isQuoted = !isQuoted;
            else if (c == '[') isBracketed = true;
            else if (c == ']') isBracketed = false;
            else if (c == '\\' || c == '_' || c == '*') ++i;
            else if (!isQuoted && !isBracketed && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) return true;
        }
        return false;
    }

    std::map<long, std::string> codes_;
    std::vector<bool> isDay_;
    bool isInCells_ = false;
};

class XlsxSheet : public Handler {
public:
    XlsxSheet(SheetWriter& out, const XlsxStrings& strings, const XlsxStyles& styles, bool is1904)
        : out_(out), strings_(strings), styles_(styles), origin_(originOf(is1904)) {}

    void startElement(const XMLString&, const XMLString& name, const XMLString&,
                      const Attributes& a) override {
        if (name == "row") {
            out_.goTo(numberAt(a, "r", out_.row() + 1) - 1);
            column_ = 0;
        } else if (name == "c") {
            const auto place = at(a, "r");
            if (!place.empty()) column_ = columnOf(place);
            type_ = at(a, "t");
            format_ = static_cast<std::size_t>(numberAt(a, "s", 0));
            text_.clear();
        } else if (name == "v" || name == "t") {
            listen();
        }
    }
    void endElement(const XMLString&, const XMLString& name, const XMLString&) override {
        if (name == "t" && isListening) text_ += stop();
        else if (name == "v" && isListening) text_ = stop();
        else if (name == "c") out_.put(column_++, textOf());
        else if (name == "row") out_.endRow();
    }

private:
    /// The day of the number 0, as days since 1970: 30 December 1899, or 1 January 1904 on old Macintoshes.
    static int originOf(bool is1904) {
        return is1904 ? values::Date(1904, 1, 1).serial() : values::Date(1900, 1, 1).serial() - 2;
    }
    static std::size_t columnOf(const std::string& place) {
        std::size_t column = 0;
        for (const char c : place)
            if (c >= 'A' && c <= 'Z' && column < 100000)
                column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
        return column == 0 ? 0 : column - 1;
    }
    std::string textOf() const {
        if (type_ == "s") {
            const auto index = static_cast<std::size_t>(std::strtoul(text_.c_str(), nullptr, 10));
            return index < strings_.texts.size() ? strings_.texts[index] : "";
        }
        if (type_ == "b") return text_ == "1" ? "yes" : "no";
        if (type_ == "d") return text_.substr(0, 10);
        if (type_ == "e" || type_ == "str" || type_ == "inlineStr" || text_.empty()) return text_;
        char* end = nullptr;
        const double value = std::strtod(text_.c_str(), &end);
        if (end == text_.c_str()) return text_;
        if (styles_.isDay(format_) && value >= 2 && value < 100000)
            return values::Date::fromSerial(origin_ + static_cast<int>(std::floor(value))).iso();
        return cellNumber(value);
    }

    SheetWriter& out_;
    const XlsxStrings& strings_;
    const XlsxStyles& styles_;
    int origin_;
    std::size_t column_ = 0;
    std::string type_;
    std::size_t format_ = 0;
    std::string text_;
};

using NextSheet = std::function<SheetWriter&(const std::string& name)>;

void readXlsx(Archive& archive, const NextSheet& next) {
    XlsxContents contents;
    archive.read("xl/workbook.xml", contents);
    XlsxRelations relations;
    archive.read("xl/_rels/workbook.xml.rels", relations);
    XlsxStrings strings;
    if (const auto place = relations.kinds.find("sharedStrings"); place != relations.kinds.end())
        archive.read(place->second, strings);
    XlsxStyles styles;
    if (const auto place = relations.kinds.find("styles"); place != relations.kinds.end())
        archive.read(place->second, styles);
    for (const auto& sheet : contents.sheets) {
        const auto place = relations.targets.find(sheet.relation);
        if (place == relations.targets.end()) throw Damaged("a sheet without its file");
        if (place->second.find("worksheets/") == std::string::npos) continue;  // a chart
        XlsxSheet reader(next(sheet.name), strings, styles, contents.is1904);
        archive.read(place->second, reader);
    }
}

// --- ODS (ISO/IEC 26300)
// ------------------------------------------------------------------------------------

class OdsContents : public Handler {
public:
    explicit OdsContents(const NextSheet& next) : next_(next) {}

    void startElement(const XMLString&, const XMLString& name, const XMLString&,
                      const Attributes& a) override {
        if (name == "table") {
            out_ = &next_(at(a, "name"));
        } else if (name == "table-row") {
            rows_ = std::clamp(numberAt(a, "number-rows-repeated", 1), 1L, kMostRows);
            column_ = 0;
        } else if (name == "table-cell" || name == "covered-table-cell") {
            cells_ = std::clamp(numberAt(a, "number-columns-repeated", 1), 1L, 20000L);
            type_ = at(a, "value-type");
            value_ = type_ == "date"      ? at(a, "date-value").substr(0, 10)
                     : type_ == "boolean" ? std::string(at(a, "boolean-value") == "true" ? "yes" : "no")
                     : type_ == "string"  ? at(a, "string-value")
                                          : at(a, "value");
            text_.clear();
        } else if (name == "annotation") {
            isAside_ = true;
        } else if (name == "p" && !isAside_) {
            if (!text_.empty()) text_ += ' ';
            listen();
        } else if (name == "s" && isListening) {
            heard.append(static_cast<std::size_t>(std::clamp(numberAt(a, "c", 1), 1L, 100L)), ' ');
        }
    }
    void endElement(const XMLString&, const XMLString& name, const XMLString&) override {
        if (name == "annotation") isAside_ = false;
        if (name == "p" && isListening) text_ += stop();
        if (out_ == nullptr) return;
        if (name == "table-cell" || name == "covered-table-cell") {
            const auto text = textOf();
            for (long i = 0; i < cells_ && column_ < kColumnsKept; ++i) out_->put(column_++, text);
        }
        if (name == "table-row") out_->endRow(rows_);
        if (name == "table") out_ = nullptr;
    }

private:
    std::string textOf() const {
        if (type_ == "float" || type_ == "percentage" || type_ == "currency")
            return cellNumber(std::strtod(value_.c_str(), nullptr));
        return value_.empty() ? text_ : value_;
    }

    const NextSheet& next_;
    SheetWriter* out_ = nullptr;
    long rows_ = 1;
    long cells_ = 1;
    std::size_t column_ = 0;
    std::string type_;
    std::string value_;
    std::string text_;
    bool isAside_ = false;
};

}  // namespace

bool isWorkbook(const std::string& name) {
    const auto lower = values::lowered(name);
    return lower.ends_with(".xlsx") || lower.ends_with(".ods");
}

std::vector<SheetFile> sheetsOf(const std::string& path, const std::string& name, const std::string& folder,
                                std::uint64_t mostBytes) {
    const auto refuse = [&](const std::string& wanted) {
        return values::Invalid({{{name, 0, ""}, "", wanted}});
    };
    static const std::string kDamaged =
        "Save the workbook again as XLSX, ODS or CSV; this file is damaged, empty, or no workbook.";
    makePrivateFolder(folder);
    std::vector<std::pair<std::string, std::unique_ptr<SheetWriter>>> sheets;
    const NextSheet next = [&](const std::string& sheet) -> SheetWriter& {
        if (sheets.size() >= 200) throw TooLarge();
        sheets.emplace_back(sheet, std::make_unique<SheetWriter>(folder + "/sheet-" +
                                                                 std::to_string(sheets.size()) + ".csv"));
        return *sheets.back().second;
    };
    try {
        Archive archive(path, mostBytes);
        if (archive.has("content.xml")) {
            OdsContents contents(next);
            archive.read("content.xml", contents);
        } else {
            readXlsx(archive, next);
        }
    } catch (const TooLarge&) {
        throw refuse(
            "Save the workbook as CSV, sheet by sheet; unpacked it is larger than the service reads.");
    } catch (const Poco::Exception&) {
        throw refuse(kDamaged);
    } catch (const Damaged&) {
        throw refuse(kDamaged);
    }
    std::vector<SheetFile> files;
    for (const auto& [sheet, out] : sheets) {
        if (!out->holdsAnything()) continue;
        out->close();
        files.push_back({sheet, out->path()});
    }
    if (files.empty()) throw refuse(kDamaged);
    return files;
}

}  // namespace platform
