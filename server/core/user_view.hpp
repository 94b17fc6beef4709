#pragma once

#include <string>
#include <string_view>

#include "api/users_types.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {

/// The columns a UserResponseDto is made of, of the table alias `u`.
extern const std::string_view kUserViewColumns;

/// Reads what kUserViewColumns selected from column `first` on.
api::UserResponseDto ReadUserView(const pg::Row& row, int first);

/// Colour of users who chose none: facts: auth, "Avatar colour" — sum of the e-mail's code points modulo ten.
api::UserAvatarColor DefaultAvatarColor(std::string_view email);

}  // namespace immich
