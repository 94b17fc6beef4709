#include "server/partners/partner_service.hpp"

#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/user_view.hpp"
#include "slice_partners_sql.hpp"

namespace immich::partners {

namespace {

api::PartnerResponseDto ReadPartner(const pg::Row& row) {
  api::UserResponseDto user = ReadUserView(row, 1);
  api::PartnerResponseDto partner;
  partner.id = user.id;
  partner.name = std::move(user.name);
  partner.email = std::move(user.email);
  partner.avatar_color = user.avatar_color;
  partner.profile_image_path = std::move(user.profile_image_path);
  partner.profile_changed_at = user.profile_changed_at;
  partner.in_timeline = row.Get<bool>(0);
  return partner;
}

}  // namespace

Task<std::vector<api::PartnerResponseDto>> PartnerService::List(const AuthContext& auth,
                                                                api::PartnerDirection direction) {
  const bool is_sharer = direction == api::PartnerDirection::kSharedBy;
  pg::Params params{auth.user.id, is_sharer};
  std::vector<api::PartnerResponseDto> partners;
  for (const pg::Row row : co_await db_.Run(sql::kPartnerList, std::move(params))) partners.push_back(ReadPartner(row));
  co_return partners;
}

Task<api::PartnerResponseDto> PartnerService::Create(const AuthContext& auth, UserId user) {
  if (user == auth.user.id) throw BadRequest("Cannot share with yourself");
  pg::Params params{auth.user.id, user};
  const pg::Result made = co_await db_.Run(sql::kPartnerInsert, std::move(params));
  if (made.empty()) throw BadRequest("User not found");
  if (!made[0].Get<bool>(7)) throw BadRequest("Partner already exists");
  co_return ReadPartner(made[0]);
}

Task<api::PartnerResponseDto> PartnerService::Update(const AuthContext& auth, UserId sharer, bool in_timeline) {
  pg::Params params{sharer, auth.user.id, in_timeline};
  const pg::Result updated = co_await db_.Run(sql::kPartnerUpdate, std::move(params));
  if (updated.empty()) ThrowNoAccess(api::Permission::kPartnerUpdate);
  co_return ReadPartner(updated[0]);
}

Task<void> PartnerService::Delete(const AuthContext& auth, UserId user) {
  pg::Params params{auth.user.id, user};
  const pg::Result removed = co_await db_.Run(sql::kPartnerDelete, std::move(params));
  if (removed.affected_rows() == 0) throw BadRequest("Partner not found");
}

}  // namespace immich::partners
