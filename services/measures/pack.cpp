#include "measures/pack.h"

#include <cmath>
#include <cstring>
#include <stdexcept>

namespace measures {
namespace {

constexpr std::uint32_t kLayout = 1;
constexpr std::array kRecorded{Population::episodes, Population::sessions,      Population::reviews,
                               Population::scores,   Population::practitioners, Population::supervisions};

/// How wide each number of a column is; a constant column has no numbers at all.
enum class Width : std::uint8_t { unknown, one = 1, two = 2, four = 4, real = 8 };

/// Fields that are derived from others, and so not kept.
bool isDerived(Population population, std::size_t field) {
    return population == Population::reviews && field >= column(Population::reviews, "is_complete");
}

class Packer {
public:
    template <class Number>
    void put(Number number) {
        bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    void putText(std::string_view text) {
        put(static_cast<std::uint32_t>(text.size()));
        bytes_ += text;
    }

    /// Whole numbers are kept as their distance from the smallest, one more than the largest standing for
    /// unknown.
    void putColumn(const Column& numbers) {
        double least = 0;
        double most = 0;
        bool isAny = false;
        bool isWhole = true;
        for (const double number : numbers) {
            if (!isKnown(number)) continue;
            least = isAny ? std::min(least, number) : number;
            most = isAny ? std::max(most, number) : number;
            isWhole = isWhole && number == std::floor(number);
            isAny = true;
        }
        const double range = most - least + 1;
        const auto width = !isAny                    ? Width::unknown
                           : !isWhole || range > 4e9 ? Width::real
                           : range <= 255            ? Width::one
                           : range <= 65535          ? Width::two
                                                     : Width::four;
        put(width);
        if (width == Width::unknown) return;
        put(least);
        switch (width) {
            case Width::one:
                putNumbers<std::uint8_t>(numbers, least);
                break;
            case Width::two:
                putNumbers<std::uint16_t>(numbers, least);
                break;
            case Width::four:
                putNumbers<std::uint32_t>(numbers, least);
                break;
            default:
                bytes_.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double));
        }
    }

    std::string take() { return std::move(bytes_); }

private:
    template <class Narrow>
    void putNumbers(const Column& numbers, double least) {
        for (const double number : numbers)
            put(isKnown(number) ? static_cast<Narrow>(number - least) : std::numeric_limits<Narrow>::max());
    }

    std::string bytes_;
};

/// Reads what Packer wrote; throws where the bytes end too soon.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

    template <class Number>
    Number take() {
        Number number;
        std::memcpy(&number, takeBytes(sizeof number), sizeof number);
        return number;
    }
    std::string_view takeText() {
        const auto size = take<std::uint32_t>();
        return {takeBytes(size), size};
    }
    void takeColumn(Column& numbers, std::size_t rows) {
        numbers.resize(rows);
        const auto width = take<Width>();
        if (width == Width::unknown) {
            std::fill(numbers.begin(), numbers.end(), kUnknown);
            return;
        }
        const auto least = take<double>();
        if (width == Width::one) takeNumbers<std::uint8_t>(numbers, least);
        else if (width == Width::two) takeNumbers<std::uint16_t>(numbers, least);
        else if (width == Width::four) takeNumbers<std::uint32_t>(numbers, least);
        else if (rows > 0)
            std::memcpy(numbers.data(), takeBytes(rows * sizeof(double)), rows * sizeof(double));
    }
    bool isDone() const { return bytes_.empty(); }

private:
    const char* takeBytes(std::size_t size) {
        if (size > bytes_.size()) throw std::out_of_range("packed facts end too soon");
        const auto* found = bytes_.data();
        bytes_.remove_prefix(size);
        return found;
    }
    template <class Narrow>
    void takeNumbers(Column& numbers, double least) {
        const auto* bytes = takeBytes(numbers.size() * sizeof(Narrow));
        for (auto& number : numbers) {
            Narrow narrow;
            std::memcpy(&narrow, bytes, sizeof narrow);
            bytes += sizeof narrow;
            number = narrow == std::numeric_limits<Narrow>::max() ? kUnknown : least + narrow;
        }
    }

    std::string_view bytes_;
};

/// Owners as a column, so that they are packed alike.
Column ownersColumn(const std::vector<std::uint32_t>& owners) {
    Column numbers;
    numbers.reserve(owners.size());
    for (const auto owner : owners) numbers.push_back(owner == kNobody ? kUnknown : owner);
    return numbers;
}

/// Every record belongs to the one service; that need not be written.
template <class Function>
void eachOwner(Population population, Function function) {
    for (const auto owner : ownersOf(population))
        if (owner != Population::services) function(owner);
}

std::uint32_t fields(Population population) {
    return static_cast<std::uint32_t>(fieldsOf(population).size());
}

void unpack(Unpacker& from, Facts& facts) {
    const auto words = from.take<std::uint32_t>();
    for (std::uint32_t i = 0; i < words; ++i) facts.code(from.takeText());
    for (const auto population : kRecorded) {
        auto& table = facts.table(population);
        if (from.take<std::uint32_t>() != fields(population)) throw std::out_of_range("other fields");
        table.rows = from.take<std::uint32_t>();
        for (std::size_t f = 0; f < table.columns.size(); ++f)
            if (!isDerived(population, f)) from.takeColumn(table.columns[f], table.rows);
        Column numbers;
        eachOwner(population, [&](Population owner) {
            from.takeColumn(numbers, table.rows);
            auto& owners = table.owners[placeOf(owner)];
            owners.reserve(table.rows);
            for (const double number : numbers)
                owners.push_back(isKnown(number) ? static_cast<std::uint32_t>(number) : kNobody);
        });
        table.owners[placeOf(Population::services)].assign(table.rows, 0);
    }
    for (std::size_t i = 0; i < facts.table(Population::reviews).rows; ++i) facts.addScores(from.takeText());
}

}  // namespace

std::string packed(const Facts& facts) {
    Packer to;
    to.put(kLayout);
    const auto& words = facts.words();
    to.put(static_cast<std::uint32_t>(words.size()));
    for (const auto& word : words) to.putText(word);
    for (const auto population : kRecorded) {
        const auto& table = facts.table(population);
        to.put(fields(population));
        to.put(static_cast<std::uint32_t>(table.rows));
        for (std::size_t f = 0; f < table.columns.size(); ++f)
            if (!isDerived(population, f)) to.putColumn(table.columns[f]);
        eachOwner(population,
                  [&](Population owner) { to.putColumn(ownersColumn(table.owners[placeOf(owner)])); });
    }
    for (std::size_t i = 0; i < facts.table(Population::reviews).rows; ++i) to.putText(facts.scoresOf(i));
    return to.take();
}

std::optional<Facts> unpacked(std::string_view bytes) {
    try {
        Unpacker from(bytes);
        if (from.take<std::uint32_t>() != kLayout) return std::nullopt;
        Facts facts;
        unpack(from, facts);
        if (!from.isDone()) return std::nullopt;
        return facts;
    } catch (const std::out_of_range&) {
        return std::nullopt;
    }
}

}  // namespace measures
