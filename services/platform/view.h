#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

class View;

/// A thing that says what a page shows of it.
template <class Thing>
concept Shown = requires(const Thing& thing) {
    { thing.view() } -> std::same_as<View>;
};
template <class Range>
concept ShownRange = std::ranges::input_range<const Range> && !Shown<Range> && !std::same_as<Range, View> &&
                     !std::convertible_to<const Range&, std::string_view>;

/// What a page shows, as its templates see it: nothing, yes or no, a number, a text, a list, or named parts
/// in the order in which they were given. Pages are structs that say `View view() const`; this is what they
/// say it in.
class View {
public:
    struct Part;

    View();
    View(const char* text);       // NOLINT(google-explicit-constructor): a text is shown as it is
    View(std::string text);       // NOLINT
    View(std::string_view text);  // NOLINT
    View(std::nullptr_t);         // NOLINT
    View(double number);          // NOLINT
    template <std::same_as<bool> Bool>
    View(Bool isSo) : View(Kind::truth, isSo ? 1 : 0) {}  // NOLINT
    template <std::integral Number>
    requires(!std::same_as<Number, bool>) View(Number number)
        : View(Kind::whole, static_cast<long long>(number)) {}  // NOLINT
    template <Shown Thing>
    View(const Thing& thing) : View(thing.view()) {}  // NOLINT
    template <ShownRange Range>
    View(const Range& items) : View(list()) {  // NOLINT
        for (const auto& item : items) push_back(View(item));
    }
    template <class Thing>
    View(const std::optional<Thing>& maybe) : View(maybe ? View(*maybe) : View()) {}  // NOLINT
    View(std::initializer_list<Part> parts);                                          // NOLINT

    View(const View& other);
    View(View&& other) noexcept;
    View& operator=(const View& other);
    View& operator=(View&& other) noexcept;
    ~View();

    static View list(std::initializer_list<View> items = {});
    static View object();
    /// What a JSON text holds. Throws std::runtime_error where it is none.
    static View fromJson(std::string_view text);
    /// The same, or nothing where it is none.
    static View fromJsonOrNothing(std::string_view text);

    /// The part of a name, made as nothing where there is none.
    View& operator[](std::string_view name);
    /// Throws std::out_of_range where there is no part of this name.
    const View& at(std::string_view name) const;
    const View* find(std::string_view name) const;
    bool contains(std::string_view name) const { return find(name) != nullptr; }
    /// An item of a list. Throws std::out_of_range where there are fewer.
    View& at(std::size_t index) { return items_.at(index); }
    const View& at(std::size_t index) const { return items_.at(index); }
    /// The parts of another, after these; a name that is here already takes the other's value.
    void add(const View& other);

    void push_back(View item);
    void push_front(View item);
    /// Takes a part of an object out and gives it; nothing where there is none.
    View take(std::string_view name);
    View& back() { return items_.back(); }
    // The items of a list, or the values of parts; names are those of parts, in the same order.
    const std::vector<View>& items() const { return items_; }
    const std::vector<std::string>& names() const { return names_; }
    auto begin() { return items_.begin(); }
    auto end() { return items_.end(); }
    auto begin() const { return items_.begin(); }
    auto end() const { return items_.end(); }
    std::size_t size() const { return items_.size(); }
    bool empty() const { return items_.empty(); }

    bool isList() const { return kind_ == Kind::list; }
    bool isObject() const { return kind_ == Kind::object; }
    /// Whether a section on it is left out: nothing, no, an empty text, a list or an object without members.
    bool isLeftOut() const;
    bool isText() const { return kind_ == Kind::text; }
    bool isTruth() const { return kind_ == Kind::truth; }
    bool isNumber() const { return kind_ == Kind::whole || kind_ == Kind::fraction; }
    bool isNothing() const { return kind_ == Kind::nothing; }
    bool isTrue() const { return kind_ == Kind::truth && whole_ != 0; }
    /// A number; 0 for anything else.
    long long whole() const { return kind_ == Kind::fraction ? static_cast<long long>(fraction_) : whole_; }
    double fraction() const { return kind_ == Kind::fraction ? fraction_ : static_cast<double>(whole_); }
    /// The whole number of a part; 0 where there is none.
    long long wholeOf(std::string_view name) const;
    /// As it is written on a page; empty for nothing, lists and objects.
    std::string text() const;
    /// The texts of a list.
    std::vector<std::string> texts() const;
    operator std::string() const {
        return text();
    }  // NOLINT(google-explicit-constructor): a text is handed on
    bool operator==(const View& other) const;
    bool operator==(const std::string& text) const { return kind_ == Kind::text && text_ == text; }
    bool operator==(const char* text) const { return kind_ == Kind::text && text_ == text; }
    /// As JSON: for charts, and for tests that keep a whole page's view.
    std::string json(int indent = -1) const;

private:
    enum class Kind { nothing, truth, whole, fraction, text, list, object };
    View(Kind kind, long long number);
    void write(std::string& out, int indent, int depth) const;

    Kind kind_ = Kind::nothing;
    long long whole_ = 0;
    double fraction_ = 0;
    std::string text_;
    std::vector<std::string> names_;  ///< of an object's items, in the same order
    std::vector<View> items_;
};

/// One named part of a view.
struct View::Part {
    Part(const char* called, View shown);
    Part(std::string called, View shown);

    std::string name;
    View value;
};

}  // namespace platform
