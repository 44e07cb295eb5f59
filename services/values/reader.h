#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "values/errors.h"
#include "values/id.h"
#include "values/quarter.h"

namespace values {

using Fields = std::map<std::string, std::string>;

/// Turns the text of a form into values and gathers every problem on the way, so that a person sees all of
/// them at once. A field that is wrong gives no value; `refuseProblems` then throws Invalid.
class Reader {
public:
    explicit Reader(const Fields& fields) : fields_(fields) {}

    /// `what` is how the page names the field: "Enter " + what.
    std::string text(const std::string& field, const std::string& what, std::size_t most = 200);
    /// Gives nothing where the field is absent or empty.
    std::optional<std::string> optionalText(const std::string& field) const;
    /// As people write a day, 30/06/2025, or as machines do, 2025-06-30.
    std::optional<Date> date(const std::string& field, const std::string& what);
    std::optional<Date> optionalDate(const std::string& field);
    std::optional<Quarter> optionalQuarter(const std::string& field);
    std::optional<int> optionalWhole(const std::string& field, int least, int most);
    template <class Kind>
    std::optional<Id<Kind>> id(const std::string& field, const std::string& what) {
        const auto value = Id<Kind>::parse(text(field, what));
        if (!value && problems_.empty()) problem(field, "Choose " + what + ".");
        return value;
    }

    void problem(const std::string& field, const std::string& wanted);
    void refuseProblems();

private:
    const Fields& fields_;
    std::vector<FieldProblem> problems_;
};

}  // namespace values
