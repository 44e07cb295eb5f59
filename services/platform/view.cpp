#include "platform/view.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "values/json.h"

namespace platform {
namespace {

std::string jsonNumber(double number) {
    if (!std::isfinite(number)) return "null";
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    std::string text(buffer, end);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

View viewOf(const nlohmann::ordered_json& value) {
    switch (value.type()) {
        case nlohmann::ordered_json::value_t::object: {
            auto view = View::object();
            for (const auto& [name, part] : value.items()) view[name] = viewOf(part);
            return view;
        }
        case nlohmann::ordered_json::value_t::array: {
            auto view = View::list();
            for (const auto& item : value) view.push_back(viewOf(item));
            return view;
        }
        case nlohmann::ordered_json::value_t::string:
            return value.get<std::string>();
        case nlohmann::ordered_json::value_t::boolean:
            return value.get<bool>();
        case nlohmann::ordered_json::value_t::number_float:
            return value.get<double>();
        case nlohmann::ordered_json::value_t::number_integer:
        case nlohmann::ordered_json::value_t::number_unsigned:
            return value.get<long long>();
        default:
            return {};
    }
}

void writeText(std::string& out, const std::string& text) {
    constexpr auto kDigits = "0123456789abcdef";
    constexpr std::string_view kNamed = "\b\f\n\r\t";
    constexpr std::string_view kNameLetters = "bfnrt";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\';
        if (const auto at = kNamed.find(c); at != std::string_view::npos) {
            out += '\\';
            out += kNameLetters[at];
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace

View::View() = default;
View::View(const char* text) : kind_(Kind::text), text_(text) {}
View::View(std::string text) : kind_(Kind::text), text_(std::move(text)) {}
View::View(std::string_view text) : kind_(Kind::text), text_(text) {}
View::View(std::nullptr_t) {}
View::View(double number) : kind_(Kind::fraction), fraction_(number) {}
View::View(Kind kind, long long number) : kind_(kind), whole_(number) {}
View::View(std::initializer_list<Part> parts) : kind_(Kind::object) {
    names_.reserve(parts.size());
    items_.reserve(parts.size());
    for (const auto& part : parts) {
        names_.push_back(part.name);
        items_.push_back(part.value);
    }
}
View::View(const View& other) = default;
View::View(View&& other) noexcept = default;
View& View::operator=(const View& other) = default;
View& View::operator=(View&& other) noexcept = default;
View::~View() = default;

View::Part::Part(const char* called, View shown) : name(called), value(std::move(shown)) {}
View::Part::Part(std::string called, View shown) : name(std::move(called)), value(std::move(shown)) {}

View View::list(std::initializer_list<View> items) {
    View view;
    view.kind_ = Kind::list;
    view.items_ = items;
    return view;
}

View View::object() {
    View view;
    view.kind_ = Kind::object;
    return view;
}

View View::fromJson(std::string_view text) { return viewOf(values::parseOrderedJson(text)); }

View View::fromJsonOrNothing(std::string_view text) {
    const auto parsed = values::tryParseOrderedJson(text);
    return parsed.is_discarded() ? View() : viewOf(parsed);
}

View& View::operator[](std::string_view name) {
    if (kind_ == Kind::nothing) kind_ = Kind::object;
    if (kind_ != Kind::object) throw std::logic_error("a view without parts has no " + std::string(name));
    const auto found = std::ranges::find(names_, name);
    if (found != names_.end()) return items_[static_cast<std::size_t>(found - names_.begin())];
    names_.emplace_back(name);
    return items_.emplace_back();
}

const View* View::find(std::string_view name) const {
    const auto found = std::ranges::find(names_, name);
    return found == names_.end() ? nullptr : &items_[static_cast<std::size_t>(found - names_.begin())];
}

const View& View::at(std::string_view name) const {
    const auto* found = find(name);
    if (found == nullptr) throw std::out_of_range("a view has no part " + std::string(name));
    return *found;
}

void View::add(const View& other) {
    for (std::size_t i = 0; i < other.names_.size(); ++i) (*this)[other.names_[i]] = other.items_[i];
}

void View::push_back(View item) {
    if (kind_ == Kind::nothing) kind_ = Kind::list;
    if (kind_ != Kind::list) throw std::logic_error("only a list takes items");
    items_.push_back(std::move(item));
}

void View::push_front(View item) {
    push_back(std::move(item));
    std::rotate(items_.begin(), items_.end() - 1, items_.end());
}

View View::take(std::string_view name) {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end()) return {};
    const auto item = items_.begin() + (found - names_.begin());
    auto taken = std::move(*item);
    items_.erase(item);
    names_.erase(found);
    return taken;
}

bool View::isLeftOut() const {
    switch (kind_) {
        case Kind::nothing:
            return true;
        case Kind::truth:
            return whole_ == 0;
        case Kind::text:
            return text_.empty();
        case Kind::list:
        case Kind::object:
            return items_.empty();
        default:
            return false;
    }
}

std::string View::text() const {
    switch (kind_) {
        case Kind::truth:
            return whole_ == 0 ? "false" : "true";
        case Kind::whole:
            return std::to_string(whole_);
        case Kind::fraction:
            return jsonNumber(fraction_);
        case Kind::text:
            return text_;
        default:
            return "";
    }
}

long long View::wholeOf(std::string_view name) const {
    const auto* found = find(name);
    return found == nullptr ? 0 : found->whole();
}

std::vector<std::string> View::texts() const {
    std::vector<std::string> texts;
    for (const auto& item : items_) texts.push_back(item.text());
    return texts;
}

bool View::operator==(const View& other) const {
    return kind_ == other.kind_ && whole_ == other.whole_ && fraction_ == other.fraction_ &&
           text_ == other.text_ && names_ == other.names_ && items_ == other.items_;
}

std::string View::json(int indent) const {
    std::string out;
    write(out, indent, 0);
    return out;
}

void View::write(std::string& out, int indent, int depth) const {
    if (kind_ == Kind::text) return writeText(out, text_);
    if (kind_ == Kind::nothing) {
        out += "null";
        return;
    }
    if (!isList() && !isObject()) {
        out += text();
        return;
    }
    const auto newLine = [&](int at) {
        if (indent >= 0) out += "\n" + std::string(static_cast<std::size_t>(indent * at), ' ');
    };
    out += isList() ? '[' : '{';
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (i > 0) out += ',';
        newLine(depth + 1);
        if (isObject()) {
            writeText(out, names_[i]);
            out += indent >= 0 ? ": " : ":";
        }
        items_[i].write(out, indent, depth + 1);
    }
    if (!items_.empty()) newLine(depth);
    out += isList() ? ']' : '}';
}

}  // namespace platform
