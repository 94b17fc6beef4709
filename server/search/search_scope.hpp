#pragma once

#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/search/search_query.hpp"

namespace immich {
class Access;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::search {

/// Own assets and those of partners in the timeline; with albums named, whatever is in them. Throws BadRequest for
/// albums that `auth` may not read and for links without albums, Unauthorized for locked assets without the PIN.
/// Instantiated for the request types in search_scope.cpp; `request` must outlive the task.
template <class Dto>
Task<SearchScope> ResolveScope(pg::Db& db, Access& access, const AuthContext& auth, const Dto& request);

}  // namespace immich::search
