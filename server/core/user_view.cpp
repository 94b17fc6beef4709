#include "server/core/user_view.hpp"

#include <array>
#include <cstdint>

namespace immich {

const std::string_view kUserViewColumns =
    R"(u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt")";

namespace {

/// UTF-16 code units as JavaScript sees them would differ beyond the BMP; e-mail addresses stay inside it.
std::uint32_t SumOfCodePoints(std::string_view text) {
  std::uint32_t sum = 0;
  std::uint32_t point = 0;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if ((byte & 0xC0) == 0x80) {
      point = (point << 6) | (byte & 0x3F);
      continue;
    }
    sum += point;
    point = byte < 0x80 ? byte : byte < 0xE0 ? byte & 0x1F : byte < 0xF0 ? byte & 0x0F : byte & 0x07;
  }
  return sum + point;
}

}  // namespace

api::UserAvatarColor DefaultAvatarColor(std::string_view email) {
  using Color = api::UserAvatarColor;
  constexpr std::array<Color, 10> kColors = {Color::kPrimary, Color::kPink,  Color::kRed,    Color::kYellow,
                                             Color::kBlue,    Color::kGreen, Color::kPurple, Color::kOrange,
                                             Color::kGray,    Color::kAmber};
  return kColors[SumOfCodePoints(email) % kColors.size()];
}

api::UserResponseDto ReadUserView(const pg::Row& row, int first) {
  api::UserResponseDto user;
  user.id = row.Get<Uuid>(first);
  user.name = row.Get<std::string>(first + 1);
  user.email = row.Get<std::string>(first + 2);
  const auto color = row.Find<std::string_view>(first + 3);
  const auto chosen = color ? api::ParseEnum<api::UserAvatarColor>(*color) : std::nullopt;
  user.avatar_color = chosen.value_or(DefaultAvatarColor(user.email));
  user.profile_image_path = row.Get<std::string>(first + 4);
  user.profile_changed_at = row.Get<TimePoint>(first + 5);
  return user;
}

}  // namespace immich
